"""When reports are due, and what is locked. Times and locks of a day are no secret to those who report in it."""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property

from django.db.models import Q, QuerySet

from fugong.base.areas.selectors import area_tree
from fugong.core import clock
from fugong.core.memo import once_per_request
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.incidents.selectors import playbook_on
from fugong.record.reporting.enums import LockReason
from fugong.record.reporting.logic.section import ReportSection
from fugong.record.reporting.logic.times import Locked, Times, times_of
from fugong.record.reporting.models import DayLock, DueTime, LockException


@once_per_request
def _due_times(incident_id: int) -> tuple[DueTime, ...]:
    return tuple(DueTime.objects.filter(incident_id=incident_id).order_by("-valid_from"))


def _chain(area_id: int) -> list[int]:
    """The area and those above it, the nearest first."""
    tree = area_tree()
    return [area.pk for area in tree.ancestors(tree.areas[area_id])]


def times_on(incident: Incident, area_id: int, day: date) -> Times:
    """When an area's enterprises report a day: by the nearest area with a row, else by the playbook."""
    rows = [row for row in _due_times(incident.pk) if row.valid_from <= day]
    for above in _chain(area_id) if rows else ():
        row = next((row for row in rows if row.area_id == above), None)
        if row is not None:
            return times_of(day, row.due_time, row.expires_hours)
    return times_of(day, ReportSection(playbook_on(incident, day).content["report"]).due_time, None)


class DayRules:
    """The locks and exceptions of an incident on some days, read once: 2 queries however many enterprises are asked."""

    def __init__(self, incident: Incident, first: date, last: date, now: datetime) -> None:
        self._incident, self._now = incident, now
        self._within = {"incident": incident, "day__gte": first, "day__lte": last}
        self._locks: dict[tuple[date, int], DayLock] = {}
        for lock in DayLock.objects.filter(**self._within).order_by("-locked_at", "-pk"):
            self._locks[lock.day, lock.area_id] = lock

    @cached_property
    def _open(self) -> dict[tuple[date, int | None, int | None], LockException]:
        """Read when the first one is asked for: nearly every report meets neither lock nor exception."""
        rows = LockException.objects.filter(**self._within, until__gt=self._now).order_by("until")
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
    """What is locked and opened on the days from `first` to `last`, at this moment."""
    return DayRules(incident, first, last or first, clock.now())


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


def open_exceptions(viewer: Viewer, enterprise_ids: list[int], area_ids: list[int]) -> QuerySet[LockException]:
    """The exceptions that hold at this moment for these enterprises, or areas above them."""
    return (
        LockException.objects.filter(until__gt=clock.now())
        .filter(Q(enterprise_id__in=enterprise_ids) | Q(area_id__in=area_ids))
        .select_related("incident")
        .order_by("day", "pk")
    )
