"""What the acts of this room are called in the trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.core.oversight import trail_verbs

_VERBS = {
    "calendars.day.set": _("set a working day or holiday"),
}
for _verb, _words in _VERBS.items():
    trail_verbs.register(_verb, _words)
