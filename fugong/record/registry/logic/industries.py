"""Industries by GB/T 4754-2017: 20 sections (letters), 97 divisions (2 digits), groups (3) and classes (4 digits)."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from django.utils.translation import get_language

from fugong.record.registry.logic.datafiles import in_language, table

_CODE = re.compile(r"([A-T])?(\d{2,4})?(?![A-Z0-9])")
_PARTS = re.compile(r"[-—>/\\|·:]+")
_NOISE = re.compile(r"[\W_]+")
_DIVISION_DIGITS = 2
_FINEST_DIGITS = 4


@cache
def _names() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in table("industries_2017.csv")}


def _bare(text: str) -> str:
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).upper()


@cache
def _codes() -> dict[str, str]:
    """Name without punctuation → code; also without the closing 业, and in English. Of two codes the finer stands."""
    found = {}
    for code, row in _names().items():
        for name in (row["zh"], row["en"]):
            found[_bare(name)] = code
        if len(_bare(row["zh"])) > _DIVISION_DIGITS:
            found.setdefault(_bare(row["zh"]).removesuffix("业"), code)
    return found


def section_of(code: str) -> str:
    """The letter of the section that a code stands in; empty for one whose division does not exist."""
    row = _names().get(code[:_DIVISION_DIGITS] if code.isdigit() else code)
    return row["section"] if row else ""


@lru_cache(maxsize=4096)
def industry_code(text: str) -> str:
    """The code that a text names: C17, 1711, C 制造业, 纺织业, 制造业-纺织业 → the finest one. Empty for none.

    Digits must lie in a division that exists, and in the section of a letter before them; whether a group or class of
    these digits exists is not known here.
    """
    wide = " ".join(unicodedata.normalize("NFKC", text).upper().split())
    match = _CODE.match(wide.replace(" ", "", 1) if re.match(r"[A-T] \d", wide) else wide)
    if match and (match[1] or match[2]):
        code = match[2] or match[1]
        section = section_of(code)
        return code if section and section == (match[1] or section) else ""
    found = [_codes().get(_bare(part), "") for part in (wide, *_PARTS.split(wide))]
    return max(found, key=lambda code: len(code) if code.isdigit() else bool(code))


def industry_words(code: str, language: str | None = None) -> str:
    """17 纺织业, in the reader's language; a group or class that has no name here carries that of its division."""
    row: dict[str, str] | None = None
    for digits in range(_FINEST_DIGITS, 0, -1):
        row = row or _names().get(code[:digits])
    return f"{code} {in_language(row, language or get_language())}" if row else code


@cache
def sections() -> tuple[str, ...]:
    """The letters of the sections, in their order."""
    return tuple(sorted(code for code in _names() if code.isalpha()))


@cache
def divisions() -> tuple[str, ...]:
    """The two digits of all divisions, in their order."""
    return tuple(sorted(code for code in _names() if code.isdigit() and len(code) == _DIVISION_DIGITS))


@cache
def divisions_of(section: str) -> tuple[str, str]:
    """The first and the last division of a section; they follow one another."""
    divisions = sorted(code for code, row in _names().items() if code.isdigit() and row["section"] == section)
    return divisions[0], divisions[-1]
