"""The register as a list: narrowed, ordered and paged by key at any size. How fast, and why: docs/adr/0008."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL

from fugong.base.areas.selectors import area_tree
from fugong.core.viewer import Viewer
from fugong.record.registry.enums import (
    CodeState,
    FactKind,
    GrantCapacity,
    LifeState,
    ListOrder,
    ReporterState,
    SizeState,
)
from fugong.record.registry.logic.industries import divisions_of
from fugong.record.registry.logic.list_filter import ListFilter
from fugong.record.registry.models import Enterprise, EnterpriseFact, EnterpriseGrant, EnterpriseSize
from fugong.record.registry.models.enterprise import EnterpriseQuerySet
from fugong.record.registry.permissions import can_list_enterprises
from fugong.record.registry.selectors.traits import sized_on

PAGE = 50
# With the page a list is counted up to the first number, after it up to the second; beyond, there are "more".
COUNTED_AT_ONCE = 1_000
# Without words nothing hangs on the number: the page counts less, and a second request the rest.
COUNTED_UNSEARCHED = 200
COUNTED = 10_000
# A trait that up to so many have is looked up and its enterprises are sorted; beyond, they are met soon in order.
LOOKED_UP = 5_000
_ORDERS = {
    ListOrder.NAME: ("name", "pk"),
    ListOrder.NAME_DOWN: ("-name", "-pk"),
    ListOrder.OLDEST: ("pk",),
    ListOrder.NEWEST: ("-pk",),
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


def _lasts(day: date) -> Q:
    return Q(valid_to__isnull=True) | Q(valid_to__gte=day)


def _tagged_on(tag: str, day: date) -> Any:
    tags = EnterpriseFact.objects.standing().filter(kind=FactKind.TAG, text=tag, valid_from__lte=day)
    return tags.filter(_lasts(day))


def _stated_on(kind: FactKind, said: Q, day: date) -> Any:
    """The facts of this kind that hold on the day and say so: begun by then, and no later one begun too."""
    begun = EnterpriseFact.objects.standing().filter(kind=kind, valid_from__lte=day)
    later = begun.filter(enterprise=OuterRef("enterprise"), valid_from__gt=OuterRef("valid_from"))
    return begun.filter(said, ~Exists(later))


def _in_section(section: str) -> Q:
    first, last = divisions_of(section)
    return Q(text=section) | Q(text__gte=first, text__lt=f"{int(last) + 1:02d}")


def _traits(wanted: ListFilter, day: date) -> list[Any]:
    """What is asked of other tables about an enterprise: rows of theirs, of which it must have one."""
    traits = []
    if wanted.size and wanted.size != SizeState.NONE:
        traits.append(sized_on(day).filter(size=wanted.size))
    if wanted.tag:
        traits.append(_tagged_on(wanted.tag, day))
    if wanted.scale:
        traits.append(_stated_on(FactKind.ABOVE_SCALE, Q(text=wanted.scale), day))
    if wanted.industry:
        traits.append(_stated_on(FactKind.INDUSTRY, _in_section(wanted.industry), day))
    return [trait.order_by() for trait in traits]


def _with_all(rows: EnterpriseQuerySet, traits: list[Any]) -> EnterpriseQuerySet:
    """Those that have every trait, in whichever way the planner thinks best: for counting."""
    for trait in traits:
        rows = rows.filter(Exists(trait.filter(enterprise=OuterRef("pk"))))
    return rows


def _met_in_order(rows: EnterpriseQuerySet, traits: list[Any]) -> EnterpriseQuerySet:
    """The same rows for reading in order: each trait is looked up for the row at hand.

    A value compared with nothing is no join: the planner cannot turn it round, read every row that has the trait and
    sort them.
    """
    for number, trait in enumerate(traits):
        held = trait.filter(enterprise=OuterRef("pk")).order_by("enterprise_id")
        found = Subquery(held.values("pk")[:1])
        rows = rows.alias(**{f"trait_{number}": found}).filter(**{f"trait_{number}__isnull": False})
    return rows


def _division_rows(words: Any, section: str) -> Any:
    first, last = divisions_of(section)
    return words.filter(kind=FactKind.INDUSTRY, text__gte=first, text__lt=f"{int(last) + 1:02d}")


def _perhaps(wanted: ListFilter, first: Any) -> Any:
    """Rows that the index alone gives of the first trait; whether a word still held on the day is asked later."""
    if first.model is EnterpriseSize:
        return EnterpriseSize.objects.filter(size=wanted.size).order_by()
    words = EnterpriseFact.objects.standing().order_by()
    if wanted.tag:
        return words.filter(kind=FactKind.TAG, text=wanted.tag)
    if wanted.scale:
        return words.filter(kind=FactKind.ABOVE_SCALE, text=wanted.scale)
    coarse, fine = words.filter(kind=FactKind.INDUSTRY, text=wanted.industry), _division_rows(words, wanted.industry)
    # One index scan behind the other, and not the two together, which would be read to their ends.
    return coarse.union(fine, all=True)


def _among(rows: EnterpriseQuerySet, ids: list[int]) -> EnterpriseQuerySet:
    """Those of some thousand ids, given as one value."""
    return rows.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [ids]))


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
    rows = _with_all(_narrowed(viewer, wanted, day), _traits(wanted, day)).named_like(wanted.q).order_by()
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
        return rows.filter(**{f"pk__{sign}": pk})
    # The second condition alone is what the index on (name, id) can start from.
    return rows.filter(Q(**{f"name__{sign}": name}) | Q(**{f"pk__{sign}": pk}), **{f"name__{sign}e": name})


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
    """The rows to take a page from. Words that very many names have are met while reading in order, not looked up."""
    traits = _traits(wanted, day)
    if traits and not wanted.q:
        return _having(viewer, wanted, day)
    rows = _with_all(_narrowed(viewer, wanted, day), traits)
    return rows.named_like_many(wanted.q) if count is not None and count.more else rows.named_like(wanted.q)


def _having(viewer: Viewer, wanted: ListFilter, day: date) -> EnterpriseQuerySet:
    """The same rows, narrowed by traits and not searched: a trait that few have is looked up, others met in order."""
    rows, traits = _narrowed(viewer, wanted, day), _traits(wanted, day)
    perhaps = _perhaps(wanted, traits[0]).values_list("enterprise_id", flat=True)
    # Not a slice, for which an order would be asked: which of too many are read is all the same.
    perhaps.query.set_limits(high=LOOKED_UP + 1)
    ids = list(perhaps)
    return _met_in_order(_among(rows, ids) if len(ids) <= LOOKED_UP else rows, traits)


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
    """A page of the register, the rows after a key or before one; never by offset. 3 queries, the tree among them.

    Too few rows before a key: the first page, so that going back never ends at a short one. A list narrowed by traits
    is counted by the request after the page.
    """
    order, count = ListOrder(wanted.sort), None
    if wanted.q or not _traits(wanted, day):
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
