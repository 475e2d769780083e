from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from fugong.core.decision import OutOfScope
from fugong.core.viewer import Viewer
from fugong.record.registry.enums import GrantCapacity
from fugong.record.registry.models import Enterprise, EnterpriseGrant
from fugong.record.registry.models.enterprise import EnterpriseQuerySet
from fugong.record.registry.permissions import can_list_enterprises


def enterprises_for(viewer: Viewer) -> EnterpriseQuerySet:
    """The enterprises an official sees: those managed within the mandates' areas."""
    can_list_enterprises(viewer).require()
    return Enterprise.objects.managed_within(viewer).select_related("managing_area").order_by("name", "pk")


def enterprise_for(viewer: Viewer, pk: int) -> Enterprise:
    """One enterprise of the official's area. Raises `OutOfScope` when it is none of theirs, or does not exist."""
    enterprise = enterprises_for(viewer).select_related("registered_area").filter(pk=pk).first()
    if enterprise is None:
        raise OutOfScope(f"enterprise {pk}")
    return enterprise


def in_business(path: str, day: date, *, or_else: Q) -> EnterpriseQuerySet:
    """The enterprises in business on a day within an area, given by its path, and those of which `or_else` holds.

    An enterprise whose founding day nobody knows counts as founded before every day.
    """
    ended = Q(closed_on__isnull=True) | Q(closed_on__gt=day)
    begun = Q(established_on__isnull=True) | Q(established_on__lte=day)
    return Enterprise.objects.filter(Q(managing_area__path__startswith=path) & begun & ended | or_else)


def my_enterprises(viewer: Viewer) -> EnterpriseQuerySet:
    """The enterprises the viewer reports for."""
    mine = Enterprise.objects.granted_to(viewer, GrantCapacity.REPORTER)
    return mine.select_related("managing_area").order_by("name", "pk")


def my_enterprise(viewer: Viewer, pk: int) -> Enterprise:
    """One enterprise the viewer reports for. Raises `OutOfScope` otherwise."""
    enterprise = my_enterprises(viewer).filter(pk=pk).first()
    if enterprise is None:
        raise OutOfScope(f"enterprise {pk}")
    return enterprise


_LONGEST_KEY = 19  # digits below the largest bigint


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the list by key: rows and the key to go on from (None at the end)."""

    rows: list[Enterprise]
    next_key: str | None
    total: int


def _key(enterprise: Enterprise) -> str:
    return f"{enterprise.pk}~{enterprise.name}"


def enterprise_page(viewer: Viewer, query: str = "", after: str = "", area_code: str = "", size: int = 50) -> Page:
    """A page of the register in the order of names, after a key; never by offset. 2 queries."""
    rows = enterprises_for(viewer).named_like(query.strip())
    if area_code:
        rows = rows.filter(
            Q(managing_area__path__startswith=f"{area_code}/") | Q(managing_area__path__contains=f"/{area_code}/")
        )
    total = rows.count()
    pk, _separator, name = after.partition("~")
    if pk.isdecimal() and len(pk) < _LONGEST_KEY:
        # The first condition alone is what the index on (name, id) can start from.
        rows = rows.filter(Q(name__gt=name) | Q(pk__gt=int(pk)), name__gte=name)
    found = list(rows[: size + 1])
    return Page(found[:size], _key(found[size - 1]) if len(found) > size else None, total)


def reporters_of(viewer: Viewer, enterprise: Enterprise, on: date) -> list[EnterpriseGrant]:
    """The people who report for an enterprise on a day, for an official who sees the enterprise."""
    grants = EnterpriseGrant.objects.held_on(on).filter(enterprise=enterprise, capacity=GrantCapacity.REPORTER)
    return (
        list(grants.select_related("user").order_by("valid_from", "pk"))
        if enterprise_for(viewer, enterprise.pk)
        else []
    )


def grants_of(user_id: int, on: date) -> frozenset[tuple[str, int]]:
    """What a person holds on a day, as the viewer carries it: (capacity, enterprise id)."""
    held = EnterpriseGrant.objects.held_on(on).filter(user_id=user_id)
    return frozenset(held.order_by("pk").values_list("capacity", "enterprise_id"))


def places_within(viewer: Viewer, path: str) -> dict[str, tuple[int, int]]:
    """Credit code → (enterprise id, managing area id) of those an official sees beneath an area, given by its path."""
    seen = enterprises_for(viewer).filter(managing_area__path__startswith=path, uscc__isnull=False)
    rows = seen.order_by().values_list("uscc", "pk", "managing_area_id")
    return {code: (pk, area_id) for code, pk, area_id in rows.iterator() if code}
