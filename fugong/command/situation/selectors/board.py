"""What the board shows of one area and day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree
from fugong.command.situation.logic.figures import Indicator, Ratio, remainder, total
from fugong.command.situation.selectors.figures import Before, Figure, before, cells_on, figures_on, scopes_of
from fugong.command.situation.selectors.indicators import targets_on
from fugong.command.situation.selectors.rollup import ALWAYS, series
from fugong.core.registries import Counting
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.reporting.selectors.behind import MissingEnterprise, missing_enterprises

LISTED = 8
# Days of the trend; a longer history is read by its page.
TREND_DAYS = 60


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area of the table: its ratio per indicator and how many have not reported. `area` is None for the rest."""

    area: Area | None
    ratios: dict[str, Ratio]
    missing: int
    before: dict[str, Ratio] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Board:
    """Figures of an area, its parts, what they are compared with, how they came about, and who is missing.

    `targets`: (indicator code, area id) → what it is to reach. `trend`: indicator code → day → ratio.
    """

    whole: list[Figure]
    compared: Before
    rows: list[AreaRow]
    reported: Ratio
    opened: Ratio
    missing: list[MissingEnterprise]
    targets: dict[tuple[str, int], Decimal]
    trend: dict[str, dict[date, Ratio]]
    as_of: datetime
    area: Area

    @property
    def indicators(self) -> list[Indicator]:
        return [figure.indicator for figure in self.whole]

    @property
    def before(self) -> dict[str, Ratio]:
        """Indicator code → what the whole is compared with; empty when there is nothing."""
        return self.compared.of(self.area)

    @property
    def missing_total(self) -> int:
        return int(self.reported.denominator - self.reported.numerator)

    @property
    def reported_before(self) -> Ratio | None:
        """How many had reported at the moment that the figures are compared with."""
        return self.before.get(ALWAYS[0].code)


def area_rows(
    figures: list[Figure], area: Area, missing: dict[int, int], compared: Before | None = None
) -> list[AreaRow]:
    """A row per reporting area and, where they do not add up to the whole, one for the rest."""
    tree = area_tree()
    whole = {figure.indicator.code: figure.ratio for figure in figures if figure.area.pk == area.pk}
    parts: dict[int, dict[str, Ratio]] = {}
    for figure in figures:
        if figure.area.pk != area.pk:
            parts.setdefault(figure.area.pk, {})[figure.indicator.code] = figure.ratio
    gone = {pk: sum(missing.get(inner, 0) for inner in tree.within(tree.areas[pk])) for pk in parts}
    then = {pk: compared.of(tree.areas[pk]) if compared else {} for pk in parts}
    rows = [AreaRow(tree.areas[pk], ratios, gone[pk], then[pk]) for pk, ratios in parts.items()]
    rest = {code: remainder(ratio, [row.ratios[code] for row in rows]) for code, ratio in whole.items()}
    left = sum(missing.get(pk, 0) for pk in tree.within(area)) - sum(gone.values())
    if rows and (left or any(ratio.denominator for ratio in rest.values())):
        rows.append(AreaRow(None, rest, left))
    return rows


def missing_by_area(viewer: Viewer, incident: Incident, day: date) -> dict[int, int]:
    """Managing area → how many of its expected enterprises have not reported, within the viewer's areas."""
    cells, _as_of = cells_on(incident, day, ALWAYS[0])
    return {pk: int(ratio.denominator - ratio.numerator) for pk, ratio in cells.items() if viewer.covers(pk)}


def board(viewer: Viewer, incident: Incident, day: date, area: Area) -> Board:
    """Everything the board needs. Raises `Denied` and `OutOfScope` like `figures_on`."""
    figures = [figure for figure in figures_on(viewer, incident, day, area) if figure.indicator.on_board]
    ids = area_tree().within(area)
    (reporting, as_of), (opening, _same) = (cells_on(incident, day, indicator) for indicator in ALWAYS)
    compared = before(viewer, incident, day, area)
    whole = [figure for figure in figures if figure.area.pk == area.pk]
    indicators = [figure.indicator for figure in whole]
    first = max(incident.started_on, day - timedelta(days=TREND_DAYS))
    trend = series(viewer, incident, ids, indicators, first, day)
    for figure in whole:
        trend.setdefault(figure.indicator.code, {})[day] = figure.ratio
    return Board(
        whole=whole,
        compared=compared,
        rows=area_rows(figures, area, missing_by_area(viewer, incident, day), compared),
        reported=total(ratio for pk, ratio in reporting.items() if pk in ids),
        opened=total(ratio for pk, ratio in opening.items() if pk in ids),
        missing=missing_enterprises(Counting(incident.pk, day).within(ids), LISTED),
        targets=targets_on(viewer, incident, day, scopes_of(area), indicators),
        trend=trend,
        as_of=as_of,
        area=area,
    )
