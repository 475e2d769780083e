"""The one clock. Everything dated asks here, so that a demonstration or a drill can live on another day."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.utils import timezone


class BadClock(ValueError):
    """FUGONG_CLOCK cannot be read."""


@lru_cache(maxsize=8)
def _offset(setting: str, started: float) -> timedelta:
    """Distance from real time to the set time, fixed when the process first asks.

    `setting` is an ISO 8601 time with zone, optionally followed by `@` and the Unix time (seconds) at which that time
    was true: several processes given the same anchor agree to the millisecond.
    """
    text, _, anchor = setting.partition("@")
    try:
        wanted = datetime.fromisoformat(text)
        origin = datetime.fromtimestamp(float(anchor) if anchor else started, tz=wanted.tzinfo)
    except (ValueError, OverflowError) as error:
        raise BadClock(
            f"FUGONG_CLOCK={setting!r}: write 2020-03-24T08:00:00+08:00, optionally @UNIX-SECONDS"
        ) from error
    if wanted.tzinfo is None:
        raise BadClock(f"FUGONG_CLOCK={setting!r}: the time zone is missing, e.g. +08:00")
    return wanted - origin


_SETTING = "FUGONG_CLOCK"
_STARTED = time.time()
# Far enough from the ends of the calendar that a day more or less is a day.
_EARLIEST, _LATEST = date(1949, 10, 1), date(2199, 12, 31)


def real_now() -> datetime:
    """The machine's time in UTC: for sessions, one-time codes and job leases, and nothing else."""
    return timezone.now()


def now() -> datetime:
    """The time of the place in UTC: real time, or FUGONG_CLOCK ticking from its anchor."""
    setting = os.environ.get(_SETTING, "")
    if not setting:
        return real_now()
    return real_now() + _offset(setting, _STARTED)


@contextmanager
def set_to(moment: datetime) -> Iterator[None]:
    """The clock of this process reads another time while the block runs: for telling a demonstration's past."""
    before = os.environ.get(_SETTING)
    os.environ[_SETTING] = f"{moment.isoformat()}@{time.time()}"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_SETTING]
        else:
            os.environ[_SETTING] = before


def today() -> date:
    """The calendar day of the place, in its own time zone (settings.TIME_ZONE)."""
    return timezone.localdate(now())


def local(moment: datetime) -> datetime:
    """A moment in the place's time zone."""
    return timezone.localtime(moment)


def day_of(moment: datetime) -> date:
    """The calendar day of a moment in the place's time zone."""
    return local(moment).date()


def day_from(text: str) -> date:
    """A day written 2020-03-24. Raises ValueError for other texts and for days that nobody alive reports of."""
    day = date.fromisoformat(text)
    if not is_plausible(day):
        raise ValueError(text)
    return day


def day_or_today(text: str) -> date:
    """The same of an address or a hidden field: today for a text that is no day."""
    try:
        return day_from(text)
    except ValueError:
        return today()


def is_plausible(day: date) -> bool:
    """A day that people alive may speak of; another year is a slip of the keyboard."""
    return _EARLIEST <= day <= _LATEST
