"""What was counted before: cells of days, and how they stand beside the facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Min, Sum
from django.db.models.functions import Now

from fugong.base.areas.models import Area
from fugong.command.situation.logic.figures import Indicator, Ratio
from fugong.command.situation.models import CountedDay, FigureCell, FigureMark
from fugong.command.situation.permissions import can_see_figures
from fugong.command.situation.selectors.indicators import indicators_on
from fugong.core.bulk import all_rows
from fugong.core.memo import once_per_request
from fugong.core.registries import Amount
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident

# Counted on every day whatever a playbook shows: the board says how many have reported and how many are open.
ALWAYS = (Indicator("reporting", "reporting", 2, {}), Indicator("opening", "opening", 2, {}))


def measures_of(incident: Incident, day: date) -> list[Indicator]:
    """One indicator for each thing that is counted on a day."""
    found = {indicator.digest: indicator for indicator in (*ALWAYS, *indicators_on(incident, day))}
    return list(found.values())


def amount(value: Decimal) -> Amount:
    """A stored count: whole where it is whole."""
    return int(value) if value == value.to_integral_value() else value.normalize()


def count_now(
    incident: Incident,
    day: date,
    indicator: Indicator,
    areas: frozenset[int] | None = None,
    until: datetime | None = None,
) -> dict[int, Ratio]:
    """Managing area → its ratio, counted from the facts; areas with 0 of 0 are left out."""
    counting = indicator.counting(incident.pk, day, until)
    if areas is not None:
        counting = counting.within(areas)
    found: dict[int, Ratio] = {}
    for cell in indicator.measured.cells(counting):
        found[cell.area_id] = found.get(cell.area_id, Ratio()) + Ratio(cell.numerator, cell.denominator)
    return {pk: ratio for pk, ratio in found.items() if ratio != Ratio()}


@dataclass(frozen=True, slots=True)
class Counted:
    """The cells of a day by a measure, and when they were counted."""

    cells: dict[int, Ratio]
    as_of: datetime


@once_per_request
def counted_on(incident_id: int, day: date) -> dict[str, Counted]:
    """Digest of a measure → its cells of a day; measures that were not counted are left out. 2 queries."""
    days = (
        CountedDay.objects.filter(incident_id=incident_id, day=day).order_by().values_list("measure__digest", "as_of")
    )
    found = {digest: Counted({}, as_of) for digest, as_of in days}
    cells = FigureCell.objects.filter(incident_id=incident_id, day=day).order_by()
    for digest, area_id, numerator, denominator in cells.values_list(
        "measure__digest", "area_id", "numerator", "denominator"
    ):
        if digest in found:
            found[digest].cells[area_id] = Ratio(amount(numerator), amount(denominator))
    return found


def marked_incidents(viewer: Viewer) -> list[int]:
    """Ids of the incidents of which some days wait for a new count."""
    can_see_figures(viewer).require()
    return list(FigureMark.objects.order_by("incident_id").values_list("incident_id", flat=True).distinct())


# A worker that is at work has counted by then (seconds).
LATE = timedelta(seconds=3)


@once_per_request
def is_late(incident_id: int, day: date) -> bool:
    """Whether the day waits for its new count longer than it should; by the database's own clock."""
    marks = FigureMark.objects.filter(incident_id=incident_id, first_day__lte=day, made_at__lt=Now() - LATE)
    return marks.exclude(last_day__lt=day).exists()


def series(
    viewer: Viewer,
    incident: Incident,
    area_ids: frozenset[int],
    indicators: Iterable[Indicator],
    first: date,
    last: date,
) -> dict[str, dict[date, Ratio]]:
    """Indicator code → day → ratio over these areas, from the rollup; days that were not counted are left out.

    One query: a row per measure and day. The value of a day is by the definition that is given, not by another one
    that held on it.
    """
    can_see_figures(viewer).require()
    wanted = {indicator.digest: indicator.code for indicator in indicators}
    rows = (
        FigureCell.objects.filter(
            incident=incident, day__range=(first, last), measure__digest__in=wanted, area_id__in=area_ids
        )
        .order_by("day")
        .values("day", "measure__digest")
        .annotate(part=Sum("numerator"), whole=Sum("denominator"))
    )
    found: dict[str, dict[date, Ratio]] = {code: {} for code in wanted.values()}
    for row in rows:
        found[wanted[row["measure__digest"]]][row["day"]] = Ratio(amount(row["part"]), amount(row["whole"]))
    return found


@dataclass(frozen=True, slots=True)
class Freshness:
    """The version of an area's figures. `is_kept`: the day stands in the rollup and waits for nothing."""

    version: int
    as_of: datetime | None
    is_kept: bool


# By hand: hundreds of boards ask this every other second, and putting the query together costs more than its answer.
_FRESH = """
SELECT v.version, v.as_of,
    EXISTS (SELECT FROM situation_countedday AS c WHERE c.incident_id = v.incident_id AND c.day = %(day)s)
    AND NOT EXISTS (
        SELECT FROM situation_figuremark AS m
        WHERE m.incident_id = v.incident_id AND m.first_day <= %(day)s AND (m.last_day IS NULL OR m.last_day >= %(day)s)
            AND m.made_at < statement_timestamp() - %(late)s)
FROM situation_figureversion AS v WHERE v.incident_id = %(incident)s AND v.area_id = %(area)s
"""


def freshness(viewer: Viewer, incident: Incident, area: Area, day: date) -> Freshness:
    """What a board asks before it reads anything, and while it waits. One query."""
    can_see_figures(viewer).require()
    values = {"incident": incident.pk, "area": area.pk, "day": day, "late": LATE}
    return next((Freshness(*row) for row in all_rows(_FRESH, values)), Freshness(0, None, False))


@dataclass(frozen=True, slots=True)
class Stray:
    """A cell of the rollup that the facts contradict. `stored` None: the day was never counted by this measure."""

    day: date
    indicator: str
    area_id: int | None
    stored: Ratio | None
    counted: Ratio


def stray_cells(viewer: Viewer, incident: Incident, first_day: date, last_day: date) -> list[Stray]:
    """The cells that differ from a fresh count, day by day."""
    can_see_figures(viewer).require()
    strays: list[Stray] = []
    day = first_day
    while day <= last_day:
        stored = counted_on(incident.pk, day)
        for indicator in measures_of(incident, day):
            fresh, known = count_now(incident, day, indicator), stored.get(indicator.digest)
            if known is None:
                strays.append(Stray(day, indicator.code, None, None, Ratio()))
                continue
            strays += [
                Stray(day, indicator.code, pk, known.cells.get(pk, Ratio()), fresh.get(pk, Ratio()))
                for pk in sorted(fresh.keys() | known.cells.keys())
                if fresh.get(pk, Ratio()) != known.cells.get(pk, Ratio())
            ]
        day += timedelta(days=1)
    return strays


def marks_waiting(viewer: Viewer) -> tuple[int, float]:
    """How many marks wait to be counted, and for how many seconds the oldest has. One query."""
    if not viewer.is_service:
        return 0, 0.0
    found = FigureMark.objects.aggregate(waiting=Count("pk"), oldest=Now() - Min("made_at"))
    return found["waiting"], found["oldest"].total_seconds() if found["oldest"] else 0.0
