from __future__ import annotations

from fugong.base.notifications import permissions
from fugong.base.notifications.models import Message
from fugong.core.viewer import Viewer


def outbox(viewer: Viewer, state: str = "", before: int | None = None, size: int = 50) -> list[Message]:
    """The last messages, newest first, from one below `before`; one more than `size` when there are further ones."""
    if not permissions.can_see_outbox(viewer):
        return []
    found = Message.objects.select_related("recipient", "said_by")
    if state:
        found = found.filter(state=state)
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found.order_by("-pk")[: size + 1])
