"""Items of a plan in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from fugong.core.plans import PlanWords


def plan_words(key: str, figures: Mapping[str, Any]) -> PlanWords:
    """A request as an item, in its own words."""
    return PlanWords(
        figures["title"],
        _("Request %(number)s") % {"number": figures["number"]},
        _("Solved by the enterprise’s own word"),
    )
