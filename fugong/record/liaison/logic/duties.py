"""When an enterprise should have been seen or called again. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fugong.record.liaison.enums import Way
from fugong.record.liaison.logic.section import Duty


@dataclass(frozen=True, slots=True)
class Seen:
    """The day somebody was last there, and the day it was last spoken with; a visit is spoken too."""

    visit: date | None
    call: date | None


def owed(duty: Duty, seen: Seen, since: date, today: date) -> int | None:
    """By how many days a duty is overdue (0 or less: it is not); None where it binds from today on only.

    It counts from the last time, or from the day on which the officer was given the enterprise. One of every
    day is owed by its end: a day without one is overdue on the next.
    """
    last = seen.visit if duty.way == Way.VISIT else seen.call
    start = max(last, since) if last else since
    if start > today:
        return None
    return (today - start).days - duty.days
