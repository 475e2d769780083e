"""Who came into the count and who left it between two days: a rate may change though nobody did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree
from fugong.command.situation.selectors.figures import area_in_view
from fugong.core.registries import Counting
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.registry.selectors.scope import why_not_counted
from fugong.record.reporting.selectors.day import expected

LISTED = 5


@dataclass(frozen=True, slots=True)
class Change:
    """An enterprise that is expected on one of two days only. `why`: closed, established, excluded and so on."""

    pk: int
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class ScopeChanges:
    """Expected on the eve and on the day, how many came and left, and the first of them."""

    before: int
    now: int
    came: list[Change]
    left: list[Change]
    came_total: int
    left_total: int


def _pks(rows: QuerySet[Any]) -> set[int]:
    return set(rows.order_by().values_list("pk", flat=True))


def _left(e: Any, day: date) -> str:
    if e.merged_into_id:
        return "merged"
    if e.closed_on is not None and e.closed_on <= day:
        return "closed"
    return f"decision:{e.decided}" if e.decided else "moved"


def _came(e: Any, day: date) -> str:
    return "established" if e.established_on == day else "counted"


def scope_changes(viewer: Viewer, incident: Incident, day: date, area: Area) -> ScopeChanges:
    """The difference of the expected enterprises of a day and of its eve in an area. 4 queries at most."""
    area_in_view(viewer, incident, area.code)
    ids, eve = area_tree().within(area), day - timedelta(days=1)
    now, then = (expected(Counting(incident.pk, when).within(ids)) for when in (day, eve))
    today, yesterday = _pks(now), _pks(then)
    came, left = today - yesterday, yesterday - today
    return ScopeChanges(
        before=len(yesterday),
        now=len(today),
        came=[Change(e.pk, e.name, _came(e, day)) for e in _first(now, came)],
        left=[Change(e.pk, e.name, _left(e, day)) for e in _first(then.annotate(decided=why_not_counted(day)), left)],
        came_total=len(came),
        left_total=len(left),
    )


def _first(rows: QuerySet[Any], pks: set[int]) -> list[Any]:
    return list(rows.filter(pk__in=pks).order_by("name", "pk")[:LISTED]) if pks else []
