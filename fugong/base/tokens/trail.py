"""What the acts of this room are called in the trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.core.oversight import trail_verbs

_VERBS = {
    "tokens.token.made": _("made an access key"),
    "tokens.token.revoked": _("revoked an access key"),
    "tokens.token.used": _("used an access key"),
    "tokens.answers.forgotten": _("removed answers kept for repeated calls"),
}
for _verb, _words in _VERBS.items():
    trail_verbs.register(_verb, _words)
