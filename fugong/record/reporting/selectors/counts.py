"""Counting the reports of a day from the facts, with the denominator of that day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Case, Count, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, TextField, Value, When
from django.db.models.functions import Least

from fugong.core.memo import once_per_request
from fugong.core.registries import Amount, Cell, Counting
from fugong.record.incidents.selectors import incident_by_id, playbook_on
from fugong.record.registry.selectors.scope import not_counted, why_not_counted
from fugong.record.registry.selectors.traits import fits, headcount_on
from fugong.record.reporting.enums import WORKING, ReportState
from fugong.record.reporting.logic.section import ReportSection
from fugong.record.reporting.logic.tally import summed
from fugong.record.reporting.models import DailyReport
from fugong.record.reporting.selectors.day import base_day, expected, in_register
from fugong.record.reporting.selectors.totals import (
    areas_counted_by_total,
    total_opening_cells,
    total_return_cells,
)

MISSING = "missing"
# The reasons of a definition's own exclusions are words, those of decisions codes of a list; this begins the first.
BY_DEFINITION = "definition:"
_DAYS_OF_WEEK = 7
_PEOPLE = DecimalField(max_digits=20, decimal_places=3)


class _Count(NamedTuple):
    """How many enterprises of an area are in a state, with their people; weighted capacity in people at work."""

    area_id: int
    state: str
    enterprises: int
    roster: int
    on_post: int
    at_capacity: Decimal
    with_capacity: int


@once_per_request
def _counts(counting: Counting) -> tuple[_Count, ...]:
    """The day in one query: as many rows as areas × states."""
    rows = (
        expected(counting)
        .order_by("area_of_day", "state_of_day")
        .values("area_of_day", "state_of_day")
        .annotate(
            enterprises=Count("pk"),
            roster=Sum("roster_of_day"),
            on_post=Sum("on_post_of_day"),
            at_capacity=Sum(F("capacity_of_day") * F("roster_of_day") / Value(100), output_field=_PEOPLE),
            with_capacity=Sum("roster_of_day", filter=Q(capacity_of_day__isnull=False)),
        )
    )
    return tuple(
        _Count(
            row["area_of_day"],
            row["state_of_day"] or MISSING,
            row["enterprises"],
            row["roster"] or 0,
            row["on_post"] or 0,
            row["at_capacity"] or Decimal(0),
            row["with_capacity"] or 0,
        )
        for row in rows
    )


def opening_cells(counting: Counting) -> list[Cell]:
    """Enterprises open wholly or in part, of all expected, per managing area. One query over the day's reports."""
    single = [
        Cell(count.area_id, count.enterprises if count.state in WORKING else 0, count.enterprises)
        for count in _counts(counting)
    ]
    return _with_totals(counting, single, total_opening_cells)


TotalCells = Callable[[int, date, str], list[Cell]]


@once_per_request
def covered_by_totals(counting: Counting) -> frozenset[int]:
    """The areas of whose enterprises the single reports give way to a total that a body states."""
    if counting.totals is None:
        return frozenset()
    return areas_counted_by_total(counting.incident_id, counting.day, counting.totals)


def _with_totals(counting: Counting, single: list[Cell], totals: TotalCells) -> list[Cell]:
    covered = covered_by_totals(counting)
    if not covered or counting.totals is None:
        return single
    stated = totals(counting.incident_id, counting.day, counting.totals)
    return [cell for cell in single if cell.area_id not in covered] + [
        cell for cell in stated if counting.area_ids is None or cell.area_id in counting.area_ids
    ]


def reporting_cells(counting: Counting) -> list[Cell]:
    """Enterprises that have reported, of all expected."""
    return [
        Cell(count.area_id, count.enterprises if count.state != MISSING else 0, count.enterprises)
        for count in _counts(counting)
    ]


def return_cells(counting: Counting) -> list[Cell]:
    """People on post of people on the roster, both of the enterprises open on the day, per managing area.

    Against another base: people on post, no more than the base of each enterprise, of the base of all expected
    enterprises whose headcount is known, whether they are open or not.
    """
    if counting.base != "roster":
        return _against_headcount(counting)
    single = [Cell(count.area_id, count.on_post, count.roster) for count in _counts(counting) if count.state in WORKING]
    return _with_totals(counting, single, total_return_cells)


def with_headcount(counting: Counting) -> QuerySet[Any]:
    """The expected enterprises whose base is known, as `base_people`, with those of them on post."""
    back = Case(
        When(state_of_day__in=WORKING, then=Least(F("on_post_of_day"), F("base_people"), output_field=_PEOPLE)),
        default=Value(0),
        output_field=_PEOPLE,
    )
    rows: QuerySet[Any] = expected(counting).annotate(base_people=headcount_on(base_day(counting)))
    known: QuerySet[Any] = rows.filter(base_people__isnull=False).annotate(back=back)
    return known


@once_per_request
def _against_headcount(counting: Counting) -> list[Cell]:
    rows = with_headcount(counting).order_by("area_of_day").values("area_of_day")
    found = rows.annotate(people=Sum("back"), base=Sum("base_people"))
    return [Cell(row["area_of_day"], int(row["people"]), int(row["base"])) for row in found]


