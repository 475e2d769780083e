"""The rows of a day: each enterprise that counts, with what it said, as far as a counting asks about it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    F,
    Field,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from fugong.core.memo import once_per_request
from fugong.core.registries import Counting
from fugong.record.incidents.selectors import incident_by_id
from fugong.record.registry.selectors.enterprises import ever_managed_in, in_business
from fugong.record.registry.selectors.scope import not_counted
from fugong.record.registry.selectors.traits import fits, with_traits
from fugong.record.reporting.models import DailyReport, SupersededReport

# Enterprises: beyond so many, reading the register from end to end is as quick as looking them up.
_FEW = 50_000
# What a report says, under the name that a row of the day carries it by; money and days are not counted here.
_SAID: dict[str, tuple[str, Field[Any, Any]]] = {
    "state_of_day": ("state", TextField()),
    "roster_of_day": ("roster", IntegerField()),
    "on_post_of_day": ("on_post", IntegerField()),
    "capacity_of_day": ("capacity", DailyReport._meta.get_field("capacity")),
}


def _as_it_stood(counting: Counting) -> dict[str, Any]:
    """What the reports say, or said at the moment asked for: a later correction gives way to what it replaced."""
    if counting.until is None:
        return {name: F(f"todays__{field}") for name, (field, _kind) in _SAID.items()}
    before = SupersededReport.objects.filter(report=OuterRef("todays__pk"), submitted_at__lte=counting.until)
    in_time = Q(todays__submitted_at__lte=counting.until)
    return {
        name: Case(
            When(in_time, then=F(f"todays__{field}")),
            default=Cast(
                Subquery(before.order_by("-revision").values(said=KeyTextTransform(field, "values"))[:1]),
                output_field=kind,
            ),
            output_field=kind,
        )
        for name, (field, kind) in _SAID.items()
    }


@once_per_request
def _possible(incident_id: int, day: date, area_ids: frozenset[int]) -> frozenset[int] | None:
    """Ids of the enterprises among which those of these areas on the day are; None for more than `_FEW`.

    The area of a day is computed, so no index knows it: asked alone, it reads the whole register. As a subquery,
    PostgreSQL takes the day of one incident for as full as that of another and reads the whole register all the same.
    """
    known = ever_managed_in(area_ids, _FEW)
    if known is None:
        return None
    reported = DailyReport.objects.filter(incident_id=incident_id, day=day, managing_area_id__in=area_ids)
    return known.union(reported.values_list("enterprise_id", flat=True))


def in_register(counting: Counting) -> QuerySet[Any]:
    """Enterprises managed within the incident's area and in business on the day, with their report of it as `todays`.

    Whoever has reported for the day is among them: what was said stays said, in the area of its day, when the register
    is corrected or the enterprise moves later. Only those within the scope of the counting.
    """
    incident_id, day = counting.incident_id, counting.day
    todays = FilteredRelation("reports", condition=Q(reports__incident_id=incident_id, reports__day=day))
    rows: QuerySet[Any] = in_business(
        incident_by_id(incident_id).area.path,
        day,
        or_else=Q(area_reported__isnull=False),
        todays=todays,
        area_reported=F("todays__managing_area_id"),
    )
    rows = rows.annotate(area_of_day=Coalesce("area_reported", "area_on_day"), **_as_it_stood(counting))
    if counting.area_ids is not None:
        rows = rows.filter(area_of_day__in=counting.area_ids)
        if (few := _possible(incident_id, day, counting.area_ids)) is not None:
            rows = rows.filter(pk__in=few)
    rows = with_traits(rows, (counting.scope, *(one.which for one in counting.exclusions)), day)
    return rows if counting.scope.is_empty else rows.filter(fits(counting.scope, day, "area_of_day"))


def left_out(counting: Counting) -> Q:
    """The condition on rows of the register that the counting's own exclusions leave out."""
    condition = Q()
    for exclusion in counting.exclusions:
        condition |= fits(exclusion.which, counting.day, "area_of_day")
    return condition


def expected(counting: Counting) -> QuerySet[Any]:
    """Those of the register that are expected to report: all but the ones that somebody decided not to count, and
    those that the figure's definition leaves out.
    """
    rows = in_register(counting).filter(~not_counted(counting.day))
    return rows.exclude(left_out(counting)) if counting.exclusions else rows


def base_day(counting: Counting) -> date:
    """The day whose headcount is the base of a counting against people who are not on the reports' rosters."""
    if counting.base == "normal":
        return incident_by_id(counting.incident_id).started_on - timedelta(days=1)
    try:
        return counting.day.replace(year=counting.day.year - 1)
    except ValueError:  # 29 February
        return counting.day - timedelta(days=366)
