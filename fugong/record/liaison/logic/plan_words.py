"""Items of a plan in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from fugong.core.plans import PlanWords, plan_sources
from fugong.core.text import in_language
from fugong.record.liaison.enums import Way


def plan_words(key: str, figures: Mapping[str, Any]) -> PlanWords:
    """An overdue visit or call as an item."""
    is_visit = key == Way.VISIT
    words = {"day": figures["on"], "late": figures["late"]}
    return PlanWords(
        _("Visit the enterprise") if is_visit else _("Call the enterprise"),
        _("On %(day)s overdue by %(late)d days") % words,
        _("A visit is recorded") if is_visit else _("A visit or call is recorded"),
    )


def check_words(key: str, figures: Mapping[str, Any]) -> PlanWords:
    """What is to be mended, where it was seen, and that the next check has to pass it."""
    return PlanWords(
        _("Mend: %(check)s") % {"check": in_language(figures["label"])},
        _("failed in “%(form)s” on %(day)s") % {"form": in_language(figures["form"]), "day": figures["on"]},
        _("passes when it is checked again"),
    )


def item_words(source: str, key: str, figures: Mapping[str, Any], title: str, goal: str) -> PlanWords:
    """An item in words: those that people wrote (`title`, `goal`), else those of its fact."""
    known = plan_sources.get(source)
    said = known.words(key, figures) if known else PlanWords(key, "", "")
    return PlanWords(title or said.title, said.basis, goal or said.goal)
