"""The clock of a promise: service hours on working days, pauses, and how much time is left. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from operator import attrgetter

from fugong.base.calendars.logic.workdays import WorkCalendar
from fugong.record.desk.enums import ClockState, Unit

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """From `valid_from` on the service runs from `opens` to `closes` on each working day (local time)."""

    valid_from: date
    opens: time
    closes: time

    @property
    def whole(self) -> timedelta:
        """How long the service of a day lasts."""
        opens, closes = self.opens, self.closes
        return timedelta(
            hours=closes.hour - opens.hour, minutes=closes.minute - opens.minute, seconds=closes.second - opens.second
        )


_begins = attrgetter("valid_from")


@dataclass(frozen=True, slots=True)
class Due:
    """When a promise falls due; provisional when the holidays of a year on the way are not known yet."""

    at: datetime
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class ServiceClock:
    """Adds and measures time of service. `hours` are dated, at least one set; times are aware datetimes."""

    calendar: WorkCalendar
    hours: tuple[Hours, ...]
    zone: tzinfo

    def _hours(self, day: date) -> Hours:
        """Those in force on a day; before the first ones, the first."""
        before = [hours for hours in self.hours if hours.valid_from <= day]
        return max(before, key=_begins) if before else min(self.hours, key=_begins)

    def _window(self, day: date) -> tuple[datetime, datetime]:
        """Opening and closing of a working day."""
        hours = self._hours(day)
        return (
            datetime.combine(day, hours.opens, self.zone),
            datetime.combine(day, hours.closes, self.zone),
        )

    def _from(self, moment: datetime) -> datetime:
        """The moment itself while the service runs, else the next opening."""
        local = moment.astimezone(self.zone)
        if self.calendar.is_working(local.date()):
            opens, closes = self._window(local.date())
            if local < closes:
                return max(local, opens)
            local = local + _DAY
            return self._window(self.calendar.next_working(local.date()))[0]
        return self._window(self.calendar.next_working(local.date()))[0]

    def after_minutes(self, start: datetime, minutes: float) -> datetime:
        """The moment at which so many minutes of service have passed since `start`."""
        moment, left = self._from(start), timedelta(minutes=minutes)
        while True:
            closes = self._window(moment.date())[1]
            if moment + left <= closes:
                return moment + left
            left -= closes - moment
            moment = self._window(self.calendar.after(moment.date(), 1))[0]

    def is_open(self, moment: datetime) -> bool:
        """The service runs at this moment: an hour at which people of the body may be told something."""
        return self.opening(moment) == moment

    def opening(self, moment: datetime) -> datetime:
        """The moment itself while the service runs, else when it opens next."""
        return self._from(moment)

    def at_risk_from(self, start: datetime, due: datetime, risk_percent: int) -> datetime:
        """From when on no more than `risk_percent` of the time of service between the two is left."""
        return self.after_minutes(start, self.minutes_between(start, due) * (100 - risk_percent) / 100)

    def due(self, start: datetime, amount: int, unit: str) -> Due:
        """When a promise made at `start` falls due.

        Minutes are minutes of service. Working days are counted from the day after `start`; the promise falls due at
        the close of service of the last one.
        """
        if unit == Unit.SERVICE_MINUTES:
            at = self.after_minutes(start, amount)
        else:
            at = self._window(self.calendar.after(start.astimezone(self.zone).date(), amount))[1]
        return Due(at, not self.calendar.is_known(start.astimezone(self.zone).date(), at.date()))

    def minutes_between(self, start: datetime, end: datetime) -> float:
        """Minutes of service from `start` to `end`; 0 when it ends before it starts."""
        first, last = start.astimezone(self.zone), end.astimezone(self.zone)
        if last <= first:
            return 0
        total, day = timedelta(), first.date()
        while day <= last.date():
            if self.calendar.is_working(day):
                if first.date() < day < last.date():  # the days between, whole: a list of requests has many
                    total += self._hours(day).whole
                else:
                    opens, closes = self._window(day)
                    total += max(min(last, closes) - max(first, opens), timedelta())
            day += _DAY
        return total / _MINUTE

    def moved_by_pauses(
        self, due: datetime, pauses: Iterable[tuple[datetime, datetime | None]], now: datetime
    ) -> datetime:
        """A due time put off by the minutes of service that were paused before it."""
        for start, end in sorted(pauses, key=lambda pause: pause[0]):
            minutes = self.minutes_between(start, end or now) if start < due else 0
            if minutes:
                due = self.after_minutes(due, minutes)
        return due

    def state(self, start: datetime, due: datetime, now: datetime, risk_percent: int) -> ClockState:
        """On track, at risk when no more than `risk_percent` of the time of service is left, or overdue."""
        if now > due:
            return ClockState.BREACHED
        whole = self.minutes_between(start, due)
        left = self.minutes_between(now, due)
        return ClockState.AT_RISK if left * 100 <= whole * risk_percent else ClockState.ON_TRACK
