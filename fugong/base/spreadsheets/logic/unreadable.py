"""Files that cannot be read as a table, and how large a table may be."""

from __future__ import annotations

from dataclasses import dataclass


class UnreadableFile(ValueError):
    """Nothing can be read from the file; the message says why and how to mend it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a stranger's file the server takes on.

    `text_bytes` bounds a csv file, which is streamed; `workbook_bytes` an .xlsx or .xls file; `unpacked_bytes` what an
    .xlsx unpacks to, and the text of its cells; `memory_bytes` and `seconds` the process that opens a workbook (a
    million rows of ten cells take about 1.2 GB); `rows` counts filled rows beneath the header.
    """

    text_bytes: int = 250 * 2**20
    workbook_bytes: int = 60 * 2**20
    unpacked_bytes: int = 1024 * 2**20
    memory_bytes: int = 2048 * 2**20
    seconds: int = 300
    columns: int = 100
    rows: int = 1_100_000
