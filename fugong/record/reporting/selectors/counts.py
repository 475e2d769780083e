"""Counting the reports of a day from the facts, with the denominator of that day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from fugong.core.memo import once_per_request
from fugong.core.registries import Cell, Member
from fugong.record.incidents.selectors import incident_by_id
from fugong.record.registry.selectors.enterprises import in_business
from fugong.record.registry.selectors.scope import not_counted, why_not_counted
from fugong.record.reporting.enums import WORKING
from fugong.record.reporting.logic.tally import summed
from fugong.record.reporting.models import DailyReport

MISSING = "missing"


def _in_register(incident_id: int, day: date) -> QuerySet[Any]:
    """Enterprises managed within the incident's area and in business on the day, with their report of it as `todays`.

    Whoever has reported for the day is among them: what was said stays said, in the area of its day, when the register
    is corrected or the enterprise moves later.
    """
    todays = FilteredRelation("reports", condition=Q(reports__incident_id=incident_id, reports__day=day))
    reporters = DailyReport.objects.filter(incident_id=incident_id, day=day).order_by().values("enterprise_id")
    path = incident_by_id(incident_id).area.path
    return in_business(path, day, or_else=Q(pk__in=reporters)).annotate(
        todays=todays,
        area_of_day=Coalesce("todays__managing_area_id", "area_on_day"),
        state_of_day=F("todays__state"),
    )


def _expected(incident_id: int, day: date) -> QuerySet[Any]:
    """Those of the register that are expected to report: all but the ones that somebody decided not to count."""
    return _in_register(incident_id, day).filter(~not_counted(day))


class _Count(NamedTuple):
    """How many enterprises of an area are in a state, with their people."""

    area_id: int
    state: str
    enterprises: int
    roster: int
    on_post: int


@once_per_request
def _counts(incident_id: int, day: date) -> tuple[_Count, ...]:
    """The day in one query: as many rows as areas × states."""
    rows = (
        _expected(incident_id, day)
        .order_by("area_of_day", "state_of_day")
        .values("area_of_day", "state_of_day")
        .annotate(enterprises=Count("pk"), roster=Sum("todays__roster"), on_post=Sum("todays__on_post"))
    )
    return tuple(
        _Count(
            row["area_of_day"],
            row["state_of_day"] or MISSING,
            row["enterprises"],
            row["roster"] or 0,
            row["on_post"] or 0,
        )
        for row in rows
    )


def opening_cells(incident_id: int, day: date) -> list[Cell]:
    """Enterprises open wholly or in part, of all expected, per managing area. One query over the day's reports."""
    return [
        Cell(area_id, enterprises if state in WORKING else 0, enterprises)
        for area_id, state, enterprises, _roster, _on_post in _counts(incident_id, day)
    ]


def return_cells(incident_id: int, day: date) -> list[Cell]:
    """People on post of people on the roster, both of the enterprises open on the day, per managing area."""
    return [
        Cell(area_id, on_post, roster)
        for area_id, state, _enterprises, roster, on_post in _counts(incident_id, day)
        if state in WORKING
    ]


def _members(incident_id: int, day: date, area_ids: frozenset[int]) -> QuerySet[Any]:
    rows: QuerySet[Any] = (
        _expected(incident_id, day)
        .filter(area_of_day__in=area_ids)
        .annotate(roster_of_day=F("todays__roster"), on_post_of_day=F("todays__on_post"))
        .order_by("name", "pk")
    )
    return rows


def opening_members(incident_id: int, day: date, area_ids: frozenset[int]) -> list[Member]:
    """The expected enterprises of these areas with their state of the day; `missing` for those without a report."""
    return [
        Member(e.pk, e.name, e.code, e.area_of_day, e.state_of_day or MISSING, int(e.state_of_day in WORKING), 1)
        for e in _members(incident_id, day, area_ids)
    ]


def return_members(incident_id: int, day: date, area_ids: frozenset[int]) -> list[Member]:
    """The same enterprises with the people they add: none where not open or not reported."""
    return [
        Member(
            e.pk,
            e.name,
            e.code,
            e.area_of_day,
            e.state_of_day or MISSING,
            e.on_post_of_day if e.state_of_day in WORKING else 0,
            e.roster_of_day if e.state_of_day in WORKING else 0,
        )
        for e in _members(incident_id, day, area_ids)
    ]


def states_by_area(incident_id: int, day: date) -> dict[int, dict[str, int]]:
    """Managing area of the day → how many expected enterprises are open, partly open, closed or `missing` there."""
    found: dict[int, dict[str, int]] = {}
    for area_id, state, enterprises, _roster, _on_post in _counts(incident_id, day):
        found.setdefault(area_id, {})[state] = enterprises
    return found


@once_per_request
def excluded_by_area(incident_id: int, day: date) -> dict[int, dict[str, int]]:
    """Managing area of the day → reason → how many enterprises in business a decision leaves out of every figure."""
    rows = (
        _in_register(incident_id, day)
        .filter(not_counted(day))
        .annotate(why=why_not_counted(day))
        .order_by("area_of_day", "why")
        .values("area_of_day", "why")
        .annotate(enterprises=Count("pk"))
    )
    found: dict[int, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["area_of_day"], {})[row["why"]] = row["enterprises"]
    return found


def state_counts(incident_id: int, day: date, area_ids: frozenset[int]) -> dict[str, int]:
    """How many expected enterprises of these areas are open, partly open, closed or `missing`. One query."""
    return summed(states_by_area(incident_id, day), area_ids)


@dataclass(frozen=True, slots=True)
class MissingEnterprise:
    """One that has not reported on the day, with its last word before."""

    pk: int
    name: str
    area_id: int
    last_day: date | None
    last_state: str


def missing_enterprises(incident_id: int, day: date, area_ids: frozenset[int], size: int) -> list[MissingEnterprise]:
    """The first `size` enterprises without a report, by name. One query, with a subquery per listed row."""
    last = DailyReport.objects.filter(enterprise=OuterRef("pk"), incident_id=incident_id, day__lt=day).order_by("-day")
    rows = _members(incident_id, day, area_ids).filter(state_of_day__isnull=True)
    rows = rows.annotate(last_day=Subquery(last.values("day")[:1]), last_state=Subquery(last.values("state")[:1]))
    return [MissingEnterprise(e.pk, e.name, e.area_of_day, e.last_day, e.last_state or "") for e in rows[:size]]
