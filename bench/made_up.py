"""Synthetic registers and days of reports for the benches: valid codes, the same at every run."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from fugong.record.registry.logic.uscc import compose_code

DIVISIONS = ("371502", "371503", "371521", "371522", "371524", "371525", "371526", "371581")
REPORT_COLUMNS = (
    "uscc",
    "day",
    "state",
    "reason",
    "roster",
    "on_post",
    "capacity",
    "obstacles",
    "supply_days",
    "remark",
)


def codes(size: int) -> Iterator[str]:
    """`size` different credit codes over the eight districts."""
    for number in range(size):
        yield compose_code(DIVISIONS[number % len(DIVISIONS)], f"MB{number:06d}")


def write_reports(path: Path, size: int, day: date, seed: int) -> Path:
    """A day's reports of the first `size` enterprises, one in eight closed."""
    source = random.Random(seed)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(REPORT_COLUMNS)
        for code in codes(size):
            roster = source.randint(5, 900)
            if source.random() < 0.125:
                writer.writerow((code, day, "closed", "orders", roster, 0, "", "", "", ""))
            else:
                on_post = source.randint(1, roster)
                writer.writerow((code, day, "open", "", roster, on_post, source.randint(20, 120), "labour", 5, ""))
    return path
