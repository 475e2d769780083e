"""A figure opened: who is behind it, who is left out and why, who is missing, what was corrected later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree
from fugong.command.situation.logic.effect import effect_of_missing
from fugong.command.situation.logic.figures import Ratio
from fugong.command.situation.models import Bulletin
from fugong.command.situation.selectors.board import AreaRow, area_rows
from fugong.command.situation.selectors.figures import Figure, before, figures_on
from fugong.core.registries import Counting
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.reporting.logic.tally import summed
from fugong.record.reporting.models import AreaTotal
from fugong.record.reporting.selectors.behind import corrections_number, people_missing
from fugong.record.reporting.selectors.counts import MISSING, excluded_of, states_of
from fugong.record.reporting.selectors.totals import counting_totals

# More than so many missing are not asked for their last rosters: the answer would be a guess anyway.
ASKED_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class OpenedFigure:
    """Everything about one figure of an area and day but the rows of its lists.

    `expected`: state → enterprises of the day; `behind`: the same of those whom the figure counts singly; `excluded`:
    reason → how many; `totals`: those that stand in for single reports; `effect`: see `effect_of_missing`;
    `people`: those on the last rosters of the missing; `bulletins`: published ones that carry this day.
    """

    figure: Figure
    beside: list[Figure]
    rows: list[AreaRow]
    counting: Counting
    before: Ratio | None
    expected: dict[str, int]
    behind: dict[str, int]
    excluded: dict[str, int]
    corrections: int
    totals: list[AreaTotal]
    people: int
    effect: tuple[Ratio, Ratio] | None
    bulletins: list[Bulletin]


def _totals(counting: Counting, ids: frozenset[int]) -> list[AreaTotal]:
    """The totals that the figure counts within these areas."""
    if counting.totals is None:
        return []
    found = counting_totals(counting.incident_id, counting.day, counting.totals)
    return [total for total in found if total.area_id in ids]


def _bulletins(incident: Incident, area: Area, day: date) -> list[Bulletin]:
    rows = Bulletin.objects.filter(incident=incident, area=area, last_day=day, published_at__isnull=False)
    return list(rows.order_by("year", "number", "revision"))


def opened_figure(viewer: Viewer, incident: Incident, day: date, area: Area, code: str) -> OpenedFigure | None:
    """The figure of a code; None where no definition of the day has it. Raises `OutOfScope` like `figures_on`."""
    every = figures_on(viewer, incident, day, area)
    figures = [figure for figure in every if figure.indicator.code == code]
    if not figures:
        return None
    whole = next(figure for figure in figures if figure.area.pk == area.pk)
    ids = area_tree().within(area)
    everywhere = whole.indicator.counting(incident.pk, day)
    counting = everywhere.within(ids)
    by_area = states_of(everywhere)
    behind = whole.indicator.measured.states(counting)
    missing = behind.get(MISSING, 0)
    asks = whole.indicator.metric == "return" and 0 < missing <= ASKED_AT_ONCE
    people = people_missing(counting) if asks and whole.indicator.base == "roster" else 0
    gone = {pk: counts.get(MISSING, 0) for pk, counts in by_area.items()}
    return OpenedFigure(
        figure=whole,
        beside=[figure for figure in every if figure.area.pk == area.pk],
        rows=area_rows(figures, area, gone),
        counting=counting,
        before=before(viewer, incident, day, area, code).of(area).get(code),
        expected=summed(by_area, ids),
        behind=behind,
        excluded=summed(excluded_of(everywhere), ids),
        corrections=corrections_number(counting),
        totals=_totals(counting, ids),
        people=people,
        effect=effect_of_missing(whole.indicator.metric, whole.indicator.base, whole.ratio, missing, people),
        bulletins=_bulletins(incident, area, day),
    )
