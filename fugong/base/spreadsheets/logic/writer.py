"""Workbooks out. What a stranger typed stays text: no cell becomes a formula, a link or a rounded number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO
from unicodedata import east_asian_width

import xlsxwriter
from django.utils.functional import Promise
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Cell = str | Promise | int | float | Decimal | date | datetime | bool | None

# xlsx: rows below the header, characters in a cell, characters in a sheet's name.
MOST_ROWS = 1_048_575
_LONGEST_TEXT = 32_767
_LONGEST_NAME = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_MEASURED_ROWS = 200
_NARROWEST, _WIDEST = 6, 60
_DIGITS_OF_A_DOUBLE = 15


@dataclass(frozen=True, slots=True)
class SheetData:
    """One sheet: its name, the header, and rows that may come from a generator.

    `widths`: columns in characters of Latin text (a Chinese character is two); measured on the first rows without it.
    """

    name: str
    header: Sequence[str | Promise]
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[float] = ()


class TooManyRows(ValueError):
    """An .xlsx sheet holds 1,048,576 rows."""


@dataclass(frozen=True, slots=True)
class _Formats:
    header: Format
    text: Format
    day: Format
    moment: Format


def _formats(book: xlsxwriter.Workbook) -> _Formats:
    return _Formats(
        header=book.add_format(
            {
                "bold": True,
                "bg_color": "#e4f0f2",
                "bottom": 1,
                "text_wrap": True,
                "valign": "vcenter",
                "num_format": "@",
            }
        ),
        text=book.add_format({"num_format": "@"}),
        day=book.add_format({"num_format": "yyyy-mm-dd"}),
        moment=book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
    )


def _length(text: str) -> int:
    return max((sum(2 if east_asian_width(c) in "WF" else 1 for c in line) for line in text.splitlines()), default=0)


def _write(sheet: Worksheet, row: int, column: int, value: Cell, formats: _Formats) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float | Decimal):
        digits = len(str(abs(value)).replace(".", "")) if not isinstance(value, float) else 0
        if digits > _DIGITS_OF_A_DOUBLE:
            sheet.write_string(row, column, str(value), formats.text)
        else:
            sheet.write_number(row, column, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, value.replace(tzinfo=None), formats.moment)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, formats.day)
    else:
        sheet.write_string(row, column, str(value)[:_LONGEST_TEXT], formats.text)


def _write_sheet(book: xlsxwriter.Workbook, data: SheetData, formats: _Formats) -> None:
    name = _NOT_IN_NAMES.sub(" ", data.name).strip(" '")[:_LONGEST_NAME]
    sheet = book.add_worksheet(name or None)
    header = [str(heading) for heading in data.header]
    lengths = [_length(heading) for heading in header]
    for column, heading in enumerate(header):
        sheet.write_string(0, column, heading, formats.header)
    for number, values in enumerate(data.rows, start=1):
        if number > MOST_ROWS:
            raise TooManyRows(f"more than {MOST_ROWS} rows")
        for column, value in enumerate(values):
            _write(sheet, number, column, value, formats)
            if number <= _MEASURED_ROWS and column < len(lengths):
                lengths[column] = max(lengths[column], _length(str(value)) if value is not None else 0)
    widths = data.widths or [min(max(length + 2, _NARROWEST), _WIDEST) for length in lengths]
    for column, width in enumerate(widths):
        # The format makes the empty cells beneath text too: a code typed there keeps its digits.
        sheet.set_column(column, column, width, formats.text)
    sheet.freeze_panes(1, 0)


def write_xlsx(target: Path | BinaryIO, sheets: Iterable[SheetData]) -> None:
    """Write a workbook to a path or an open binary file.

    Texts are written as texts, whatever they begin with; so are numbers of more than 15 digits. Times lose their zone:
    give local ones. Names of sheets are cut to what the format allows. Rows are written as they come, in little memory.
    Raises `TooManyRows`.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    with xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, options) as book:
        formats = _formats(book)
        for data in sheets:
            _write_sheet(book, data, formats)
