"""What the acts of this room are called in the trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.core.oversight import trail_verbs

_VERBS = {
    "situation.figures.repaired": _("counted figures again"),
    "situation.target.set": _("set a target"),
    "situation.indicator.stated": _("stated an indicator"),
    "situation.indicator.ended": _("ended an indicator"),
    "situation.bulletin.taken": _("took the draft bulletin along"),
}
for _verb, _words in _VERBS.items():
    trail_verbs.register(_verb, _words)
