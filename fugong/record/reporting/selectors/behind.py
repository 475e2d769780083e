"""The enterprises behind the counts of a day: who is in them, who is missing, who is left out, what changed since."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum

from fugong.core.registries import Amount, Counting, Member, Slice
from fugong.record.registry.selectors.scope import not_counted, why_not_counted
from fugong.record.registry.selectors.traits import fits
from fugong.record.reporting.enums import WORKING, ReportState
from fugong.record.reporting.models import DailyReport, SupersededReport
from fugong.record.reporting.selectors.counts import (
    BY_DEFINITION,
    MISSING,
    covered_by_totals,
    timed,
    whole,
    with_headcount,
)
from fugong.record.reporting.selectors.day import expected, in_register

Part = Callable[[Any], tuple[Amount, Amount]]


def _page(rows: QuerySet[Any], wanted: Slice) -> QuerySet[Any]:
    if wanted.states is not None:
        said = Q(state_of_day__in=wanted.states - {MISSING})
        rows = rows.filter(said | Q(state_of_day__isnull=True) if MISSING in wanted.states else said)
    if wanted.after is not None:
        name, pk = wanted.after
        rows = rows.filter(Q(name__gt=name) | Q(name=name, pk__gt=pk))
    rows = rows.order_by("name", "pk")
    return rows if wanted.size is None else rows[: wanted.size]


# What every member is named by; a part that counts other columns of the row adds theirs.
_NAMED = ("pk", "name", "uscc", "provisional_id", "area_of_day", "state_of_day")


def _members(rows: QuerySet[Any], wanted: Slice, part: Part, *columns: str) -> list[Member]:
    """The page of the rows as members. Plain rows, not objects: of a whole city they are read for each indicator."""
    return [
        Member(e.pk, e.name, e.uscc or e.provisional_id or "", e.area_of_day, e.state_of_day or MISSING, *part(e))
        for e in _page(rows, wanted).values_list(*_NAMED, *columns, named=True)
    ]


def _states(rows: QuerySet[Any]) -> dict[str, int]:
    found = rows.order_by("state_of_day").values("state_of_day").annotate(enterprises=Count("pk"))
    return {row["state_of_day"] or MISSING: row["enterprises"] for row in found}


def expected_states(counting: Counting) -> dict[str, int]:
    """State → how many of the expected are in it. One query, as are the others."""
    return _states(expected(counting))


def single_states(counting: Counting) -> dict[str, int]:
    """The same of those whose own reports count."""
    return _states(_singly(counting))


def return_states(counting: Counting) -> dict[str, int]:
    """The same of those behind the return rate; against another base than the roster those whose base is known."""
    return _states(_singly(counting) if counting.base == "roster" else with_headcount(counting))


def timed_states(counting: Counting) -> dict[str, int]:
    """The same of those that were timed in the week."""
    return _states(timed(counting))


def opening_members(counting: Counting, wanted: Slice) -> list[Member]:
    """The expected enterprises of a day with their state; `missing` for those without a report."""
    return _members(_singly(counting), wanted, lambda e: (int(e.state_of_day in WORKING), 1))


def _singly(counting: Counting) -> QuerySet[Any]:
    """Those whose own reports count: where a body's total counts, no enterprise is behind it."""
    covered = covered_by_totals(counting)
    return expected(counting).exclude(area_of_day__in=covered) if covered else expected(counting)


def reporting_members(counting: Counting, wanted: Slice) -> list[Member]:
    """The expected enterprises, each with whether it has reported."""
    return _members(expected(counting), wanted, lambda e: (int(e.state_of_day is not None), 1))


def _people(e: Any) -> tuple[Amount, Amount]:
    return (e.on_post_of_day, e.roster_of_day) if e.state_of_day in WORKING else (0, 0)


def return_members(counting: Counting, wanted: Slice) -> list[Member]:
    """The same enterprises with the people they add: none where not open or not reported.

    Against another base than the roster: only those whose base is known.
    """
    if counting.base != "roster":
        return _members(
            with_headcount(counting), wanted, lambda e: (int(e.back), int(e.base_people)), "back", "base_people"
        )
    return _members(_singly(counting), wanted, _people, "on_post_of_day", "roster_of_day")


def _capacity(e: Any) -> tuple[Amount, Amount]:
    if e.state_of_day == ReportState.CLOSED:
        return 0, e.roster_of_day
    if e.state_of_day in WORKING and e.capacity_of_day is not None:
        return whole(e.capacity_of_day * e.roster_of_day / 100), e.roster_of_day
    return 0, 0


