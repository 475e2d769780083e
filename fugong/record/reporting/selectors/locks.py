"""When reports are due, and what is locked. Times and locks of a day are no secret to those who report in it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.db.models import Q

from fugong.base.areas.selectors import area_tree
from fugong.core import clock
from fugong.core.memo import remembering
from fugong.core.roles import Role
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.incidents.selectors import playbook_on
from fugong.record.registry.models import Enterprise
from fugong.record.reporting.enums import LockReason
from fugong.record.reporting.logic.section import ReportSection
from fugong.record.reporting.logic.times import Locked, Times, times_of
from fugong.record.reporting.models import DayLock, DueTime, LockException
from fugong.record.reporting.selectors.book import book_of


def _chain(area_id: int) -> list[int]:
    """The area and those above it, the nearest first."""
    tree = area_tree()
    return [area.pk for area in tree.ancestors(tree.areas[area_id])]


def times_on(incident: Incident, area_id: int, day: date) -> Times:
    """When an area's enterprises report a day: by the nearest area with a row, else by the playbook."""
    rows = [row for row in book_of(incident).due_times if row.valid_from <= day]
    for above in _chain(area_id) if rows else ():
        row = next((row for row in rows if row.area_id == above), None)
        if row is not None:
            return times_of(day, row.due_time, row.expires_hours)
    return times_of(day, ReportSection(playbook_on(incident, day).content["report"]).due_time, None)


def late_cells(incident: Incident, cells: Collection[tuple[date, int]], now: datetime) -> list[tuple[date, int]]:
    """Those of the days and areas whose due time has passed. 3 queries at most, however many cells."""
    with remembering():
        return [(day, area_id) for day, area_id in sorted(cells) if now > times_on(incident, area_id, day).due_at]


def quiet_on(incident: Incident, area_id: int, day: date) -> timedelta:
    """How long after a reminder nobody is reminded again: by the nearest area that set it, else by the playbook."""
    rows = [row for row in book_of(incident).due_times if row.valid_from <= day]
    for above in _chain(area_id) if rows else ():
        row = next((row for row in rows if row.area_id == above), None)
        if row is not None and row.quiet_hours is not None:
            return timedelta(hours=row.quiet_hours)
    return ReportSection(playbook_on(incident, day).content["report"]).quiet


class DayRules:
    """The locks and exceptions of an incident on some days, read once however many enterprises are asked.

    `exceptions` is asked when the first lock is met: nearly every report meets none.
    """

    def __init__(
        self,
        incident: Incident,
        now: datetime,
        locks: Iterable[DayLock],
        exceptions: Callable[[], Iterable[LockException]],
    ) -> None:
        self._incident, self._now, self._exceptions = incident, now, exceptions
        latest_first = sorted(locks, key=lambda lock: (lock.locked_at, lock.pk), reverse=True)
        self._locks = {(lock.day, lock.area_id): lock for lock in latest_first}

    @cached_property
    def _open(self) -> dict[tuple[date, int | None, int | None], LockException]:
        rows = sorted((row for row in self._exceptions() if row.until > self._now), key=lambda row: row.until)
        return {(row.day, row.area_id, row.enterprise_id): row for row in rows}

    def opened(self, area_id: int, enterprise_id: int, day: date) -> LockException | None:
        """The exception that lets the enterprise report the day at this moment."""
        if not self._open:
            return None
        keys = [(day, None, enterprise_id), *((day, above, None) for above in _chain(area_id))]
        return next((self._open[key] for key in keys if key in self._open), None)

    def locked(self, area_id: int, enterprise_id: int, day: date) -> Locked | None:
        """Why the enterprise cannot report the day at this moment; None: it can. The earliest lock speaks."""
        # Nearly every report meets no lock, and then the tree of areas need not be read.
        above = _chain(area_id) if self._locks else []
        found = [self._locks[day, pk] for pk in above if (day, pk) in self._locks]
        locks = [Locked(LockReason(lock.reason), lock.locked_at, lock.locked_by_name, lock.note) for lock in found]
        locks_at = times_on(self._incident, area_id, day).locks_at
        if locks_at is not None and locks_at <= self._now:
            locks.append(Locked(LockReason.EXPIRED, locks_at))
        if not locks or self.opened(area_id, enterprise_id, day):
            return None
        return min(locks, key=lambda lock: lock.since)


def day_rules(incident: Incident, first: date, last: date | None = None) -> DayRules:
    """What is locked and opened on the days from `first` to `last`, at this moment. 2 queries at most."""
    within = {"incident": incident, "day__gte": first, "day__lte": last or first}
    now = clock.now()
    opened = LockException.objects.filter(**within, until__gt=now)
    return DayRules(incident, now, DayLock.objects.filter(**within), lambda: opened)


def locks_of_day(viewer: Viewer, incident: Incident, day: date) -> list[DayLock]:
    """The locks of a day that touch the viewer's areas: within them, or above them."""
    return [
        lock
        for lock in DayLock.objects.filter(incident=incident, day=day).select_related("area")
        if viewer.covers(lock.area_id) or any(lock.area_id in _chain(pk) for pk in viewer.area_ids)
    ]


def exceptions_of_day(viewer: Viewer, incident: Incident, day: date) -> list[LockException]:
    """Whose lock was opened for a day, within the viewer's areas; the ended ones too."""
    rows = LockException.objects.filter(incident=incident, day=day).select_related("area", "enterprise")
    return [row for row in rows if viewer.covers(row.enterprise.managing_area_id if row.enterprise else row.area_id)]


def due_times_of(viewer: Viewer, incident: Incident) -> list[DueTime]:
    """The due times set in an incident for the viewer's areas and those above, the latest first."""
    rows = DueTime.objects.filter(incident=incident).select_related("area").order_by("area__path", "-valid_from")
    return [
        row for row in rows if viewer.covers(row.area_id) or any(row.area_id in _chain(pk) for pk in viewer.area_ids)
    ]


@dataclass(frozen=True, slots=True)
class OpenedDay:
    """A day gone by that an enterprise may report until a moment, and why the duty officer opened it."""

    enterprise: Enterprise
    incident: Incident
    day: date
    until: datetime
    reason: str


def opened_days(viewer: Viewer, enterprises: Iterable[Enterprise]) -> list[OpenedDay]:
    """The days before today that are open at this moment for some of the viewer's enterprises. 2 queries at most."""
    own = [enterprise for enterprise in enterprises if viewer.acts_for(enterprise.pk, Role.REPORTER)]
    rows = LockException.objects.filter(until__gt=clock.now(), day__lt=clock.today()).select_related("incident")
    rows = rows.filter(Q(enterprise__isnull=True) | Q(enterprise__in=[one.pk for one in own]))
    rows = rows.order_by("day", "-until", "pk")
    found: dict[tuple[int, int, date], OpenedDay] = {}
    for row in rows:
        for one in own:
            if row.enterprise_id == one.pk or row.area_id in _chain(one.managing_area_id):
                opened = OpenedDay(one, row.incident, row.day, row.until, row.reason)
                found.setdefault((one.pk, row.incident_id, row.day), opened)
    return list(found.values())
