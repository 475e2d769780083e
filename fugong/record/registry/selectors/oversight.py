"""What the trail's readers may know of an enterprise: its name and code, by the entries of their own areas."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from fugong.base.audit.permissions import can_read_trail
from fugong.core import clock
from fugong.core.oversight import Named
from fugong.core.viewer import Viewer
from fugong.record.incidents.selectors import incidents_for
from fugong.record.registry.models import Enterprise

MOST_FOUND = 50


def enterprises_named(viewer: Viewer, ids: Iterable[int]) -> dict[int, Named]:
    """Name and code by id; with the address of the page for a viewer who covers the area. 1 query, 2 with pages."""
    can_read_trail(viewer).require()
    rows = list(Enterprise.objects.filter(pk__in=list(ids)).order_by("pk"))
    slug = ""
    if any(viewer.covers(row.managing_area_id) for row in rows):
        incident = incidents_for(viewer).open_on(clock.today()).first() or incidents_for(viewer).first()
        slug = incident.slug if incident else ""
    return {
        row.pk: Named(
            row.name,
            row.code,
            reverse("registry:detail", args=[slug, row.pk]) if slug and viewer.covers(row.managing_area_id) else "",
        )
        for row in rows
    }


def enterprise_ids_like(viewer: Viewer, text: str) -> list[int]:
    """Ids of enterprises by words of the name or the beginning of the code, for looking into the trail. 1 query."""
    can_read_trail(viewer).require()
    return list(Enterprise.objects.all().named_like(text).order_by("pk").values_list("pk", flat=True)[:MOST_FOUND])


def area_of_enterprise(viewer: Viewer, pk: int) -> int | None:
    """The id of the area that manages an enterprise, for the rule of reads outside one's own area. 1 query."""
    can_read_trail(viewer).require()
    return Enterprise.objects.filter(pk=pk).values_list("managing_area_id", flat=True).first()
