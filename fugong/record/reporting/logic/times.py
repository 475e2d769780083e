"""Due times and locks as they are reckoned and said. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from fugong.record.reporting.enums import LockReason


@dataclass(frozen=True, slots=True)
class Times:
    """When a day's report is due and when the day locks by itself; `locks_at` None: not by itself."""

    due_at: datetime
    locks_at: datetime | None


def times_of(day: date, due: time, expires_hours: int | None) -> Times:
    """The moments of a day; `due` in the local time of the place."""
    due_at = timezone.make_aware(datetime.combine(day, due))
    return Times(due_at, None if expires_hours is None else due_at + timedelta(hours=expires_hours))


@dataclass(frozen=True, slots=True)
class Locked:
    """Why a day takes no report, since when, and by whom; by time alone: `by` is empty."""

    reason: LockReason
    since: datetime
    by: str = ""
    note: str = ""

    @property
    def words(self) -> str:
        """The lock as one sentence, with who opens it."""
        sentence = {
            LockReason.EXPIRED: _("Locked since %(time)s: the time for this day has run out."),
            LockReason.PERIOD_CLOSED: _("Locked since %(time)s: %(by)s closed the day."),
            LockReason.PUBLISHED: _("Locked since %(time)s: the figures of the day are published."),
        }[self.reason]
        since = timezone.localtime(self.since)
        said = sentence % {"time": f"{since:%m-%d %H:%M}", "by": self.by}
        return said + _(" The duty officer can open it.")
