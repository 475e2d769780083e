"""Values and times as a person writes them. Pure."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SOON_MINUTES = 120


def minutes_left(now: datetime, due: datetime) -> int:
    """Whole minutes until the due time, rounded up; negative once it has passed."""
    return -int((now - due).total_seconds() // 60)


def due_words(minutes: int) -> str:
    """“1 hour 48 min left”, or how long it is overdue."""
    late = minutes < 0
    hours, rest = divmod(abs(minutes), 60)
    parts = []
    if hours:
        parts.append(ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours})
    if rest or not hours:
        parts.append(_("%(count)d min") % {"count": rest})
    time = " ".join(parts)
    return _("%(time)s late") % {"time": time} if late else _("%(time)s left") % {"time": time}


def shown(value: Any) -> str:
    """A value as a person writes it: 72, not 72.0; nothing for an empty one."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)
