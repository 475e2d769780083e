"""How long the file of an import is kept: dated rows, so that a change of the period has its day and its source."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from functools import cache
from pathlib import Path

_DATA = Path(__file__).resolve().parent.parent / "data" / "file_retention.csv"


@cache
def _rows() -> tuple[tuple[date, int], ...]:
    with _DATA.open(encoding="utf-8", newline="") as file:
        return tuple(sorted((date.fromisoformat(row["valid_from"]), int(row["days"])) for row in csv.DictReader(file)))


def kept_for(day: date) -> timedelta | None:
    """How long files are kept by the rule in force on a day; None (for ever) before the first rule."""
    in_force = [days for valid_from, days in _rows() if valid_from <= day]
    return timedelta(days=in_force[-1]) if in_force else None