def capacity_cells(counting: Counting) -> list[Cell]:
    """People on the roster times the capacity that their enterprise uses, of these people; the closed use none.

    Those who did not answer the question count in neither part. May exceed the whole.
    """
    cells = []
    for count in _counts(counting):
        if count.state in WORKING:
            cells.append(Cell(count.area_id, whole(count.at_capacity), count.with_capacity))
        elif count.state == ReportState.CLOSED:
            cells.append(Cell(count.area_id, 0, count.roster))
    return cells


def whole(amount: Decimal) -> Amount:
    """A whole number as one, so that it is written without places."""
    return int(amount) if amount == amount.to_integral_value() else amount.normalize()


def timed(counting: Counting) -> QuerySet[Any]:
    """The expected enterprises with the seconds that their reports of the seven days up to the day took.

    No report counts for more than the playbook of the day says (`asking.longest_minutes`). Reports from files take the
    enterprise no time that anybody measured: they are not in it.
    """
    playbook = playbook_on(incident_by_id(counting.incident_id), counting.day)
    longest = ReportSection(playbook.content["report"]).longest_asking
    week = DailyReport.objects.filter(
        incident_id=counting.incident_id,
        day__gt=counting.day - timedelta(days=_DAYS_OF_WEEK),
        day__lte=counting.day,
        seconds_taken__isnull=False,
    ).order_by()
    if counting.until is not None:
        week = week.filter(submitted_at__lte=counting.until)
    own = (
        week.filter(enterprise=OuterRef("pk"))
        .values("enterprise")
        .annotate(sum=Sum(Least("seconds_taken", Value(longest))))
    )
    rows: QuerySet[Any] = expected(counting).filter(pk__in=week.values("enterprise_id"))
    found: QuerySet[Any] = rows.annotate(seconds=Subquery(own.values("sum")))
    return found


@once_per_request
def asking_cells(counting: Counting) -> list[Cell]:
    """Seconds that answering took in the week, of the enterprises that were timed."""
    rows = timed(counting).order_by("area_of_day").values("area_of_day")
    found = rows.annotate(sum=Sum("seconds"), enterprises=Count("pk"))
    return [Cell(row["area_of_day"], row["sum"], row["enterprises"]) for row in found]


def states_of(counting: Counting) -> dict[int, dict[str, int]]:
    """Managing area of the day → how many expected enterprises are open, partly open, closed or `missing` there."""
    found: dict[int, dict[str, int]] = {}
    for count in _counts(counting):
        found.setdefault(count.area_id, {})[count.state] = count.enterprises
    return found


@once_per_request
def excluded_of(counting: Counting) -> dict[int, dict[str, int]]:
    """Managing area of the day → reason → how many enterprises in business are left out.

    By decision: the code of its reason. By the definition: `BY_DEFINITION` and the number of its exclusion.
    """
    rows = in_register(counting)
    whys: list[tuple[QuerySet[Any], Any]] = [(rows.filter(not_counted(counting.day)), why_not_counted(counting.day))]
    for number, exclusion in enumerate(counting.exclusions):
        others = rows.filter(~not_counted(counting.day)).filter(fits(exclusion.which, counting.day, "area_of_day"))
        for earlier in counting.exclusions[:number]:
            others = others.exclude(fits(earlier.which, counting.day, "area_of_day"))
        whys.append((others, Value(f"{BY_DEFINITION}{number}", output_field=TextField())))
    found: dict[int, dict[str, int]] = {}
    for left, why in whys:
        counted = left.annotate(why=why).order_by("area_of_day", "why").values("area_of_day", "why")
        for row in counted.annotate(enterprises=Count("pk")):
            found.setdefault(row["area_of_day"], {})[row["why"]] = row["enterprises"]
    return found


def states_by_area(incident_id: int, day: date) -> dict[int, dict[str, int]]:
    """`states_of` all enterprises."""
    return states_of(Counting(incident_id, day))


def excluded_by_area(incident_id: int, day: date) -> dict[int, dict[str, int]]:
    """`excluded_of` all enterprises: by decision alone."""
    return excluded_of(Counting(incident_id, day))


def state_counts(incident_id: int, day: date, area_ids: frozenset[int]) -> dict[str, int]:
    """How many expected enterprises of these areas are open, partly open, closed or `missing`. One query."""
    return summed(states_by_area(incident_id, day), area_ids)


class ExcludedEnterprise(NamedTuple):
    """One in business that a decision leaves out of every figure, with the code of the reason."""

    pk: int
    code: str
    area_id: int
    reason: str


def excluded_members(incident_id: int, day: date, area_ids: frozenset[int]) -> list[ExcludedEnterprise]:
    """Those whom a decision leaves out on a day, by name. One query."""
    rows = in_register(Counting(incident_id, day).within(area_ids)).filter(not_counted(day))
    found = rows.annotate(why=why_not_counted(day)).order_by("name", "pk")
    return [ExcludedEnterprise(e.pk, e.code, e.area_of_day, e.why or "") for e in found]
