from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from fugong.base.notifications import permissions
from fugong.base.notifications.enums import MessageState
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


def last_said(viewer: Viewer, quiet_keys: Iterable[str]) -> dict[str, datetime]:
    """Quiet key → when it was last said to anybody, for whoever may have it said; failed ones do not count."""
    if not permissions.can_queue_message(viewer):
        return {}
    spoken = (MessageState.QUEUED, MessageState.SENT, MessageState.KEPT)
    rows = Message.objects.filter(quiet_key__in=list(quiet_keys), state__in=spoken).order_by("pk")
    return dict(rows.values_list("quiet_key", "created_at"))
