"""Closed means it moved: what an enterprise's next reports say about the answer. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Watched:
    """A value of the daily report: how to read it, and of what the target is a percentage."""

    name: str
    label: Promise
    value: Callable[[Any], Decimal | int | None]
    normal: Callable[[Any], Decimal | int | None]


METRICS = {
    item.name: item
    for item in (
        Watched("on_post", _("people on post"), lambda report: report.on_post, lambda report: report.roster),
        Watched("capacity", _("capacity used, %"), lambda report: report.capacity, lambda _report: 100),
        Watched("supply_days", _("days of supplies"), lambda report: report.supply_days, lambda _report: 3),
    )
}


class Verdict(StrEnum):
    MOVED = "moved"
    NOT_MOVED = "not_moved"
    OPEN = "open"


def target_of(normal: Decimal | int, baseline: Decimal | int, percent: int) -> int:
    """The value that must be reached: a percentage of the normal one, and in any case better than the baseline."""
    return max(math.ceil(normal * percent / 100), math.floor(baseline) + 1)


def verdict(
    values: Sequence[tuple[date, Decimal | int | None]],
    target: Decimal | int,
    *,
    needed: int,
    last_day: date,
    today: date,
) -> Verdict:
    """What the reports after the answer say: (day, value) in the order of days.

    Moved as soon as `needed` reports in a row reach the target; not moved once `last_day` has passed without. A report
    without the value says nothing.
    """
    run = 0
    for _day, value in values:
        if value is None:
            continue
        run = run + 1 if value >= target else 0
        if run >= needed:
            return Verdict.MOVED
    return Verdict.NOT_MOVED if today > last_day else Verdict.OPEN
