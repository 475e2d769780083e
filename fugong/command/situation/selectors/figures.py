"""Figures of a day: read for a viewer, added up from the rollup or, where it is not there or late, from the facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from fugong.base.areas.models import Area
from fugong.base.areas.selectors import AreaTree, area_tree
from fugong.command.situation.logic.figures import Indicator, Ratio, total
from fugong.command.situation.logic.limits import COUNTED_AT_ONCE
from fugong.command.situation.permissions import can_see_figures
from fugong.command.situation.selectors.indicators import indicators_on as indicators_on
from fugong.command.situation.selectors.rollup import ALWAYS, count_now, counted_on, is_late
from fugong.core import clock
from fugong.core.decision import OutOfScope
from fugong.core.memo import once_per_request
from fugong.core.registries import Member, Slice
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident

__all__ = ["indicators_on"]


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
        """Per cent (or minutes), or None for 0 of 0."""
        return self.indicator.value(self.ratio)

    @property
    def unit(self) -> str:
        """What numerator and denominator count: `enterprise`, `person` or `second`."""
        return self.indicator.measured.unit


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


def _is_large(incident: Incident, day: date) -> bool:
    opening = counted_on(incident.pk, day).get(ALWAYS[1].digest)
    return opening is not None and total(opening.cells.values()).denominator > COUNTED_AT_ONCE


@once_per_request
def cells_on(incident: Incident, day: date, indicator: Indicator) -> tuple[dict[int, Ratio], datetime]:
    """Managing area → ratio of a day, and as of when: from the rollup if it stands, else counted now.

    A count that waits for the worker longer than boards may is passed over; a large register shows its hour instead.
    Not scoped: callers ask `area_in_view` and add up what the viewer covers.
    """
    known = counted_on(incident.pk, day).get(indicator.digest)
    if known is not None and (not is_late(incident.pk, day) or _is_large(incident, day)):
        return known.cells, known.as_of
    return count_now(incident, day, indicator), clock.now()


def _sum(cells: dict[int, Ratio], ids: frozenset[int]) -> Ratio:
    return total(ratio for pk, ratio in cells.items() if pk in ids)


def scopes_of(area: Area) -> list[Area]:
    """The area and the reporting areas beneath it, as tables list them. Not scoped: names of areas are public."""
    return [area] + [part for part in area_tree().reporting(area) if part.pk != area.pk]


def figures_on(viewer: Viewer, incident: Incident, day: date, area: Area, *, parts: bool = True) -> list[Figure]:
    """Each indicator for the area and, with `parts`, for each reporting area at or beneath it.

    Two queries where the day stands in the rollup, else one per measure. Raises `OutOfScope` like `area_in_view`.
    """
    area_in_view(viewer, incident, area.code)
    tree = area_tree()
    scopes = scopes_of(area) if parts else [area]
    ids = {scope.pk: tree.within(scope) for scope in scopes}
    figures = []
    for indicator in indicators_on(incident, day):
        cells, as_of = cells_on(incident, day, indicator)
        figures += [Figure(scope, indicator, _sum(cells, ids[scope.pk]), day, as_of) for scope in scopes]
    return figures


@dataclass(frozen=True, slots=True)
class Before:
    """The figures that a day is compared with: area id → indicator code → ratio of the day before.

    `until`: they are those of the same hour then, while today is still being counted; None: of the whole day. Empty
    when nobody of the area had reported: nothing to compare.
    """

    ratios: dict[int, dict[str, Ratio]]
    until: datetime | None

    def of(self, area: Area) -> dict[str, Ratio]:
        return self.ratios.get(area.pk, {})


def same_hour_before(incident: Incident, day: date) -> datetime | None:
    """A part of a day is compared with the same part of the day before; None where the day is over.

    A large register compares with the whole day before: its reports are not read twice for one page.
    """
    if day != clock.today() or _is_large(incident, day - timedelta(days=1)):
        return None
    return clock.now() - timedelta(days=1)


def before(viewer: Viewer, incident: Incident, day: date, area: Area, code: str = "") -> Before:
    """What the figures of a day are compared with, for the area and the reporting areas beneath it.

    With `code`: this indicator alone, else those on the board; each is a query where a part of a day is compared.
    """
    area_in_view(viewer, incident, area.code)
    eve, until, tree = day - timedelta(days=1), same_hour_before(incident, day), area_tree()
    scopes = {scope.pk: tree.within(scope) for scope in scopes_of(area)}

    def cells(indicator: Indicator) -> dict[int, Ratio]:
        return (
            cells_on(incident, eve, indicator)[0] if until is None else count_now(incident, eve, indicator, None, until)
        )

    reported = cells(ALWAYS[0])
    if eve < incident.started_on or not _sum(reported, scopes[area.pk]).numerator:
        return Before({}, until)
    found: dict[int, dict[str, Ratio]] = {pk: {} for pk in scopes}
    for indicator in indicators_on(incident, day):
        if indicator.code != code if code else not indicator.on_board:
            continue
        counted = cells(indicator)
        for pk, ids in scopes.items():
            found[pk][indicator.code] = _sum(counted, ids)
    for pk, ids in scopes.items():
        found[pk][ALWAYS[0].code] = _sum(reported, ids)
    return Before(found, until)


def members_of(
    viewer: Viewer,
    incident: Incident,
    day: date,
    area: Area,
    indicator: Indicator,
    wanted: Slice = Slice(),  # noqa: B008
) -> list[Member]:
    """The enterprises behind a figure, in the order of their names."""
    area_in_view(viewer, incident, area.code)
    counting = indicator.counting(incident.pk, day).within(area_tree().within(area))
    return indicator.measured.members(counting, wanted)


def tree_of(viewer: Viewer) -> AreaTree:
    """The tree of areas for naming rows."""
    can_see_figures(viewer).require()
    return area_tree()
