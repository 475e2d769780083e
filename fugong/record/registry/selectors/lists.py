"""The register as a list: narrowed, ordered and paged by key at any size. How fast, and why: docs/adr/0008."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, Subquery

from fugong.base.areas.selectors import area_tree
from fugong.core.bulk import all_rows
from fugong.core.viewer import Viewer
from fugong.record.registry.enums import (
    CodeState,
    GrantCapacity,
    LifeState,
    ListOrder,
    ReporterState,
    SizeState,
    TraitKind,
)
from fugong.record.registry.logic.list_filter import ListFilter
from fugong.record.registry.models import Enterprise, EnterpriseGrant, EnterpriseTrait
from fugong.record.registry.models.enterprise import EnterpriseQuerySet
from fugong.record.registry.permissions import can_list_enterprises
from fugong.record.registry.selectors.traits import sized_on

PAGE = 50
# With the page a list is counted up to the first number, after it up to the second; beyond, there are "more".
COUNTED_AT_ONCE = 1_000
# Without words nothing hangs on the number: the page counts less, and a second request the rest.
COUNTED_UNSEARCHED = 200
COUNTED = 10_000
# So far traits are counted to find the rarest.
FEW = 2_000
_HOW_MANY = """
SELECT (k.number - 1)::integer, (
    SELECT count(*) FROM (
        SELECT FROM registry_enterprisetrait AS t WHERE t.kind = k.kind AND t.value = k.value LIMIT %(most)s
    ) AS counted
) FROM unnest(%(kinds)s::text[], %(values)s::text[]) WITH ORDINALITY AS k (kind, value, number)
"""
Trait = tuple[TraitKind, str]
_ORDERS = {
    ListOrder.NAME: ("by_name", "by_entry"),
    ListOrder.NAME_DOWN: ("-by_name", "-by_entry"),
    ListOrder.OLDEST: ("by_entry",),
    ListOrder.NEWEST: ("-by_entry",),
}


@dataclass(frozen=True, slots=True)
class ListedEnterprise:
    """One line of the list. `code` is the credit code, else the provisional id."""

    pk: int
    name: str
    code: str
    kind: str
    area_name: str
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class Count:
    """How many fit. `more`: there are more than `shown`, and they were not counted."""

    shown: int
    more: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the list and the keys of its neighbours, "" where there is none."""

    rows: list[ListedEnterprise]
    count: Count
    previous_key: str
    next_key: str


def _area_ids(viewer: Viewer, code: str) -> frozenset[int]:
    """The area of this code and those beneath it, as far as the viewer covers them; empty for an unknown code."""
    tree = area_tree()
    area = tree.by_code(code)
    return frozenset(pk for pk in tree.within(area) if viewer.covers(pk)) if area else frozenset()


def _reporting_on(day: date) -> Exists:
    held = EnterpriseGrant.objects.held_on(day).filter(enterprise=OuterRef("pk"), capacity=GrantCapacity.REPORTER)
    return Exists(held)


def _traits(wanted: ListFilter) -> list[Trait]:
    """What is asked about an enterprise that follows from its facts; what usually few have stands first."""
    size = "" if wanted.size == SizeState.NONE else wanted.size
    asked = (
        (TraitKind.TAG, wanted.tag),
        (TraitKind.SIZE, size),
        (TraitKind.SCALE, wanted.scale),
        (TraitKind.INDUSTRY, wanted.industry),
    )
    return [(kind, value) for kind, value in asked if value]


def _held(trait: Trait, day: date) -> Any:
    kind, value = trait
    return EnterpriseTrait.objects.held_on(day).filter(kind=kind, value=value, enterprise=OuterRef("pk")).order_by()


def _with_all(rows: EnterpriseQuerySet, traits: list[Trait], day: date) -> EnterpriseQuerySet:
    """Those that have every trait, in whichever way the planner thinks best."""
    for trait in traits:
        rows = rows.filter(Exists(_held(trait, day)))
    return rows


