"""Totals that bodies state of their areas, and which of them figures count."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree
from fugong.core.registries import Cell
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.reporting.enums import PeopleUnit
from fugong.record.reporting.models import AreaTotal, DailyReport


def totals_for(viewer: Viewer, incident: Incident, day: date) -> QuerySet[AreaTotal]:
    """The totals of a day in the areas that an official sees, by area and scope."""
    rows = AreaTotal.objects.filter(incident=incident, day=day).select_related("area")
    if not viewer.covers_root:
        rows = rows.filter(area_id__in=viewer.area_ids)
    return rows.order_by("area__code", "scope")


def total_for(viewer: Viewer, incident: Incident, area: Area, day: date, scope: str) -> AreaTotal | None:
    """The total of an area, day and scope; None when nobody stated it. Whether the area is seen the caller asks."""
    return totals_for(viewer, incident, day).filter(area=area, scope=scope).first()


def last_total_before(viewer: Viewer, incident: Incident, area: Area, day: date, scope: str) -> AreaTotal | None:
    """The last total of the area and scope before a day."""
    rows = AreaTotal.objects.filter(incident=incident, area=area, scope=scope, day__lt=day)
    if not viewer.covers(area.pk):
        return None
    return rows.order_by("-day").first()


def scopes_used(viewer: Viewer, incident: Incident) -> list[str]:
    """The scopes in use in this incident within the viewer's areas, by name."""
    rows = AreaTotal.objects.filter(incident=incident).exclude(scope="")
    if not viewer.covers_root:
        rows = rows.filter(area_id__in=viewer.area_ids)
    return sorted(rows.order_by().values_list("scope", flat=True).distinct())


def repeated_days(viewer: Viewer, totals: list[AreaTotal]) -> dict[int, date]:
    """For totals of one incident: the nearest other day for which the same source states the very same counts.

    By id of the total. A document that gives one set of figures "as of" two days says the right day of neither; and a
    sheet sent again is yesterday's. The nearest day, the earlier of two. 1 query.
    """
    if not totals:
        return {}
    others = AreaTotal.objects.filter(
        incident=totals[0].incident_id,
        area_id__in={total.area_id for total in totals},
        source__in={total.source for total in totals},
    )
    if not viewer.covers_root:
        others = others.filter(area_id__in=viewer.area_ids)
    days: dict[Any, list[date]] = {}
    for other in others:
        days.setdefault(_said_by(other), []).append(other.day)
    found = {}
    for total in totals:
        elsewhere = [day for day in days.get(_said_by(total), []) if day != total.day]
        if elsewhere:
            found[total.pk] = min(elsewhere, key=lambda day: (abs((day - total.day).days), day))
    return found


def _said_by(total: AreaTotal) -> tuple[Any, ...]:
    return total.area_id, total.scope, total.source, total.said()


def single_reports(viewer: Viewer, incident: Incident, area: Area, day: date) -> int:
    """How many enterprises at or beneath the area reported singly for the day."""
    if not viewer.covers(area.pk):
        return 0
    within = area_tree().within(area)
    return DailyReport.objects.filter(incident=incident, day=day, managing_area_id__in=within).count()


def counting_totals(incident_id: int, day: date, scope: str = "") -> list[AreaTotal]:
    """The totals that figures of this scope count on a day. No two of them lie above one another."""
    rows = AreaTotal.objects.filter(incident_id=incident_id, day=day, scope=scope, counts=True)
    return list(rows.select_related("area").order_by("area__code"))


def areas_counted_by_total(incident_id: int, day: date, scope: str = "") -> frozenset[int]:
    """Ids of the areas whose single reports figures of this scope leave out on a day: a total counts there."""
    tree = area_tree()
    found: frozenset[int] = frozenset()
    for total in counting_totals(incident_id, day, scope):
        found |= tree.within(total.area)
    return found


def total_opening_cells(incident_id: int, day: date, scope: str = "") -> list[Cell]:
    """Enterprises open of all, per area with a counting total that states both."""
    return [
        Cell(total.area_id, total.enterprises_open, total.enterprises)
        for total in counting_totals(incident_id, day, scope)
        if total.enterprises is not None and total.enterprises_open is not None
    ]


def total_return_cells(
    incident_id: int, day: date, scope: str = "", unit: PeopleUnit = PeopleUnit.PEOPLE
) -> list[Cell]:
    """On post of the roster in one unit, per area with a counting total that states both: units are never added."""
    return [
        Cell(total.area_id, total.on_post, total.roster)
        for total in counting_totals(incident_id, day, scope)
        if total.people_unit == unit and total.roster is not None and total.on_post is not None
    ]
