"""What of an official page depends on the text: the size of the head, the place of the signature, widths of columns."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence

from fugong.base.documents.logic import page

CELL_MARGIN = 80  # twips left and right of a cell's text; the template's tables carry the same
_WIDE_DIGIT = 0.62  # of a character: a number must not wrap where the font at hand has wider digits than asked for
_LONG_CELL = 12  # characters; a longer cell may wrap, so it asks for no more where room is short


def ems(text: str, *, narrow: float = 0.5) -> float:
    """Width of the widest line of `text` in Chinese characters; a Latin letter or a digit counts `narrow` of one.

    One half is exact in the Chinese fonts that the standard asks for.
    """
    return max(sum(1.0 if _is_wide(character) else narrow for character in line) for line in text.split("\n"))


def _is_wide(character: str) -> bool:
    # "A" (ambiguous: “ ” — ·) is set full width here, since every run names a Chinese font.
    return unicodedata.east_asian_width(character) in {"W", "F", "A"}


def name_points(name: str) -> float:
    """Size in points (halves) for the organisation's name in the head: one line filled, within `page.NAME_PT`."""
    smallest, largest = page.NAME_PT
    if not name:
        return largest
    return min(largest, max(smallest, math.floor(page.TEXT_WIDTH / 20 / ems(name) * 2) / 2))


def right_indents(signature: str, day: str) -> tuple[int, int]:
    """Right indents in twips of the signature and of the date beneath it.

    GB/T 9704-2012, 7.3.5.1: the date ends four characters from the right, the signature is centred on the date. A
    signature too long for that keeps to the margin and takes the date with it.
    """
    overhang = (min(ems(signature), page.CHARACTERS) - ems(day)) / 2
    date_right = max(page.DATE_RIGHT_CHARACTERS, overhang)
    return round((date_right - overhang) * page.CHARACTER_TWIPS), round(date_right * page.CHARACTER_TWIPS)


def table_points(tables: Iterable[Sequence[Sequence[str]]]) -> float:
    """Size in points for all tables of a document: the smaller one only if some table does not fit in the larger."""
    normal, small = page.TABLE_PT
    for rows in tables:
        if sum(_natural(column, normal, longest=_LONG_CELL) for column in _columns(rows)) > page.TEXT_WIDTH:
            return small
    return normal


def column_widths(rows: Sequence[Sequence[str]], points: float) -> tuple[int, ...]:
    """Widths in twips that together are the width of the text; `rows` starts with the head.

    Room to spare is shared equally. Where there is too little, long cells wrap first; if that does not suffice, narrow
    columns keep what they need and the wide ones share the rest.
    """
    columns = _columns(rows)
    for longest in (math.inf, _LONG_CELL, _LONG_CELL * 2 / 3):
        natural = [_natural(column, points, longest=longest) for column in columns]
        spare = page.TEXT_WIDTH - sum(natural)
        if spare >= 0:
            widths = [width + spare // len(natural) for width in natural]
            break
    else:
        widths, left = list(natural), page.TEXT_WIDTH
        ascending = sorted(range(len(natural)), key=natural.__getitem__)
        for done, index in enumerate(ascending):
            widths[index] = min(natural[index], left // (len(natural) - done))
            left -= widths[index]
    widths[-1] += page.TEXT_WIDTH - sum(widths)
    return tuple(widths)


def _columns(rows: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    return list(zip(*rows, strict=True))


def _natural(column: Sequence[str], points: float, *, longest: float = math.inf) -> int:
    """Twips that a column takes without wrapping its cells; a head of more than four characters may take two lines."""
    head, *cells = column
    head_ems = ems(head) if ems(head) <= 4 else max(4, math.ceil(ems(head) / 2))
    widest = max([head_ems, *(min(ems(cell, narrow=_WIDE_DIGIT), longest) for cell in cells)])
    return math.ceil((widest + 0.25) * points * 20) + 2 * CELL_MARGIN
