"""A figure crossed: by area, industry, size, tag, scale or kind in rows and columns, counted from its own members."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree
from fugong.command.situation.logic.figures import Ratio, total
from fugong.command.situation.logic.limits import COUNTED_AT_ONCE
from fugong.command.situation.selectors.figures import Figure, figures_on, members_of
from fugong.command.situation.selectors.rollup import count_now
from fugong.core.registries import Member
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.registry.enums import SizeClass
from fugong.record.registry.selectors.tags import tags_in_use
from fugong.record.registry.selectors.traits import TRAITS, trait_values, traits_of
from fugong.record.reporting.selectors.counts import covered_by_totals

AREA = "area"
DIMENSIONS = (AREA, *TRAITS)
# What nothing is known of, and the sum of a row or column.
UNKNOWN, ALL = "", "*"
_ORDERS = {"size": list(SizeClass.values), "scale": ["yes", "no"]}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figure, by what in rows and in columns ("" for none), and `only` those with these (trait, value)."""

    code: str
    rows: str = AREA
    columns: str = ""
    only: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Crossing:
    """The cells by (row, column); `row_sums` and `column_sums` count each enterprise once.

    `whole`: the sum over all members listed. `stated`: what totals of bodies add to the figure, which nobody can part.
    `too_many`: how many enterprises there are, where they are more than are read at once; all else is empty then.
    """

    figure: Figure
    asked: Asked
    area: Area
    row_keys: list[str] = field(default_factory=list)
    column_keys: list[str] = field(default_factory=list)
    cells: dict[tuple[str, str], Ratio] = field(default_factory=dict)
    row_sums: dict[str, Ratio] = field(default_factory=dict)
    column_sums: dict[str, Ratio] = field(default_factory=dict)
    whole: Ratio = field(default_factory=Ratio)
    stated: Ratio = field(default_factory=Ratio)
    members: dict[tuple[str, str], list[Member]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    too_many: int = 0

    @property
    def is_additive(self) -> bool:
        """The rows and columns add up to the sums; with tags, of which one may have several, they do not."""
        return "tag" not in (self.asked.rows, self.asked.columns)

    def cell(self, row: str, column: str) -> Ratio:
        """A cell, or the sum of a row, of a column or of all (`ALL`)."""
        if row == ALL:
            return self.whole if column == ALL else self.column_sums.get(column, Ratio())
        if column == ALL:
            return self.row_sums.get(row, Ratio())
        return self.cells.get((row, column), Ratio())

    def behind(self, row: str, column: str) -> list[Member]:
        """The enterprises of a cell, of a whole row or column (`ALL`), each once and by name."""
        found = {
            member.enterprise_id: member
            for (one_row, one_column), members in self.members.items()
            if row in (ALL, one_row) and column in (ALL, one_column)
            for member in members
        }
        return sorted(found.values(), key=lambda member: (member.name, member.enterprise_id))


Values = Mapping[int, tuple[str, ...]]


def _areas(members: list[Member]) -> Values:
    tree = area_tree()
    reporting = {pk: tree.reporting_area(pk) for pk in {member.area_id for member in members}}
    return {member.enterprise_id: (area.code,) for member in members if (area := reporting[member.area_id]) is not None}


def _ordered(dimension: str, keys: set[str], area: Area) -> list[str]:
    """Keys in the order in which people list them; the unknown last."""
    order = [part.code for part in area_tree().reporting(area)] if dimension == AREA else _ORDERS.get(dimension, [])
    places = {key: number for number, key in enumerate(order)}
    return sorted(keys, key=lambda key: (key == UNKNOWN, places.get(key, len(places)), key))


def crossing(viewer: Viewer, incident: Incident, day: date, area: Area, asked: Asked) -> Crossing | None:
    """The figure crossed; None where no definition of the day has its code. Raises `OutOfScope` like `figures_on`."""
    figures = figures_on(viewer, incident, day, area, parts=False)
    figure = next((figure for figure in figures if figure.indicator.code == asked.code), None)
    if figure is None:
        return None
    counting = figure.indicator.counting(incident.pk, day).within(area_tree().within(area))
    number = sum(figure.indicator.measured.states(counting).values())
    if number > COUNTED_AT_ONCE:
        return Crossing(figure, asked, area, too_many=number)
    every = members_of(viewer, incident, day, area, figure.indicator)
    ids = [member.enterprise_id for member in every]
    # What is no value of anybody narrows nothing: an empty table would read as if nobody worked.
    choices = {trait: tags_in_use(viewer) if trait == "tag" else trait_values(trait) for trait in TRAITS}
    asked = replace(asked, only=tuple((trait, key) for trait, key in asked.only if key in choices[trait]))
    needed = {asked.rows, asked.columns, *(trait for trait, _key in asked.only)} - {""}
    values: dict[str, Values] = {
        name: _areas(every) if name == AREA else traits_of(name, ids, day) for name in sorted(needed)
    }
    members = [
        member
        for member in every
        if all(wanted in values[trait].get(member.enterprise_id, (UNKNOWN,)) for trait, wanted in asked.only)
    ]
    # Counted and not taken for what is left over: the rollup may be behind the reports for a moment.
    covered = covered_by_totals(counting) & area_tree().within(area)
    stated = total(count_now(incident, day, figure.indicator, covered).values()) if covered else Ratio()
    crossed = _crossed(figure, asked, area, members, values)
    return replace(crossed, stated=stated, choices=choices)


def _crossed(figure: Figure, asked: Asked, area: Area, members: list[Member], values: dict[str, Values]) -> Crossing:
    cells: dict[tuple[str, str], Ratio] = {}
    behind: dict[tuple[str, str], list[Member]] = {}
    sums: tuple[dict[str, Ratio], dict[str, Ratio]] = {}, {}
    for member in members:
        ratio = Ratio(member.numerator, member.denominator)
        rows, columns = (
            (values[name].get(member.enterprise_id) or (UNKNOWN,)) if name else (ALL,)
            for name in (asked.rows, asked.columns)
        )
        for keys, found in zip((rows, columns), sums, strict=True):
            for key in keys:
                found[key] = found.get(key, Ratio()) + ratio
        for cell in ((row, column) for row in rows for column in columns):
            cells[cell] = cells.get(cell, Ratio()) + ratio
            behind.setdefault(cell, []).append(member)
    return Crossing(
        figure=figure,
        asked=asked,
        area=area,
        row_keys=_ordered(asked.rows, set(sums[0]), area),
        column_keys=_ordered(asked.columns, set(sums[1]), area),
        cells=cells,
        row_sums=sums[0],
        column_sums=sums[1],
        whole=total(Ratio(member.numerator, member.denominator) for member in members),
        members=behind,
    )
