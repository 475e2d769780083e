"""Why an enterprise is not counted: a short list, kept as data."""

from __future__ import annotations

from django.utils.translation import get_language

from fugong.record.registry.logic.datafiles import in_language, table

# Says nothing by itself, so that it needs a note.
NEEDS_NOTE = "other"


def reason_codes() -> list[str]:
    return [row["code"] for row in table("scope_reasons.csv")]


def reason_words(code: str, language: str | None = None) -> str:
    """The reason in the reader's language, or in the given one; the code itself for one that has left the list."""
    for row in table("scope_reasons.csv"):
        if row["code"] == code:
            return in_language(row, language or get_language())
    return code
