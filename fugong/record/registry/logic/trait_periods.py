"""From which day to which an enterprise has the traits that lists are narrowed by, by its dated facts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from fugong.record.registry.enums import FactKind, TraitKind
from fugong.record.registry.logic.industries import section_of
from fugong.record.registry.logic.size_periods import SIZING_KINDS, SizingFact, size_periods

_DAY = timedelta(days=1)


class DatedFact(NamedTuple):
    """A fact from a day on: until a later one of its kind, and a tag until `last`; money in yuan."""

    kind: str
    day: date
    last: date | None
    number: Decimal | None
    text: str


class TraitPeriod(NamedTuple):
    """`last` is the last day of the trait, None while it goes on."""

    kind: str
    value: str
    first: date
    last: date | None


def trait_periods(facts: Iterable[DatedFact], *, has_size: bool) -> list[TraitPeriod]:
    """The periods; those of one value follow one another and never overlap. `facts` in the order of their days.

    `has_size` is False for a kind of enterprise that the size standard does not class. An industry counts by its
    section, one whose division does not exist for none.
    """
    known = list(facts)
    found = [
        *_following(TraitKind.INDUSTRY, ((one.day, section_of(one.text)) for one in _of(FactKind.INDUSTRY, known))),
        *_following(TraitKind.SCALE, ((one.day, one.text) for one in _of(FactKind.ABOVE_SCALE, known))),
        *_tagged(_of(FactKind.TAG, known)),
    ]
    if has_size:
        sizing = (SizingFact(one.kind, one.day, one.number, one.text) for one in known if one.kind in SIZING_KINDS)
        found += [TraitPeriod(TraitKind.SIZE.value, str(one.size), one.first, one.last) for one in size_periods(sizing)]
    return found


def _of(kind: FactKind, facts: list[DatedFact]) -> list[DatedFact]:
    return [fact for fact in facts if fact.kind == kind]


def _following(kind: TraitKind, stated: Iterable[tuple[date, str]]) -> list[TraitPeriod]:
    """Of values of which each holds until the next; "" is none. The same value again goes on."""
    periods: list[TraitPeriod] = []
    for day, value in stated:
        if periods and periods[-1].last is None:
            if periods[-1].value == value:
                continue
            periods[-1] = periods[-1]._replace(last=day - _DAY)
        if value:
            periods.append(TraitPeriod(kind.value, value, day, None))
    return periods


def _tagged(facts: list[DatedFact]) -> list[TraitPeriod]:
    """Of tags, which may be stated again before they end: then they are one period."""
    periods: dict[str, list[TraitPeriod]] = {}
    for fact in facts:
        mine = periods.setdefault(fact.text, [])
        if not mine or (mine[-1].last is not None and mine[-1].last + _DAY < fact.day):
            mine.append(TraitPeriod(TraitKind.TAG.value, fact.text, fact.day, fact.last))
        elif mine[-1].last is not None:
            mine[-1] = mine[-1]._replace(last=None if fact.last is None else max(mine[-1].last, fact.last))
    return [period for mine in periods.values() for period in mine]
