"""What the board shows of one area and day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree
from fugong.command.situation.logic.figures import Indicator, Ratio, remainder
from fugong.command.situation.selectors.figures import Figure, figures_on, ratios_before
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.reporting.logic.tally import summed
from fugong.record.reporting.selectors.counts import (
    MISSING,
    MissingEnterprise,
    missing_enterprises,
    state_counts,
    states_by_area,
)

LISTED = 8


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area of the table: its ratio per indicator and how many have not reported. `area` is None for the rest."""

    area: Area | None
    ratios: dict[str, Ratio]
    missing: int


@dataclass(frozen=True, slots=True)
class Board:
    """Figures of an area, its parts, the day before, and who is missing."""

    whole: list[Figure]
    before: dict[str, Ratio]
    rows: list[AreaRow]
    states: dict[str, int]
    states_before: dict[str, int]
    missing: list[MissingEnterprise]

    @property
    def indicators(self) -> list[Indicator]:
        return [figure.indicator for figure in self.whole]

    @property
    def expected(self) -> int:
        return sum(self.states.values())

    @property
    def reported(self) -> int:
        return self.expected - self.states.get(MISSING, 0)

    @property
    def reported_before(self) -> int:
        """How many had reported for the day before, by now."""
        return sum(self.states_before.values()) - self.states_before.get(MISSING, 0)


def area_rows(figures: list[Figure], area: Area, missing: dict[int, int]) -> list[AreaRow]:
    """A row per reporting area and, where they do not add up to the whole, one for the rest."""
    tree = area_tree()
    whole = {figure.indicator.code: figure.ratio for figure in figures if figure.area.pk == area.pk}
    parts: dict[int, dict[str, Ratio]] = {}
    for figure in figures:
        if figure.area.pk != area.pk:
            parts.setdefault(figure.area.pk, {})[figure.indicator.code] = figure.ratio
    gone = {pk: sum(missing.get(inner, 0) for inner in tree.within(tree.areas[pk])) for pk in parts}
    rows = [AreaRow(tree.areas[pk], ratios, gone[pk]) for pk, ratios in parts.items()]
    rest = {code: remainder(ratio, [row.ratios[code] for row in rows]) for code, ratio in whole.items()}
    left = sum(missing.get(pk, 0) for pk in tree.within(area)) - sum(gone.values())
    if rows and (left or any(ratio.denominator for ratio in rest.values())):
        rows.append(AreaRow(None, rest, left))
    return rows


def board(viewer: Viewer, incident: Incident, day: date, area: Area) -> Board:
    """Everything the board needs. Raises `Denied` and `OutOfScope` like `figures_on`."""
    figures = figures_on(viewer, incident, day, area)
    ids = area_tree().within(area)
    by_area = states_by_area(incident.pk, day)
    missing = {pk: counts.get(MISSING, 0) for pk, counts in by_area.items()}
    return Board(
        whole=[figure for figure in figures if figure.area.pk == area.pk],
        before=ratios_before(viewer, incident, day, area),
        rows=area_rows(figures, area, missing),
        states=summed(by_area, ids),
        states_before=state_counts(incident.pk, day - timedelta(days=1), ids),
        missing=missing_enterprises(incident.pk, day, ids, LISTED),
    )
