"""A few values beneath each heading of a table, by which people tell its columns apart."""

from __future__ import annotations

import re
from itertools import islice

from fugong.base.spreadsheets.logic.reader import Table
from fugong.base.spreadsheets.logic.values import tidy
from fugong.core.text import masked_phone

# So many rows are looked through for values of each column.
_LOOKED_THROUGH, _SAMPLES, _LONGEST_SAMPLE = 50, 2, 24
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_IDENTITY = re.compile(r"(?<![0-9A-Z])\d{6}(?:19|20)\d{2}[01]\d[0-3]\d{4}[0-9Xx](?![0-9A-Z])")


def samples(table: Table) -> dict[str, list[str]]:
    """Heading → the first different values beneath it, for telling columns apart; numbers of people are masked."""
    found: dict[str, list[str]] = {heading: [] for heading in table.header}
    for _line, cells in islice(table.rows(), _LOOKED_THROUGH):
        for heading, cell in zip(table.header, cells, strict=False):
            text = _IDENTITY.sub(lambda number: masked_phone(number[0]), tidy(cell))
            text = _PHONE.sub(lambda number: masked_phone(number[0]), text)
            text = text if len(text) <= _LONGEST_SAMPLE else f"{text[: _LONGEST_SAMPLE - 1]}…"
            if text and len(found[heading]) < _SAMPLES and text not in found[heading]:
                found[heading].append(text)
    return found
