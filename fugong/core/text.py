"""Texts that are data: a dict of language → string, as playbooks and areas carry them."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language


def in_language(texts: Mapping[str, str]) -> str:
    """The text in the language of the request; Chinese (`zh`) stands in for a missing translation."""
    code = (get_language() or "zh")[:2]
    return texts.get(code) or texts.get("zh") or next(iter(texts.values()), "")
