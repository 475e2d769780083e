"""What of a name is compared when somebody searches. Migration 0005 has the same two steps in SQL, beside each name."""

from __future__ import annotations

import re
import unicodedata

_PASSED_OVER = re.compile(r"[\s-]+")
_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
_CODE_BEGINNING = re.compile(r"[0-9a-z]{2,18}")


def search_key(text: str) -> str:
    """Full-width and half-width, capital and small letters alike; blanks and hyphens do not count."""
    return _PASSED_OVER.sub("", unicodedata.normalize("NFKC", text)).translate(_LOWER)


def grams(key: str) -> list[str]:
    """The pairs of neighbouring characters that a name with this part has; of a single character, itself."""
    return sorted({key[place : place + 2] for place in range(max(len(key) - 1, 1))}) if key else []


def as_code_beginning(key: str) -> str:
    """The key as the beginning of a credit code or provisional id; "" when it cannot be one."""
    return key.upper() if _CODE_BEGINNING.fullmatch(key) else ""


def like(part: str) -> str:
    """A LIKE pattern for texts that contain the part, whatever signs it is made of."""
    escaped = re.sub(r"([\\%_])", r"\\\1", part)
    return f"%{escaped}%"
