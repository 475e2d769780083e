"""Items of a plan in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from fugong.core.plans import PlanWords
from fugong.record.reporting.logic.words import shown


def plan_words(key: str, figures: Mapping[str, Any]) -> PlanWords:
    """An item from the reports in words."""
    start, target = Decimal(figures["start"]), figures["target"]
    words: dict[str, Any] = {"start": shown(start), "target": target, "day": figures["on"]}
    if key == "people":
        words |= {"normal": figures["normal"], "gap": int(target - start)}
        return PlanWords(
            _("Bring %(gap)d people back to work") % words,
            _("Report of %(day)s: %(start)s on post, normally %(normal)d") % words,
            _("%(target)d or more on post in two reports running") % words,
        )
    if key == "capacity":
        return PlanWords(
            _("Bring capacity to %(target)d%%") % words,
            _("Report of %(day)s: %(start)s%% of normal capacity") % words,
            _("Capacity at %(target)d%% or more") % words,
        )
    return PlanWords(
        _("Secure protective supplies") % words,
        _("Report of %(day)s: supplies for %(start)s days") % words,
        _("Supplies for %(target)d days or more") % words,
    )
