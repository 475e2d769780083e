"""Figures of a day: read for a viewer, added up from the cells of the metrics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from fugong.base.areas.models import Area
from fugong.base.areas.selectors import AreaTree, area_tree
from fugong.command.situation.logic.figures import Indicator, Ratio, total
from fugong.command.situation.permissions import can_see_figures
from fugong.core import clock
from fugong.core.decision import OutOfScope
from fugong.core.registries import Cell, Member, metrics
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.incidents.selectors import playbook_on
from fugong.record.reporting.selectors.counts import MISSING, state_counts


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator of one area on one day. `value` is rounded, `ratio` is not."""

    area: Area
    indicator: Indicator
    ratio: Ratio
    day: date
    as_of: datetime

    @property
    def value(self) -> Decimal | None:
        """Per cent, or None for 0 of 0."""
        return self.ratio.rounded(self.indicator.places)

    @property
    def unit(self) -> str:
        """What numerator and denominator count: `enterprise` or `person`."""
        return metrics[self.indicator.metric].unit


def indicators_on(incident: Incident, day: date) -> list[Indicator]:
    """The indicators that the incident's playbook defines on a day."""
    content = playbook_on(incident, day).content.get("indicators", [])
    return [Indicator(item["code"], item["metric"], item["places"], item) for item in content]


def area_in_view(viewer: Viewer, incident: Incident, code: str = "") -> Area:
    """The area a viewer asks for; without a code the widest of the incident that the viewer covers.

    Raises `OutOfScope` for an area outside the viewer's mandates or outside the incident.
    """
    can_see_figures(viewer).require()
    tree = area_tree()
    top = tree.areas[incident.area_id]
    if code:
        area = tree.by_code(code)
    elif viewer.covers(top.pk):
        area = top
    else:
        held = [tree.areas[pk] for pk in viewer.area_ids if tree.areas[pk].path.startswith(top.path)]
        area = min(held, key=lambda area: (len(area.path), area.code), default=None)
    if area is None or not area.path.startswith(top.path) or not viewer.covers(area.pk):
        raise OutOfScope(f"area {code}")
    return area


def _ratio(cells: list[Cell], ids: frozenset[int]) -> Ratio:
    return total(Ratio(cell.numerator, cell.denominator) for cell in cells if cell.area_id in ids)


def figures_on(viewer: Viewer, incident: Incident, day: date, area: Area, *, parts: bool = True) -> list[Figure]:
    """Each indicator for the area and, with `parts`, for each reporting area at or beneath it.

    One query per indicator over the reports of the day, one for the tree. Raises `OutOfScope` like `area_in_view`.
    """
    area_in_view(viewer, incident, area.code)
    tree = area_tree()
    as_of = clock.now()
    scopes = [area] + [part for part in tree.reporting(area) if parts and part.pk != area.pk]
    ids = {scope.pk: tree.within(scope) for scope in scopes}
    figures = []
    for indicator in indicators_on(incident, day):
        cells = metrics[indicator.metric].cells(incident.pk, day)
        figures += [Figure(scope, indicator, _ratio(cells, ids[scope.pk]), day, as_of) for scope in scopes]
    return figures


def ratios_before(viewer: Viewer, incident: Incident, day: date, area: Area) -> dict[str, Ratio]:
    """Indicator code → ratio of the day before; empty when nobody of the area reported then: nothing to compare."""
    eve = day - timedelta(days=1)
    states = state_counts(incident.pk, eve, area_tree().within(area))
    if all(state == MISSING for state in states):
        return {}
    return {figure.indicator.code: figure.ratio for figure in figures_on(viewer, incident, eve, area, parts=False)}


def members_of(viewer: Viewer, incident: Incident, day: date, area: Area, indicator: Indicator) -> list[Member]:
    """The enterprises behind a figure, in the order of their names."""
    area_in_view(viewer, incident, area.code)
    return metrics[indicator.metric].members(incident.pk, day, area_tree().within(area))


def tree_of(viewer: Viewer) -> AreaTree:
    """The tree of areas for naming rows."""
    can_see_figures(viewer).require()
    return area_tree()
