"""What the acts of this room are called in the trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.core.oversight import trail_verbs

_VERBS = {
    "notifications.message.queued": _("queued a message"),
    "notifications.message.suppressed": _("held a message back"),
    "notifications.message.sent": _("sent a message"),
    "notifications.message.failed": _("could not send a message"),
    "notifications.messages.forgotten": _("deleted old messages"),
}
for _verb, _words in _VERBS.items():
    trail_verbs.register(_verb, _words)
