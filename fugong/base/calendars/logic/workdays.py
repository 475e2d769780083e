"""Counting working days. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

_DAY = timedelta(days=1)
_WEEKDAYS = 5


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The days of a place that are not as their weekday says, and the years whose holidays are known."""

    exceptions: Mapping[date, bool] = field(default_factory=dict)
    known_years: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        """Worked or not; in an unknown year Monday to Friday."""
        return self.exceptions.get(day, day.weekday() < _WEEKDAYS)

    def is_known(self, first: date, last: date) -> bool:
        """The holidays of all years from `first` to `last` are known; otherwise an answer is provisional."""
        return all(year in self.known_years for year in range(first.year, last.year + 1))

    def next_working(self, day: date) -> date:
        """The day itself when it is worked, else the next one that is."""
        while not self.is_working(day):
            day += _DAY
        return day

    def after(self, day: date, count: int) -> date:
        """The `count`-th working day after a day, which itself is not counted; 0 is the day or the next worked one."""
        day = self.next_working(day) if count == 0 else day
        for _number in range(count):
            day = self.next_working(day + _DAY)
        return day
