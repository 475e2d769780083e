"""Enterprises by what the register says of them on a day: the scope of a figure as a condition on rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce, Left

from fugong.base.areas.selectors import area_tree
from fugong.core.registries import Filter
from fugong.record.registry.enums import EnterpriseKind, FactKind, SizeClass, TraitKind
from fugong.record.registry.logic.industries import divisions, divisions_of, sections
from fugong.record.registry.models import Enterprise, EnterpriseFact, EnterpriseTrait


def _latest(kind: FactKind, day: date) -> Any:
    """The fact of a kind that holds on the day, of the outer enterprise."""
    begun = EnterpriseFact.objects.standing().filter(enterprise=OuterRef("pk"), kind=kind, valid_from__lte=day)
    return begun.order_by("-valid_from")


def headcount_on(day: date) -> Subquery:
    """The people that an enterprise had by the register on a day; NULL when nobody stated it."""
    return Subquery(_latest(FactKind.HEADCOUNT, day).values("number")[:1])


_UNKNOWN = Value("", output_field=TextField())


def industry_on(day: date) -> Coalesce:
    """The industry code of an enterprise on a day, "" when nobody stated it."""
    return Coalesce(Subquery(_latest(FactKind.INDUSTRY, day).values("text")[:1]), _UNKNOWN)


def above_scale_on(day: date) -> Coalesce:
    """yes, no, or "" when nobody stated it."""
    return Coalesce(
        Subquery(_latest(FactKind.ABOVE_SCALE, day).values("text")[:1]), Value("", output_field=TextField())
    )


def tagged_on(tag: str, day: date) -> Exists:
    """The enterprise carries the tag on the day."""
    tags = EnterpriseFact.objects.standing().filter(kind=FactKind.TAG, text=tag, valid_from__lte=day)
    return Exists(tags.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), enterprise=OuterRef("pk")))


def sized_on(day: date) -> QuerySet[EnterpriseTrait]:
    """The size classes that hold on a day, one row for each enterprise that has one, with the class as `value`."""
    return EnterpriseTrait.objects.held_on(day).filter(kind=TraitKind.SIZE).order_by()


def with_traits(rows: QuerySet[Any], wanted: Iterable[Filter], day: date) -> QuerySet[Any]:
    """The rows with what the filters ask about as `industry_on_day`, `division_on_day`, `above_on_day`."""
    filters = list(wanted)
    if any(one.industries for one in filters):
        rows = rows.alias(industry_on_day=industry_on(day)).alias(division_on_day=Left("industry_on_day", 2))
    if any(one.above_scale is not None for one in filters):
        rows = rows.alias(above_on_day=above_scale_on(day))
    return rows


def _industry(codes: tuple[str, ...]) -> Q:
    found = Q()
    for code in codes:
        if code.isdigit():
            found |= Q(industry_on_day__startswith=code)
        else:
            found |= Q(industry_on_day=code) | Q(division_on_day__range=divisions_of(code))
    return found


def fits(wanted: Filter, day: date, area: str) -> Q:
    """The condition of a filter on rows `with_traits`. `area`: the name of their managing area on the day."""
    condition = Q()
    if wanted.kinds:
        condition &= Q(kind__in=wanted.kinds)
    if wanted.industries:
        condition &= _industry(wanted.industries)
    if wanted.above_scale is not None:
        condition &= Q(above_on_day="yes" if wanted.above_scale else "no")
    if wanted.sizes:
        condition &= Q(pk__in=sized_on(day).filter(value__in=wanted.sizes).values("enterprise_id"))
    if wanted.tags:
        tags = Q()
        for tag in wanted.tags:
            tags |= Q(tagged_on(tag, day))
        condition &= tags
    if wanted.areas:
        tree = area_tree()
        areas = [found for code in wanted.areas if (found := tree.by_code(code))]
        condition &= Q(**{f"{area}__in": frozenset[int]().union(*(tree.within(one) for one in areas))})
    return condition


def _texts(kind: FactKind, ids: list[int], day: date) -> dict[int, str]:
    rows = EnterpriseFact.objects.standing().filter(enterprise_id__in=ids, kind=kind, valid_from__lte=day)
    latest = rows.order_by("enterprise_id", "-valid_from").distinct("enterprise_id")
    return dict(latest.values_list("enterprise_id", "text"))


def _tags(ids: list[int], day: date) -> dict[int, tuple[str, ...]]:
    rows = EnterpriseFact.objects.standing().filter(enterprise_id__in=ids, kind=FactKind.TAG, valid_from__lte=day)
    found: dict[int, set[str]] = {}
    holding = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
    for pk, tag in holding.order_by().values_list("enterprise_id", "text"):
        found.setdefault(pk, set()).add(tag)
    return {pk: tuple(sorted(tags)) for pk, tags in found.items()}


# By what enterprises are parted in a table; only of tags one may have several.
TRAITS = ("industry", "size", "tag", "scale", "kind")


def traits_of(trait: str, ids: list[int], day: date) -> dict[int, tuple[str, ...]]:
    """Enterprise id → its values of one of `TRAITS` on a day; those of which nothing is known are left out.

    Industries are divisions (two digits), or the section where no more is known. Not scoped: callers have found the
    ids through their viewer.
    """
    if trait == "tag":
        return _tags(ids, day)
    if trait == "industry":
        codes = _texts(FactKind.INDUSTRY, ids, day)
        return {pk: (code[:2],) for pk, code in codes.items()}
    if trait == "scale":
        return {pk: (text,) for pk, text in _texts(FactKind.ABOVE_SCALE, ids, day).items()}
    if trait == "kind":
        kinds = Enterprise.objects.filter(pk__in=ids).order_by().values_list("pk", "kind")
        return {pk: (kind,) for pk, kind in kinds}
    return {
        pk: (size,) for pk, size in sized_on(day).filter(enterprise_id__in=ids).values_list("enterprise_id", "value")
    }


def trait_values(trait: str) -> list[str]:
    """What one of `TRAITS` may be, in the order in which people list it; but for tags (selectors/tags.py)."""
    fixed = {"industry": [*sections(), *divisions()], "size": SizeClass.values, "scale": ["yes", "no"]}
    return list(fixed.get(trait, EnterpriseKind.values))
