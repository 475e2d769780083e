"""Writing the trail. No permission is asked: the trail may refuse nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fugong.base.audit.models import AuditEntry
from fugong.core import clock
from fugong.core.origin import origin
from fugong.core.readonly import writes_permitted
from fugong.core.viewer import Viewer


def record(
    *, actor: Viewer, verb: str, subject: str, detail: Mapping[str, Any] | None = None, reason: str = ""
) -> None:
    """Write one entry, in the transaction of the act itself.

    `verb`: `app.noun.past_participle`; `subject`: `app.noun:id`; `detail`: JSON without personal data beyond ids.
    """
    AuditEntry.objects.create(
        at=clock.now(),
        actor_id=actor.id,
        actor_name=actor.name,
        verb=verb,
        subject=subject,
        detail=dict(detail or {}),
        reason=reason,
        origin=origin.get(),
    )


def record_access(*, actor: Viewer, verb: str, subject: str, reason: str = "") -> None:
    """Write that something was read; the only write that a reading request may make."""
    with writes_permitted():
        record(actor=actor, verb=verb, subject=subject, reason=reason)
