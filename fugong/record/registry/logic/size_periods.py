"""From which day to which an enterprise is of which size class, by its dated facts and the standard of each day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from fugong.record.registry.enums import FactKind, SizeClass
from fugong.record.registry.logic.size import size_of, standard_days

# What the standard asks about.
SIZING_KINDS = (FactKind.INDUSTRY, FactKind.HEADCOUNT, FactKind.REVENUE, FactKind.ASSETS)
_DAY = timedelta(days=1)


class SizingFact(NamedTuple):
    """A fact from a day on, until a later one of its kind; money in yuan."""

    kind: str
    day: date
    number: Decimal | None
    text: str


class SizePeriod(NamedTuple):
    """`last` is the last day of the class, None while it goes on."""

    size: SizeClass
    first: date
    last: date | None


def size_periods(facts: Iterable[SizingFact]) -> list[SizePeriod]:
    """The periods in their order, without those of no class. `facts` in the order of their days."""
    by_day: dict[date, list[SizingFact]] = {}
    for fact in facts:
        by_day.setdefault(fact.day, []).append(fact)
    if not by_day:
        return []
    begun = min(by_day)
    days = sorted({*by_day, *(day for day in standard_days() if day > begun)})
    known: dict[FactKind, Decimal] = {}
    industry, size, since = "", None, begun
    periods: list[SizePeriod] = []
    for day in days:
        for fact in by_day.get(day, ()):
            if fact.number is None:
                industry = fact.text
            else:
                known[FactKind(fact.kind)] = fact.number
        now = size_of(industry=industry, facts=known, day=day).size
        if now is not size:
            if size is not None:
                periods.append(SizePeriod(size, since, day - _DAY))
            size, since = now, day
    return [*periods, SizePeriod(size, since, None)] if size is not None else periods
