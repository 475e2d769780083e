"""Answers as texts: one writing for each value, so that phone and server reckon with the same. Twin: expressions.js."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date

LONGEST_TEXT = 2000
MOST_DIGITS = 15  # what a double holds exactly
FIRST_YEAR, LAST_YEAR = 1900, 2199
_EPOCH = date(1970, 1, 1).toordinal()
_EDGES = " \t\r\n\u3000\u00a0"
_NUMBER = re.compile(r"[ \t\r\n]*-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[ \t\r\n]*")
_INTEGER = re.compile(r"-?[0-9]+")
_DECIMAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def number_of(text: str) -> float:
    """The number that a text says by XPath; NaN for one that says none, an empty one too."""
    return float(text) if _NUMBER.fullmatch(text) else math.nan


def is_day(text: str) -> bool:
    """A day of the calendar as 2020-03-24, from 1900 to 2199."""
    if not _DAY.fullmatch(text) or not FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def days_of(text: str) -> int:
    """Days since 1970-01-01."""
    return date.fromisoformat(text).toordinal() - _EPOCH


def _plain(text: str) -> str:
    """007 and 7.00 are 7; −0 is 0."""
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _point, part = digits.partition(".")
    part = part.rstrip("0")
    bare = (whole.lstrip("0") or "0") + (f".{part}" if part else "")
    return bare if bare == "0" else sign + bare


def canonical(kind: str, raw: str | Sequence[str], choices: Sequence[str] = ()) -> tuple[str, str]:
    """The answer in its one writing and "", or "" and a code: number, whole, digits, date, choice, long, signs."""
    if kind == "select_multiple":
        chosen = {part for part in (raw.split(" ") if isinstance(raw, str) else raw) if part}
        ordered = " ".join(value for value in choices if value in chosen)
        return ("", "choice") if chosen - set(choices) else (ordered, "")
    text = (raw if isinstance(raw, str) else next(iter(raw), "")).replace("\r\n", "\n").strip(_EDGES)
    if not text:
        return "", ""
    if kind == "select_one":
        return (text, "") if text in choices else ("", "choice")
    if kind == "date":
        return (text, "") if is_day(text) else ("", "date")
    if kind in ("integer", "decimal"):
        return _number(kind, text)
    if _CONTROLS.search(text):
        return "", "signs"
    return (text, "") if len(text) <= LONGEST_TEXT else ("", "long")


def _number(kind: str, text: str) -> tuple[str, str]:
    if not _DECIMAL.fullmatch(text):
        return "", "number"
    if kind == "integer" and not _INTEGER.fullmatch(text):
        return "", "whole"
    plain = _plain(text)
    return ("", "digits") if len(plain.replace("-", "").replace(".", "")) > MOST_DIGITS else (plain, "")
