"""Words that a person typed. Pure."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from fugong.core.decision import Text


def needed(text: str, sentence: Text) -> str:
    """The text without its margins. Raises `ValidationError` with the sentence when nothing is left."""
    found = text.strip()
    if not found:
        raise ValidationError(str(sentence))
    return found
