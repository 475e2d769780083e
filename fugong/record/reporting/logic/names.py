"""Names under which writers take turns (core.turns), and of what is not said twice. Pure."""

from __future__ import annotations

from datetime import date


def turn_of_day(incident_id: int, day: date) -> str:
    """Shared by every report of the day, taken alone by whoever locks it."""
    return f"day/{incident_id}/{day.isoformat()}"


def turn_of_report(incident_id: int, enterprise_id: int, day: date) -> str:
    """Two people who report the same enterprise wait for each other, also before the first row exists."""
    return f"report/{incident_id}/{enterprise_id}/{day.isoformat()}"


def turn_of_due_times(incident_id: int) -> str:
    """Two officers who set due times of an incident wait for each other."""
    return f"due times/{incident_id}"


def turn_of_totals(incident_id: int, day: date, scope: str) -> str:
    """Totals of a day and scope wait for each other: whether two lie above one another is asked of all of them."""
    return f"totals/{incident_id}/{day.isoformat()}/{scope}"


def reminder_key(incident_id: int, enterprise_id: int, day: date) -> str:
    """A reminder of one enterprise's day: said once within the quiet time."""
    return f"reporting.reminder:{incident_id}:{enterprise_id}:{day.isoformat()}"
