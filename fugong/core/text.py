"""Texts that are data: a dict of language → string, as playbooks and areas carry them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import get_language


def in_language(texts: Mapping[str, str]) -> str:
    """The text in the language of the request; Chinese (`zh`) stands in for a missing translation."""
    code = (get_language() or "zh")[:2]
    return texts.get(code) or texts.get("zh") or next(iter(texts.values()), "")


def listed(words: Iterable[str]) -> str:
    """Words one after the other, parted as the language of the request parts them: 甲、乙; A, B."""
    return ("、" if (get_language() or "zh").startswith("zh") else ", ").join(words)


_SHOWN_FIRST, _SHOWN_LAST = 3, 4


def masked_phone(phone: str) -> str:
    """A phone number as it is shown unless it was opened on the record: 138****1234. A short one shows its last two."""
    if len(phone) < _SHOWN_FIRST + _SHOWN_LAST + 1:
        return "*" * (len(phone) - 2) + phone[-2:] if len(phone) > _SHOWN_LAST else "*" * len(phone)
    return phone[:_SHOWN_FIRST] + "*" * (len(phone) - _SHOWN_FIRST - _SHOWN_LAST) + phone[-_SHOWN_LAST:]
