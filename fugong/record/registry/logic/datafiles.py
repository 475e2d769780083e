"""Tables that come with the register (`data/*.csv`): standards and short lists, each row read as it stands."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).resolve().parent.parent / "data"


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a file by its name; keys are the headings."""
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def in_language(row: dict[str, str], language: str | None) -> str:
    """The Chinese or the English text of a row, for a language code such as zh-hans."""
    return row["zh"] if (language or "zh").startswith("zh") else row["en"]
