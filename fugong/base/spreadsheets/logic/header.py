"""Finding the heading of a table: beneath a title, over two rows, with gaps."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

Record = tuple[int, list[str]]
# How many of the names in a row are known headings; the caller knows them.
Score = Callable[[list[str]], int]

LOOKED_AT = 20
_DATA = re.compile(r"\d{3}|^\d+([.,]\d+)?$")
_LONGEST_HEADING = 24


@dataclass(frozen=True, slots=True)
class Heading:
    """The names of the columns, the line they stand on, and the line after which the data begin."""

    names: tuple[str, ...]
    line: int
    last_line: int


def letters(position: int) -> str:
    """The column's letters in a spreadsheet program: 0 → A, 26 → AA."""
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _width(cells: list[str]) -> int:
    """Up to and with the last filled cell."""
    return next((n for n in range(len(cells), 0, -1) if cells[n - 1]), 0)


def _filled(cells: list[str]) -> int:
    return sum(1 for cell in cells if cell)


def _choose(sample: list[Record], score: Score | None) -> int:
    """The row with most known headings, else the first wordy one that fills most of the width (a title does not)."""
    if score is not None:
        best = max(range(len(sample)), key=lambda n: (score(sample[n][1]), -n))
        if score(sample[best][1]) > 0:
            return best
    most = max(_filled(cells) for _, cells in sample)
    wide = [n for n, (_, cells) in enumerate(sample) if _filled(cells) * 2 > most]
    return next((n for n in wide if not any(_DATA.search(cell) for cell in sample[n][1])), wide[0])


def _is_lower_half(upper: list[str], lower: list[str]) -> bool:
    """The second row of a heading whose cells are merged: it names the columns beneath a merged cell and no others."""
    width = max(_width(upper), _width(lower))
    above = [upper[n] if n < len(upper) else "" for n in range(width)]
    below = [lower[n] if n < len(lower) else "" for n in range(width)]
    if any(_DATA.search(cell) or len(cell) > _LONGEST_HEADING for cell in below):
        return False
    fills_gap = any(b and not a for a, b in zip(above, below, strict=True))
    keeps_merged = any(a and not b for a, b in zip(above, below, strict=True))
    no_gap_left = all(a or b for a, b in zip(above, below, strict=True))
    return fills_gap and keeps_merged and no_gap_left


def _joined(upper: list[str], lower: list[str]) -> list[str]:
    """职工人数 over 在册 and 在岗 → 职工人数/在册, 职工人数/在岗."""
    names: list[str] = []
    parent = ""
    for n in range(max(_width(upper), _width(lower))):
        above = upper[n] if n < len(upper) else ""
        below = lower[n] if n < len(lower) else ""
        parent = above or parent
        names.append(f"{parent}/{below}" if below and parent else below or above)
    return names


def _distinct(names: list[str]) -> tuple[str, ...]:
    """Each column gets a name of its own: its letters where the heading is empty, a number where it stands twice."""
    seen: dict[str, int] = {}
    distinct = []
    for position, name in enumerate(names):
        name = " ".join(name.split()) or letters(position)
        seen[name] = seen.get(name, 0) + 1
        distinct.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(distinct)


def find_heading(sample: list[Record], score: Score | None, width: int = 0) -> Heading:
    """The heading among the first filled rows of a table (at least one).

    `score` counts known headings in a row; without it the shape decides. `width`: columns that the table has at least.
    """
    at = _choose(sample, score)
    line, cells = sample[at]
    last_line, names = line, cells
    if at + 1 < len(sample) and _is_lower_half(cells, sample[at + 1][1]):
        last_line, names = sample[at + 1][0], _joined(cells, sample[at + 1][1])
    filled = max(_width(names), width)
    return Heading(_distinct((names + [""] * filled)[:filled]), line, last_line)