def capacity_members(counting: Counting, wanted: Slice) -> list[Member]:
    """The expected enterprises, each with its people and as many of them as its capacity used keeps busy."""
    return _members(expected(counting), wanted, _capacity, "roster_of_day", "capacity_of_day")


def asking_members(counting: Counting, wanted: Slice) -> list[Member]:
    """The enterprises that were timed in the week, with their seconds."""
    return _members(timed(counting), wanted, lambda e: (e.seconds, 1), "seconds")


@dataclass(frozen=True, slots=True)
class MissingEnterprise:
    """One that has not reported on the day, with its last word before."""

    pk: int
    name: str
    code: str
    area_id: int
    last_day: date | None
    last_state: str
    last_on_post: int | None


def missing_enterprises(
    counting: Counting, size: int | None = None, after: tuple[str, int] | None = None
) -> list[MissingEnterprise]:
    """The first `size` enterprises without a report, by name. One query, with a subquery per listed row."""
    last = DailyReport.objects.filter(
        enterprise=OuterRef("pk"), incident_id=counting.incident_id, day__lt=counting.day
    ).order_by("-day")
    rows = expected(counting).annotate(
        **{f"last_{name}": Subquery(last.values(name)[:1]) for name in ("day", "state", "on_post")}
    )
    return [
        MissingEnterprise(e.pk, e.name, e.code, e.area_of_day, e.last_day, e.last_state or "", e.last_on_post)
        for e in _page(rows, Slice(frozenset({MISSING}), after, size))
    ]


def people_missing(counting: Counting) -> int:
    """The people on the last rosters of those without a report whose own reports would count. One query."""
    last = DailyReport.objects.filter(
        enterprise=OuterRef("pk"), incident_id=counting.incident_id, day__lt=counting.day
    ).order_by("-day")
    rows = _singly(counting).filter(state_of_day__isnull=True).order_by()
    return int(rows.annotate(last=Subquery(last.values("roster")[:1])).aggregate(people=Sum("last"))["people"] or 0)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An enterprise in business that a figure does not count. `why`: as in `counts.excluded_of`."""

    pk: int
    name: str
    code: str
    area_id: int
    why: str


def left_out_enterprises(
    counting: Counting, size: int | None = None, after: tuple[str, int] | None = None
) -> list[LeftOut]:
    """Those in business that a decision or the definition leaves out, by name, with the reason."""
    rows = in_register(counting).annotate(decided=why_not_counted(counting.day))
    condition = Q(not_counted(counting.day))
    for exclusion in counting.exclusions:
        condition |= fits(exclusion.which, counting.day, "area_of_day")
    found = list(_page(rows.filter(condition), Slice(None, after, size)))
    # The first exclusion that fits is the reason, as the counts have it.
    own: dict[int, str] = {}
    listed = [e.pk for e in found if e.decided is None]
    for number, exclusion in reversed(list(enumerate(counting.exclusions))):
        fitting = rows.filter(fits(exclusion.which, counting.day, "area_of_day"), pk__in=listed)
        own |= dict.fromkeys(fitting.order_by().values_list("pk", flat=True), f"{BY_DEFINITION}{number}")
    return [LeftOut(e.pk, e.name, e.code, e.area_of_day, e.decided or own[e.pk]) for e in found]


@dataclass(frozen=True, slots=True)
class Correction:
    """A report of the day that was replaced later: who said what before, and what stands now."""

    pk: int
    name: str
    area_id: int
    before: dict[str, Any]
    said_at: datetime
    said_by: str
    state: str
    roster: int
    on_post: int
    corrected_at: datetime
    corrected_by: str


def _superseded(counting: Counting) -> QuerySet[SupersededReport]:
    return SupersededReport.objects.filter(
        report__incident_id=counting.incident_id,
        report__day=counting.day,
        report__enterprise__in=expected(counting).order_by().values("pk"),
    )


def corrections_number(counting: Counting) -> int:
    """How many corrections a day's reports within the counting have seen. One query."""
    return _superseded(counting).count()


def corrections_of(counting: Counting, size: int) -> list[Correction]:
    """The latest corrections of a day's reports within the counting. One query."""
    listed = (
        _superseded(counting)
        .select_related("report__enterprise")
        .annotate(area=F("report__managing_area_id"), name=F("report__enterprise__name"))
    )
    return [
        Correction(
            one.report.enterprise_id,
            one.report.enterprise.name,
            one.report.managing_area_id,
            one.values,
            one.submitted_at,
            one.reported_by_name,
            one.report.state,
            one.report.roster,
            one.report.on_post,
            one.report.submitted_at,
            one.report.reported_by_name,
        )
        for one in listed.order_by("-submitted_at", "-pk")[:size]
    ]
