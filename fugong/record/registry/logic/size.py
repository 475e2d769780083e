"""Size class of an enterprise by 工信部联企业〔2011〕300号 and 统计上大中小微型企业划分办法（2017）, with its rule.

The bounds are data (`data/size_classes_2011.csv`), each with its source and the day from which it holds. An enterprise
below one of its industry's upper bounds is no large one; medium and small need all lower bounds, else it drops a class.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from fugong.record.registry.enums import FactKind, SizeClass
from fugong.record.registry.logic.datafiles import table
from fugong.record.registry.logic.industries import section_of

CLASSES = (SizeClass.LARGE, SizeClass.MEDIUM, SizeClass.SMALL)
# The standard states money in 万元.
_MYRIAD = Decimal(10_000)
_FINEST_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Bound:
    """The least that a class asks of one measure; money in yuan."""

    size: SizeClass
    measure: FactKind
    least: Decimal

    def holds(self, facts: Mapping[FactKind, Decimal]) -> bool | None:
        """Whether the enterprise reaches it; None when the measure is unknown."""
        value = facts.get(self.measure)
        return None if value is None else value >= self.least


@dataclass(frozen=True, slots=True)
class IndustryGroup:
    """One of the 15 groups of the standard with its bounds as they hold on a day."""

    code: str
    zh: str
    en: str
    source: str
    bounds: tuple[Bound, ...]

    def of(self, size: SizeClass) -> tuple[Bound, ...]:
        return tuple(bound for bound in self.bounds if bound.size == size)

    @property
    def measures(self) -> tuple[FactKind, ...]:
        return tuple(bound.measure for bound in self.of(SizeClass.SMALL))


@dataclass(frozen=True, slots=True)
class Size:
    """The answer: a class; or none because `missing` facts decide; or none because the standard `excludes` it.

    `met` are the bounds of the class reached, `failed` those that keep it from the class above. `possible`: the classes
    that remain while facts are missing.
    """

    size: SizeClass | None = None
    group: IndustryGroup | None = None
    met: tuple[Bound, ...] = ()
    failed: tuple[Bound, ...] = ()
    missing: tuple[FactKind, ...] = ()
    possible: tuple[SizeClass, ...] = ()
    excluded: bool = False
    too_coarse: bool = False


@cache
def _groups(day: date) -> dict[str, IndustryGroup]:
    rows = [row for row in table("size_classes_2011.csv") if date.fromisoformat(row["effective_from"]) <= day]
    latest = {row["group"]: max(r["effective_from"] for r in rows if r["group"] == row["group"]) for row in rows}
    found: dict[str, IndustryGroup] = {}
    for code, since in latest.items():
        own = [row for row in rows if row["group"] == code and row["effective_from"] == since]
        bounds = tuple(_bound(row, size) for size in CLASSES for row in own)
        found[code] = IndustryGroup(code, own[0]["zh"], own[0]["en"], own[0]["source"], bounds)
    return found


def _bound(row: dict[str, str], size: SizeClass) -> Bound:
    measure = FactKind(row["measure"])
    return Bound(size, measure, Decimal(row[size]) * (1 if measure is FactKind.HEADCOUNT else _MYRIAD))


@cache
def standard_days() -> tuple[date, ...]:
    """The days from which a version of the standard holds, in their order."""
    return tuple(sorted({date.fromisoformat(row["effective_from"]) for row in table("size_classes_2011.csv")}))


def groups_on(day: date) -> list[IndustryGroup]:
    """The groups of the standard as they hold on a day, in its own order."""
    return list(_groups(day).values())


@cache
def _prefixes() -> dict[str, str]:
    return {row["prefix"]: row["group"] for row in table("size_industries_2017.csv")}


def group_code_of(industry: str) -> str | None:
    """The group that an industry code falls in, by its longest known beginning: 7010 → `development`.

    Empty for an industry that the standard does not cover; None for one too coarse to tell (F is wholesale or retail).
    """
    prefixes = _prefixes()
    for digits in range(_FINEST_DIGITS, 1, -1):
        if len(industry) >= digits and industry[:digits] in prefixes:
            return prefixes[industry[:digits]]
    return prefixes.get(section_of(industry))


def _reached(bounds: tuple[Bound, ...], facts: Mapping[FactKind, Decimal]) -> bool | None:
    """All bounds hold; one that fails decides, whatever is unknown beside it."""
    answers = [bound.holds(facts) for bound in bounds]
    if False in answers:
        return False
    return None if None in answers else True


def size_of(*, industry: str, facts: Mapping[FactKind, Decimal], day: date) -> Size:
    """The size class on a day. `industry`: GB/T 4754-2017 code, empty when unknown; `facts`: what is known, in yuan."""
    if not industry:
        return Size(missing=(FactKind.INDUSTRY,), possible=tuple(SizeClass))
    code = group_code_of(industry)
    if code is None:
        return Size(missing=(FactKind.INDUSTRY,), possible=tuple(SizeClass), too_coarse=True)
    group = _groups(day).get(code)
    if group is None:
        return Size(excluded=True)
    answers = {size: _reached(group.of(size), facts) for size in CLASSES}
    reached = next((size for size in CLASSES if answers[size]), SizeClass.MICRO)
    open_ = tuple(size for size in CLASSES if answers[size] is None and _above(size, reached))
    if open_:
        missing = tuple(measure for measure in group.measures if measure not in facts)
        return Size(group=group, missing=missing, possible=(*open_, reached))
    above = _class_above(reached)
    return Size(
        size=reached,
        group=group,
        met=group.of(reached),
        failed=tuple(bound for bound in group.of(above) if not bound.holds(facts)) if above else (),
    )


def _above(size: SizeClass, other: SizeClass) -> bool:
    order = list(SizeClass)
    return order.index(size) < order.index(other)


def _class_above(size: SizeClass) -> SizeClass | None:
    order = list(SizeClass)
    return order[order.index(size) - 1] if size is not SizeClass.LARGE else None
