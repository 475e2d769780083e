"""Visits as the officer, the offices and the board read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery

from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree
from fugong.core import clock
from fugong.core.decision import OutOfScope
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.liaison.enums import Way
from fugong.record.liaison.logic.duties import Seen, owed
from fugong.record.liaison.models import Assignment, PlannedVisit, Visit, VisitPhoto
from fugong.record.liaison.models.visit import VisitQuerySet
from fugong.record.liaison.permissions import can_see_field
from fugong.record.liaison.selectors.section import field_section

_SHOWN = 20
PAGE = 50


def own_visits(viewer: Viewer, enterprise_id: int) -> list[Visit]:
    """The last visits at an enterprise that the viewer looks after, by whomever."""
    found = Visit.objects.granted_to(viewer).filter(enterprise=enterprise_id)
    return list(found[:_SHOWN])


def visit_sent(viewer: Viewer, key: UUID) -> Visit | None:
    """The visit that the viewer's phone has sent under this key already."""
    return Visit.objects.filter(user=viewer.id or 0, client_key=key).select_related("enterprise").first()


def photos_of(viewer: Viewer, visits: Iterable[Visit]) -> dict[int, list[int]]:
    """Visit id → ids of its photos, of visits that the viewer has been shown. One query, none for no visits."""
    ids = [visit.pk for visit in visits]
    found: dict[int, list[int]] = {}
    if not ids or viewer.is_anonymous:
        return found
    for visit_id, pk in VisitPhoto.objects.filter(visit__in=ids).order_by("pk").values_list("visit_id", "pk"):
        found.setdefault(visit_id, []).append(pk)
    return found


def photo_for(viewer: Viewer, pk: int) -> VisitPhoto:
    """A photo of a visit at an enterprise of the official's areas, or that the viewer looks after, or of one's own
    visit. Raises `OutOfScope`.
    """
    found = VisitPhoto.objects.filter(pk=pk).select_related("attachment", "visit__enterprise").first()
    if found is not None:
        visit = found.visit
        official = can_see_field(viewer) and viewer.covers(visit.enterprise.managing_area_id)
        if official or viewer.acts_for(visit.enterprise_id, "liaison_officer") or viewer.id == visit.user_id:
            return found
    raise OutOfScope(f"photo {pk}")


def visits_at(viewer: Viewer, enterprise_id: int, until: date) -> list[Visit]:
    """The last visits at an enterprise of the official's areas up to a day."""
    can_see_field(viewer).require()
    rows = Visit.objects.managed_within(viewer).filter(enterprise=enterprise_id)
    return [visit for visit in rows[: 2 * _SHOWN] if clock.day_of(visit.happened_at) <= until][:_SHOWN]


def _of_area(viewer: Viewer, incident: Incident, area: Area) -> VisitQuerySet:
    """The visits at enterprises of an area, as far as the official sees them."""
    can_see_field(viewer).require()
    rows = Visit.objects.filter(incident=incident, enterprise__managing_area__in=_seen(viewer, area))
    return rows.select_related("enterprise")


def latest_visits(viewer: Viewer, incident: Incident, area: Area, size: int) -> list[Visit]:
    """The last visits in an area. One query."""
    return list(_of_area(viewer, incident, area)[:size])


def contradicting(viewer: Viewer, incident: Incident, area: Area, size: int) -> list[Visit]:
    """The visits of the week that saw other people than were reported. One query."""
    since = clock.now() - timedelta(days=7)
    return list(_of_area(viewer, incident, area).filter(contradicts=True, happened_at__gte=since)[:size])


def planned_at(viewer: Viewer, enterprise_id: int, day: date) -> list[PlannedVisit]:
    """What all bodies plan at an enterprise from a day on; for officers of it and officials of its area."""
    rows = PlannedVisit.objects.filter(enterprise=enterprise_id, day__gte=day, cancelled_at=None)
    if enterprise_id not in viewer.enterprises("liaison_officer") and not viewer.covers_root:
        rows = rows.filter(enterprise__managing_area_id__in=viewer.area_ids)
    return list(rows.select_related("joins", "enterprise__managing_area"))


def planned_in(viewer: Viewer, incident: Incident, area: Area, size: int = 200) -> list[PlannedVisit]:
    """What all bodies plan in an area from today on, as far as the official sees it, the next first. One query."""
    can_see_field(viewer).require()
    rows = PlannedVisit.objects.filter(
        incident=incident, cancelled_at=None, day__gte=clock.today(), enterprise__managing_area__in=_seen(viewer, area)
    )
    return list(rows.select_related("joins", "enterprise__managing_area").order_by("day", "at", "pk")[:size])


def planned_visit_for(viewer: Viewer, enterprise_id: int, pk: int) -> PlannedVisit:
    """One of them. Raises `OutOfScope`."""
    found = next((row for row in planned_at(viewer, enterprise_id, clock.today()) if row.pk == pk), None)
    if found is None:
        raise OutOfScope(f"planned visit {pk}")
    return found


@dataclass(frozen=True, slots=True)
class Owed:
    """An enterprise whose officer's duty is overdue by so many days."""

    assignment: Assignment
    way: str
    late: int
    last: date | None


def overdue_for(viewer: Viewer, incident: Incident, area: Area, size: int = 200) -> tuple[int, list[Owed]]:
    """How many visit duties are overdue in an area, and the longest overdue ones. One statement."""
    can_see_field(viewer).require()
    today = clock.today()
    section = field_section(incident, today)
    kinds = {duty.kind for duty in section.duties}
    seen = Visit.objects.filter(incident=incident, enterprise=OuterRef("enterprise")).order_by().values("enterprise")
    rows: QuerySet[Any] = (
        Assignment.objects.held_on(today)
        .lasting()
        .filter(incident=incident, kind__in=kinds, enterprise__managing_area__in=_seen(viewer, area))
        .filter(Q(enterprise__closed_on__isnull=True) | Q(enterprise__closed_on__gt=today))
        .annotate(
            last_call=Subquery(seen.annotate(last=Max("happened_at")).values("last")),
            last_visit=Subquery(seen.filter(way=Way.VISIT).annotate(last=Max("happened_at")).values("last")),
        )
        .select_related("enterprise__managing_area", "user")
    )
    found = []
    for row in rows.order_by("pk"):
        last = Seen(_day(row.last_visit), _day(row.last_call))
        for duty in section.duties:
            late = owed(duty, last, row.valid_from, today) if duty.kind == row.kind else None
            if late is not None and late > 0:
                found.append(Owed(row, duty.way, late, last.visit if duty.way == Way.VISIT else last.call))
    found.sort(key=lambda one: (-one.late, one.assignment.pk))
    return len(found), found[:size]


def _seen(viewer: Viewer, area: Area) -> list[int]:
    return [pk for pk in area_tree().within(area) if viewer.covers(pk)]


def _day(moment: datetime | None) -> date | None:
    return clock.day_of(moment) if moment else None