def _rarest(traits: list[Trait]) -> Trait:
    """The trait that the fewest have, by counts with an end; where all are beyond it, the first. At most 1 query."""
    if len(traits) == 1:
        return traits[0]
    kinds, values = zip(*traits, strict=True)
    counts = all_rows(_HOW_MANY, {"kinds": [*map(str, kinds)], "values": [*values], "most": FEW})
    return traits[min(range(len(traits)), key=dict(counts).__getitem__)]


def _read_by(rows: EnterpriseQuerySet, traits: list[Trait], day: date) -> EnterpriseQuerySet:
    """The rows in the order of their rarest trait, which carries the name; others are looked up for the row at hand.

    A value compared with nothing is no join: the planner cannot turn it round, read every row that has the trait and
    sort them.
    """
    first = kind, value = _rarest(traits)
    begun = Q(traits__kind=kind, traits__value=value, traits__valid_from__lte=day)
    lasting = Q(traits__valid_to__isnull=True) | Q(traits__valid_to__gte=day)
    rows = rows.alias(led=FilteredRelation("traits", condition=begun & lasting)).filter(led__kind=kind)
    for number, trait in enumerate(one for one in traits if one != first):
        found = Subquery(_held(trait, day).order_by("valid_from").values("pk")[:1])
        rows = rows.alias(**{f"trait_{number}": found}).filter(**{f"trait_{number}__isnull": False})
    return rows.alias(by_name=F("led__name"), by_entry=F("led__enterprise_id"))


def _narrowed(viewer: Viewer, wanted: ListFilter, day: date) -> EnterpriseQuerySet:
    """Every condition on the row itself: all but the words searched for and the traits."""
    can_list_enterprises(viewer).require()
    rows = Enterprise.objects.standing()
    # One condition on areas, not two: the planner would take them as independent.
    if wanted.area:
        rows = rows.filter(managing_area_id__in=_area_ids(viewer, wanted.area))
    else:
        rows = rows.managed_within(viewer)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.life == LifeState.ACTIVE:
        rows = rows.active_on(day)
    elif wanted.life == LifeState.CLOSED:
        rows = rows.filter(closed_on__lte=day)
    if wanted.coded:
        rows = rows.filter(uscc__isnull=wanted.coded == CodeState.NONE)
    if wanted.size == SizeState.NONE:
        rows = rows.filter(~Exists(sized_on(day).filter(enterprise=OuterRef("pk"))))
    if wanted.reporter:
        reporting = _reporting_on(day)
        rows = rows.filter(~reporting if wanted.reporter == ReporterState.NONE else reporting)
    return rows


def count_enterprises(viewer: Viewer, wanted: ListFilter, day: date, limit: int = COUNTED) -> Count:
    """How many enterprises fit, counted no further than the limit. 1 query."""
    rows = _with_all(_narrowed(viewer, wanted, day), _traits(wanted), day).named_like(wanted.q).order_by()
    # Not a slice of the rows, for which an order would be asked: which of them are counted is all the same.
    rows.query.set_limits(high=limit + 1)
    found = rows.count()
    return Count(min(found, limit), found > limit)


_DIGITS = 18  # of an id that can be; of thousands Python makes no number


def _key(row: dict[str, Any]) -> str:
    return f"{row['pk']}~{row['name']}"


def _beyond(rows: EnterpriseQuerySet, order: ListOrder, key: str, *, upwards: bool) -> EnterpriseQuerySet:
    """The rows on one side of a key; all of them for a key that cannot be read."""
    head, _separator, name = key.partition("~")
    if not head.isdecimal() or len(head) > _DIGITS:
        return rows
    pk = int(head)
    sign = "gt" if upwards else "lt"
    if order in (ListOrder.OLDEST, ListOrder.NEWEST):
        return rows.filter(**{f"by_entry__{sign}": pk})
    # The second condition alone is what the index on (name, id) can start from.
    return rows.filter(Q(**{f"by_name__{sign}": name}) | Q(**{f"by_entry__{sign}": pk}), **{f"by_name__{sign}e": name})


