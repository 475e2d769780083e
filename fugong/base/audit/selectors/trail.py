from __future__ import annotations

from datetime import datetime

from django.db.models import Max, QuerySet

from fugong.base.audit.models import AuditEntry
from fugong.base.audit.permissions import READERS, can_read_trail
from fugong.core.viewer import ANONYMOUS, Viewer


def trail_of(viewer: Viewer, subject: str, size: int = 50) -> list[AuditEntry]:
    """The last acts on an object, newest first. Whether the viewer may see the object its own room has asked."""
    if viewer == ANONYMOUS:
        return []
    return list(AuditEntry.objects.filter(subject=subject).order_by("-id")[:size])


def last_moments(viewer: Viewer, verb: str, subjects: list[str]) -> dict[str, datetime]:
    """By object: when such an act was last done to it. Whether the viewer may see them their own room has asked."""
    if viewer == ANONYMOUS or not subjects:
        return {}
    rows = AuditEntry.objects.filter(verb=verb, subject__in=subjects).order_by().values_list("subject")
    return dict(rows.annotate(last=Max("at")))


def areas_of_trail(viewer: Viewer) -> frozenset[int] | None:
    """Ids of the areas whose entries the viewer reads; None for the whole place."""
    if viewer.holds_everywhere(*READERS):
        return None
    return frozenset().union(*(areas for role, areas in viewer.mandates if role in READERS and areas))


def trail_for(viewer: Viewer) -> QuerySet[AuditEntry]:
    """The entries that the viewer may read: those of the areas of the mandate as auditor or administrator.

    An entry without an area (a playbook, a sign-in that failed) is for those of the whole place. Raises `Denied`.
    """
    can_read_trail(viewer).require()
    areas = areas_of_trail(viewer)
    rows = AuditEntry.objects.order_by("-pk")
    return rows if areas is None else rows.filter(area_id__in=areas)
