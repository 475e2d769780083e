"""Items of a plan in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from fugong.core.plans import PlanWords
from fugong.core.text import in_language


def plan_words(key: str, figures: Mapping[str, Any]) -> PlanWords:
    """A measure as an item."""
    amount = figures["amount"]
    basis = _("By its conditions entitled, and not read yet")
    if amount:
        basis = _("By its conditions entitled to %(amount)s yuan") % {"amount": f"{Decimal(amount):,.0f}"}
    return PlanWords(
        _("Claim “%(title)s”") % {"title": in_language({"zh": figures["zh"], "en": figures["en"]})},
        basis,
        _("The enterprise has read what it may claim"),
    )
