from __future__ import annotations

from fugong.base.audit.models import AuditEntry
from fugong.core.viewer import ANONYMOUS, Viewer


def trail_of(viewer: Viewer, subject: str, size: int = 50) -> list[AuditEntry]:
    """The last acts on an object, newest first. Whether the viewer may see the object its own room has asked."""
    if viewer == ANONYMOUS:
        return []
    return list(AuditEntry.objects.filter(subject=subject).order_by("-id")[:size])
