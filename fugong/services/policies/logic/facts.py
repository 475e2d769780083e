"""The facts that rules may ask about, by name: type, unit, who knows them, and the question for those only asked."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

from fugong.core.text import in_language

_FILE = Path(__file__).resolve().parent.parent / "data" / "facts.csv"

# A number or money (Decimal), a day, yes or no, a code or choice (text), or the tags of an enterprise.
Value = Decimal | date | bool | str | frozenset[str]
# What is known of one enterprise on a day; a name that is absent is unknown.
Profile = Mapping[str, Value]

NUMBERS = ("number", "money")
_YES_NO = {"yes": True, "no": False}
# Beyond this, above or below zero, a number is a slip of the finger: in facts, in rules and in what is typed.
MOST = Decimal(10) ** 12


class BadValue(ValueError):
    """A text is no value of the fact's type."""


@dataclass(frozen=True, slots=True)
class Fact:
    """`type`: number, money (yuan), date, yes_no, choice, code, industry or tags; `source`: register, report, asked."""

    name: str
    type: str
    unit: str
    source: str
    choices: tuple[str, ...]
    words: Mapping[str, str]

    @property
    def label(self) -> str:
        """The fact in the reader's language."""
        return in_language(self.words)

    @property
    def question(self) -> str:
        """What the enterprise is asked; empty for what others know."""
        return in_language({"zh": self.words["ask_zh"], "en": self.words["ask_en"]})

    @property
    def is_asked(self) -> bool:
        return self.source == "asked"

    def read(self, text: str) -> Value:
        """The value of a text as it is stored: 25, 3.5, 2020-03-02, yes. Raises `BadValue`."""
        text = text.strip()
        if self.type in NUMBERS:
            return _number(text)
        if self.type == "date":
            try:
                return date.fromisoformat(text)
            except ValueError:
                raise BadValue(text) from None
        if self.type == "yes_no":
            if text not in _YES_NO:
                raise BadValue(text)
            return _YES_NO[text]
        if not text or (self.choices and text not in self.choices):
            raise BadValue(text)
        return frozenset(text.split(";")) if self.type == "tags" else text


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise BadValue(text) from None
    if not number.is_finite() or not -MOST <= number <= MOST or number != round(number, 2):
        raise BadValue(text)
    return number


@cache
def facts() -> dict[str, Fact]:
    """Name → fact, in the order of the file."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {row["name"]: _fact(row) for row in csv.DictReader(file)}


def _fact(row: dict[str, str]) -> Fact:
    words = {key: row[key] for key in ("zh", "en", "ask_zh", "ask_en")}
    choices = tuple(row["choices"].split("|")) if row["choices"] else ()
    return Fact(row["name"], row["type"], row["unit"], row["source"], choices, words)
