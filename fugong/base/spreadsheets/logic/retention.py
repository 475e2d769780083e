"""How long the file of an import is kept."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from fugong.core import retention

_DATA = Path(__file__).resolve().parent.parent / "data" / "file_retention.csv"


def kept_for(day: date) -> timedelta | None:
    """By the rule in force on a day; None (for ever) before the first rule."""
    return retention.kept_for(_DATA, day)
