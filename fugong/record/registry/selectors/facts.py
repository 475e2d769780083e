"""The facts of enterprises as they stand on a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, Protocol

from fugong.base.areas.selectors import area_tree
from fugong.core.decision import OutOfScope
from fugong.core.viewer import Viewer
from fugong.record.registry.enums import NOT_CLASSED, FactKind
from fugong.record.registry.logic.size import Size, size_of
from fugong.record.registry.models import Enterprise, EnterpriseFact
from fugong.record.registry.models.fact import EnterpriseFactQuerySet
from fugong.record.registry.selectors.enterprises import enterprise_for, enterprises_for

CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class FactsOfDay:
    """What is known of one enterprise on a day; what nobody has stated is absent, None or empty."""

    numbers: dict[FactKind, Decimal] = field(default_factory=dict)
    industry: str = ""
    above_scale: bool | None = None
    tags: tuple[str, ...] = ()

    def size(self, kind: str, day: date) -> Size:
        """The size class on a day, for an enterprise of this kind."""
        if kind in NOT_CLASSED:
            return Size(excluded=True)
        return size_of(industry=self.industry, facts=self.numbers, day=day)


NOTHING_KNOWN = FactsOfDay()


# The columns read of each fact; `key` is what the rows are told apart by.
_STATED = ("enterprise_id", "kind", "number", "text", "key")


class _Stated(Protocol):
    """What is read of a fact: the row itself, or these columns of it."""

    @property
    def kind(self) -> str: ...
    @property
    def number(self) -> Decimal | None: ...
    @property
    def text(self) -> str: ...


def _gathered(facts: Iterable[_Stated]) -> FactsOfDay:
    """The facts of one enterprise that hold on one day, put together."""
    numbers: dict[FactKind, Decimal] = {}
    texts: dict[str, str] = {}
    tags: list[str] = []
    for fact in facts:
        if fact.number is not None:
            numbers[FactKind(fact.kind)] = fact.number
        elif fact.kind == FactKind.TAG:
            tags.append(fact.text)
        else:
            texts[fact.kind] = fact.text
    above = texts.get(FactKind.ABOVE_SCALE)
    return FactsOfDay(numbers, texts.get(FactKind.INDUSTRY, ""), above == "yes" if above else None, tuple(sorted(tags)))


def facts_on(viewer: Viewer, enterprise_ids: Iterable[int], day: date) -> dict[int, FactsOfDay]:
    """Enterprise id → its facts on a day, for those of these that the official sees. One query; none for no ids.

    An enterprise of which nothing is known is absent: read with `.get(pk, NOTHING_KNOWN)`.
    """
    ids = list(enterprise_ids)
    if not ids:
        return {}
    rows = EnterpriseFact.objects.filter(enterprise_id__in=ids)
    if not viewer.covers_root:
        rows = rows.filter(enterprise__managing_area_id__in=viewer.area_ids)
    return facts_of(rows, day)


def facts_of(rows: EnterpriseFactQuerySet, day: date) -> dict[int, FactsOfDay]:
    """Enterprise id → what these facts say on a day; callers have found them through their viewer. One query."""
    found: dict[int, list[Any]] = {}
    for fact in rows.known_on(day).values_list(*_STATED, named=True):
        found.setdefault(fact.enterprise_id, []).append(fact)
    return {pk: _gathered(facts) for pk, facts in found.items()}


def _holding_on(facts: Iterable[EnterpriseFact], day: date) -> list[EnterpriseFact]:
    """Of facts in the order of the latest day first, those that hold on a day: one per kind, and the tags."""
    found: dict[str, EnterpriseFact] = {}
    for fact in facts:
        if fact.valid_from > day or (fact.valid_to is not None and fact.valid_to < day):
            continue
        found.setdefault(f"{fact.kind} {fact.text}" if fact.kind == FactKind.TAG else fact.kind, fact)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class FactSheet:
    """The facts of one enterprise: every value over time, those that hold on a day, and the size class they give."""

    enterprise: Enterprise
    history: list[EnterpriseFact]
    holding: list[EnterpriseFact]
    facts: FactsOfDay
    size: Size


def fact_sheet(viewer: Viewer, enterprise_id: int, day: date) -> FactSheet:
    """What the page of an enterprise shows of its facts; corrected values are left out. Raises `OutOfScope`."""
    enterprise = enterprise_for(viewer, enterprise_id)
    history = list(EnterpriseFact.objects.standing().filter(enterprise=enterprise).order_by("-valid_from", "pk"))
    holding = _holding_on(history, day)
    facts = _gathered(holding)
    return FactSheet(enterprise, history, holding, facts, facts.size(enterprise.kind, day))


@dataclass(frozen=True, slots=True)
class DescribedEnterprise:
    """An enterprise with its facts and size class on a day."""

    enterprise: Enterprise
    facts: FactsOfDay
    size: Size


def described(viewer: Viewer, day: date, area_code: str = "") -> Iterator[DescribedEnterprise]:
    """The register of an official, by credit code, in chunks: memory does not grow with it. A query per 2,000 or so.

    Tombstones of merged enterprises are left out. Raises `OutOfScope` for an area that the official does not see.
    """
    rows = enterprises_for(viewer).standing().select_related("registered_area").order_by("uscc", "pk")
    if area_code:
        area = area_tree().by_code(area_code)
        if area is None or not viewer.covers(area.pk):
            raise OutOfScope(f"area {area_code}")
        rows = rows.filter(managing_area__path__startswith=area.path)
    return _in_chunks(viewer, rows.iterator(chunk_size=CHUNK), day)


def _in_chunks(viewer: Viewer, rows: Iterator[Enterprise], day: date) -> Iterator[DescribedEnterprise]:
    while chunk := list(islice(rows, CHUNK)):
        known = facts_on(viewer, [enterprise.pk for enterprise in chunk], day)
        for enterprise in chunk:
            facts = known.get(enterprise.pk, NOTHING_KNOWN)
            yield DescribedEnterprise(enterprise, facts, facts.size(enterprise.kind, day))
