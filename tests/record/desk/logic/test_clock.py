"""The clock table of the desk: service hours, working days, pauses."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from fugong.base.calendars.logic.workdays import WorkCalendar
from fugong.base.calendars.selectors import working_calendar
from fugong.record.desk.enums import ClockState, Unit
from fugong.record.desk.logic.clock import Hours, ServiceClock

ZONE = ZoneInfo("Asia/Shanghai")
HOURS = (Hours(date(2020, 1, 1), time(8, 30), time(17, 30)),)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.fixture
def clock(place):
    return lambda day: ServiceClock(working_calendar(place.county, day), HOURS, ZONE)


@pytest.mark.parametrize(
    ("filed", "due"),
    [
        ("2020-04-03T09:00", "2020-04-08"),
        ("2020-04-30T09:00", "2020-05-07"),
        ("2020-04-24T09:00", "2020-04-27"),
        ("2020-01-23T09:00", "2020-02-04"),
        ("2020-03-28T22:00", "2020-03-31"),  # filed on a Saturday: Monday is the first day
    ],
)
def test_two_working_days(clock, filed, due):
    start = at(filed)
    found = clock(start.date()).due(start, 2, Unit.WORKING_DAYS)
    assert found.at == at(f"{due}T17:30")
    assert not found.is_provisional


def test_a_year_not_announced_yet_answers_provisionally(clock):
    start = at("2026-12-30T10:00")
    found = clock(start.date()).due(start, 7, Unit.WORKING_DAYS)
    assert (found.at, found.is_provisional) == (at("2027-01-08T17:30"), True)


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2020-03-24T09:00", 60, "2020-03-24T10:00"),
        ("2020-03-24T16:30", 60, "2020-03-24T17:30"),
        ("2020-03-24T17:00", 60, "2020-03-25T09:00"),
        ("2020-03-24T20:00", 60, "2020-03-25T09:30"),
        ("2020-03-24T06:00", 60, "2020-03-24T09:30"),
        ("2020-03-27T17:29", 60, "2020-03-30T09:29"),  # over a weekend
        ("2020-03-28T12:00", 60, "2020-03-30T09:30"),
        ("2020-03-24T09:00", 540 * 3, "2020-03-27T09:00"),
    ],
)
def test_minutes_of_service(clock, start, minutes, due):
    moment = at(start)
    ticking = clock(moment.date())
    assert ticking.due(moment, minutes, Unit.SERVICE_MINUTES).at == at(due)
    assert ticking.minutes_between(moment, at(due)) == minutes


def test_other_hours_hold_from_their_day_on():
    hours = (*HOURS, Hours(date(2020, 6, 1), time(9), time(12)))
    ticking = ServiceClock(WorkCalendar(), hours, ZONE)
    assert ticking.after_minutes(at("2020-05-29T17:00"), 60) == at("2020-06-01T09:30")
    assert ticking.minutes_between(at("2020-06-01T00:00"), at("2020-06-03T00:00")) == 360


def test_a_pause_puts_off_by_its_minutes_of_service_only(clock):
    ticking = clock(date(2020, 3, 24))
    due = at("2020-03-25T17:30")
    overnight = [(at("2020-03-24T17:00"), at("2020-03-25T09:00"))]  # one hour of service
    assert ticking.moved_by_pauses(due, overnight, at("2020-03-25T10:00")) == at("2020-03-26T09:30")
    assert ticking.moved_by_pauses(due, [(at("2020-03-24T18:00"), None)], at("2020-03-24T22:00")) == due
    assert ticking.moved_by_pauses(due, [(at("2020-03-26T09:00"), None)], at("2020-03-26T12:00")) == due


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("2020-03-24T09:00", ClockState.ON_TRACK),
        ("2020-03-24T09:44", ClockState.ON_TRACK),
        ("2020-03-24T09:45", ClockState.AT_RISK),
        ("2020-03-24T10:00", ClockState.AT_RISK),
        ("2020-03-24T10:01", ClockState.BREACHED),
    ],
)
def test_how_it_stands(clock, now, state):
    start, due = at("2020-03-24T09:00"), at("2020-03-24T10:00")
    assert clock(start.date()).state(start, due, at(now), 25) == state