def _slice(
    rows: EnterpriseQuerySet, order: ListOrder, size: int, *, after: str = "", before: str = ""
) -> list[dict[str, Any]]:
    """Up to `size` rows in the order, the nearest to the key that is given. 1 query."""
    descends = order in (ListOrder.NAME_DOWN, ListOrder.NEWEST)
    upwards = descends if before else not descends
    keys = [F(name.lstrip("-")).asc() if upwards else F(name.lstrip("-")).desc() for name in _ORDERS[order]]
    near = _beyond(rows, order, before or after, upwards=upwards).order_by(*keys)
    columns = ("pk", "name", "uscc", "provisional_id", "kind", "managing_area_id", "closed_on")
    found: list[dict[str, Any]] = [dict(row) for row in near.values(*columns)[:size]]
    return found[::-1] if before else found


def _ordered(viewer: Viewer, wanted: ListFilter, day: date, count: Count | None) -> EnterpriseQuerySet:
    """The rows to take a page from, with `by_name` and `by_entry`, the columns of their order.

    Words that very many names have are met while reading in order, not looked up.
    """
    rows, traits = _narrowed(viewer, wanted, day), _traits(wanted)
    if traits and not wanted.q:
        return _read_by(rows, traits, day)
    rows = _with_all(rows, traits, day).alias(by_name=F("name"), by_entry=F("pk"))
    return rows.named_like_many(wanted.q) if count is not None and count.more else rows.named_like(wanted.q)


def _listed(row: dict[str, Any], areas: dict[int, Any]) -> ListedEnterprise:
    return ListedEnterprise(
        pk=row["pk"],
        name=row["name"],
        code=row["uscc"] or row["provisional_id"] or "",
        kind=row["kind"],
        area_name=str(areas[row["managing_area_id"]]),
        closed_on=row["closed_on"],
    )


def enterprise_page(
    viewer: Viewer, wanted: ListFilter, day: date, *, after: str = "", before: str = "", size: int = PAGE
) -> Page:
    """A page of the register, the rows after a key or before one; never by offset. 3 queries, the tree among them,
    and one more to find the rarest of several traits.

    Too few rows before a key: the first page, so that going back never ends at a short one. A list narrowed by traits
    is counted by the request after the page.
    """
    order, count = ListOrder(wanted.sort), None
    if wanted.q or not _traits(wanted):
        count = count_enterprises(viewer, wanted, day, COUNTED_AT_ONCE if wanted.q else COUNTED_UNSEARCHED)
    rows = _ordered(viewer, wanted, day, count)
    found = _slice(rows, order, size + 1, after=after, before=before)
    further = len(found) > size
    if before and not further:
        found, after, before = _slice(rows, order, size + 1), "", ""
        further = len(found) > size
    shown = found[1:] if before and further else found[:size]
    areas = area_tree().areas
    return Page(
        rows=[_listed(row, areas) for row in shown],
        count=count or Count(len(shown), bool(further or after or before)),
        previous_key=_key(shown[0]) if shown and (after or before) else "",
        next_key=_key(shown[-1]) if shown and (before or further) else "",
    )


def found_directly(viewer: Viewer, text: str, day: date) -> int | None:
    """The enterprise that the words mean, when they mean exactly one of those that the viewer sees. 1 query."""
    found = list(
        _narrowed(viewer, ListFilter(), day).named_like(text).order_by("name", "pk").values_list("pk", flat=True)[:2]
    )
    return found[0] if text.strip() and len(found) == 1 else None


def every_enterprise(viewer: Viewer, wanted: ListFilter, day: date, batch: int = 5000) -> Iterator[list[Enterprise]]:
    """The whole list in its order, in batches by key, each a statement of its own; for exports.

    A row entered or renamed meanwhile comes once or not at all, and never twice.
    """
    count = count_enterprises(viewer, wanted, day) if wanted.q else None
    rows, order = _ordered(viewer, wanted, day, count), ListOrder(wanted.sort)
    ordered = rows.select_related("managing_area", "registered_area").order_by(*_ORDERS[order])
    upwards = order in (ListOrder.NAME, ListOrder.OLDEST)
    key = ""
    while found := list(_beyond(ordered, order, key, upwards=upwards)[:batch]):
        yield found
        key = f"{found[-1].pk}~{found[-1].name}"
