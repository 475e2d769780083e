"""Words that a person typed. Pure."""

from __future__ import annotations

from django.core.exceptions import ValidationError


def needed(text: str, sentence: str) -> str:
    """The text without its margins. Raises `ValidationError` with the sentence when nothing is left."""
    found = text.strip()
    if not found:
        raise ValidationError(sentence)
    return found
