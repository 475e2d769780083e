from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from fugong.base.notifications.enums import MessageState
from fugong.base.notifications.models import Message
from fugong.core.text import masked_phone

_CHIPS = {
    MessageState.QUEUED: "idle",
    MessageState.SENT: "ok",
    MessageState.KEPT: "idle",
    MessageState.SUPPRESSED: "none",
    MessageState.FAILED: "bad",
}


def _why(message: Message) -> str:
    """One sentence on a message that did not go out."""
    if message.is_drill:
        return _("Drill: it never leaves this page.")
    if message.said_by is not None:
        return _("Said already, see number %(number)s.") % {"number": message.said_by_id}
    if message.problem == "no_phone":
        return _("The person has no phone number; enter one on the person's page.")
    if message.problem == "refused" or message.problem.startswith("http_4"):
        return _("The gateway refused it (%(word)s). Check the gateway's settings.") % {"word": message.problem}
    if message.problem:
        return _("The gateway did not answer (%(word)s), tried %(times)s times.") % {
            "word": message.problem,
            "times": message.attempts,
        }
    return ""


def message_row(message: Message) -> dict[str, Any]:
    """A message as the outbox draws it."""
    return {
        "number": message.pk,
        "at": message.created_at,
        "name": message.recipient.name if message.recipient else "",
        "phone": masked_phone(message.phone),
        "text": message.text,
        "gone": message.secret and not message.text,
        "kind": message.kind,
        "chip": _CHIPS[MessageState(message.state)],
        "state": MessageState(message.state).label,
        "why": _why(message),
    }
