"""How long something is kept: dated rows in a file of the room, so that a change has its day and its source."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from functools import cache
from pathlib import Path


@cache
def _rows(file: Path) -> tuple[tuple[date, int], ...]:
    with file.open(encoding="utf-8", newline="") as opened:
        return tuple(
            sorted((date.fromisoformat(row["valid_from"]), int(row["days"])) for row in csv.DictReader(opened))
        )


def kept_for(file: Path, day: date) -> timedelta | None:
    """By the rule of a file (valid_from, days, source) in force on a day; None, for ever, before the first."""
    in_force = [days for valid_from, days in _rows(file) if valid_from <= day]
    return timedelta(days=in_force[-1]) if in_force else None
