from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Q

from fugong.base.areas.selectors import area_ids_within
from fugong.core.decision import OutOfScope
from fugong.core.memo import once_per_request
from fugong.core.viewer import Viewer
from fugong.record.registry.models import Enterprise, EnterpriseMove
from fugong.record.registry.models.enterprise import EnterpriseQuerySet
from fugong.record.registry.permissions import can_list_enterprises


def enterprises_for(viewer: Viewer) -> EnterpriseQuerySet:
    """The enterprises an official sees: those managed within the mandates' areas, without merged ones."""
    can_list_enterprises(viewer).require()
    seen = Enterprise.objects.standing().managed_within(viewer)
    return seen.select_related("managing_area").order_by("name", "pk")


@once_per_request
def enterprise_for(viewer: Viewer, pk: int) -> Enterprise:
    """One enterprise of the official's area, also one that was merged into another: its history stays readable.

    Raises `OutOfScope` when it is none of theirs, or does not exist.
    """
    can_list_enterprises(viewer).require()
    seen = Enterprise.objects.managed_within(viewer).select_related("managing_area", "registered_area")
    enterprise = seen.filter(pk=pk).first()
    if enterprise is None:
        raise OutOfScope(f"enterprise {pk}")
    return enterprise


def in_business(
    path: str,
    day: date,
    *,
    or_else: Q = Q(),  # noqa: B008
    **more: Any,
) -> EnterpriseQuerySet:
    """The enterprises in business on a day that an area, given by its path, managed on that day, and those of which
    `or_else` holds: the base of every figure. `more`: what else a row carries, so that `or_else` can speak of it.

    Each carries `area_on_day`, so that a later move leaves the day as it was. An enterprise whose founding day nobody
    knows counts as founded before every day.
    """
    # Of the annotation and by ids: a filter on what joins would join moves and areas a second time.
    here = Q(area_on_day__in=area_ids_within([path]))
    rows = Enterprise.objects.annotate(**more)
    return rows.active_on_or(day, or_else).with_area_on(day).filter(here | or_else)


def ever_managed_in(area_ids: Collection[int], most: int) -> frozenset[int] | None:
    """Ids of the enterprises that any of these areas manages or has managed: no day knows others there.

    None where they manage more than `most`. By two indexes; 2 queries.
    """
    managed = Enterprise.objects.filter(managing_area_id__in=area_ids).order_by("managing_area_id", "name", "pk")
    found = list(managed.values_list("pk", flat=True)[: most + 1])
    if len(found) > most:
        return None
    moved = EnterpriseMove.objects.filter(from_area_id__in=area_ids).values_list("enterprise_id", flat=True)
    return frozenset(found).union(moved)


def places_within(viewer: Viewer, path: str) -> dict[str, tuple[int, int]]:
    """Credit code → (enterprise id, managing area id) of those an official sees beneath an area, given by its path."""
    seen = enterprises_for(viewer).filter(managing_area__path__startswith=path)
    rows = seen.filter(uscc__isnull=False).order_by().values_list("uscc", "pk", "managing_area_id")
    found = {code: (pk, area_id) for code, pk, area_id in rows.iterator() if code}
    # A code that a merge left behind still means the enterprise.
    old = seen.filter(merged__uscc__isnull=False).order_by().values_list("merged__uscc", "pk", "managing_area_id")
    return found | {code: (pk, area_id) for code, pk, area_id in old if code}
