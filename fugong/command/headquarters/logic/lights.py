"""How a directive stands: green, amber or red. Computed from its times and never stored. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fugong.command.headquarters.enums import RUNNING, DirectiveState

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_IN_HOURS = timedelta(hours=36)


class Light(Enum):
    """The colour, by the name of its chip."""

    GREEN = "ok"
    AMBER = "risk"
    RED = "bad"
    WAITING = "brand"
    OFF = "idle"


@dataclass(frozen=True, slots=True)
class Times:
    """What a light is computed of."""

    state: str
    acknowledge_by: datetime
    acknowledged_at: datetime | None
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Lit:
    """A light with its word: shape, word and colour are always shown together."""

    light: Light
    words: str


def _late(span: timedelta) -> str:
    """How long ago, in whole days, or below one day in begun hours."""
    if days := span // _DAY:
        return ngettext("overdue by %(n)d day", "overdue by %(n)d days", days) % {"n": days}
    hours = max(-(-span // _HOUR), 1)
    return ngettext("overdue by %(n)d hour", "overdue by %(n)d hours", hours) % {"n": hours}


def _left(span: timedelta) -> str:
    """How long still, in days to the nearest, or below a day and a half in begun hours."""
    if span > _IN_HOURS:
        days = (span + _DAY / 2) // _DAY
        return ngettext("%(n)d day left", "%(n)d days left", days) % {"n": days}
    hours = max(-(-span // _HOUR), 1)
    return ngettext("%(n)d hour left", "%(n)d hours left", hours) % {"n": hours}


def light_of(times: Times, now: datetime, amber_hours: int) -> Lit:
    """Red when the due time has passed; amber when it is near, or the acknowledgement did not come in time."""
    if times.state not in RUNNING:
        state = DirectiveState(times.state)
        waits = state == DirectiveState.CLAIMED
        return Lit(Light.WAITING if waits else Light.OFF, _("waits for the issuer") if waits else str(state.label))
    if now > times.due_at:
        return Lit(Light.RED, _late(now - times.due_at))
    if times.acknowledged_at is None and now > times.acknowledge_by:
        return Lit(Light.AMBER, _("not acknowledged in time"))
    left = times.due_at - now
    return Lit(Light.AMBER if left <= timedelta(hours=amber_hours) else Light.GREEN, _left(left))
