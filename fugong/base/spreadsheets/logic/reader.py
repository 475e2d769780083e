"""A table out of a stranger's file: .xlsx, .xls, or .csv in UTF-8, GB18030 or UTF-16. Content decides, not the name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from fugong.base.spreadsheets.logic import csv_text
from fugong.base.spreadsheets.logic.header import LOOKED_AT, Heading, Record, Score, find_heading
from fugong.base.spreadsheets.logic.unreadable import Limits, UnreadableFile
from fugong.base.spreadsheets.logic.workbook import Sheet, open_workbook

__all__ = ["Limits", "Table", "UnreadableFile", "read_table"]

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_MARKUP = (b"<html", b"<!doc", b"<table", b"<?xml", b"<meta", b"<head", b"<body")
_OTHERS = (b"%pdf", b"{\\rtf")
_SNIFFED = 8192
# Bytes that no text has, in any of the encodings, unless it was damaged on its way; one in so many, and it is no text.
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a"))
_FEW_CONTROLS = 64
_USUAL = Limits()


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose rows are read as they are asked for.

    `header` has one distinct name per column: the column's letters where the heading is empty. `kind` is csv, xlsx or
    xls; `sheet` the sheet read and `sheets` all visible ones (empty for csv); `encoding` and `delimiter` of a csv.
    `sound` is false when some bytes of a csv file have no meaning in its encoding.
    """

    header: tuple[str, ...]
    header_line: int
    kind: str
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    encoding: str = ""
    delimiter: str = ""
    sound: bool = True
    _records: Callable[[], Iterator[Record]] = lambda: iter(())
    _data_after: int = 0
    _most_rows: int = 0

    def rows(self) -> Iterator[Record]:
        """Line and cells of every row beneath the header that is not empty; can be asked for again.

        The line is the row's number as a spreadsheet program shows it (the first row of the file is 1): in a csv file
        a cell with line breaks does not shift it, and empty lines count. Cells are stripped texts, one per column;
        more of them only where a csv row is longer than its header. Raises `UnreadableFile` beyond the limit of rows.
        """
        width = len(self.header)
        count = 0
        for line, cells in self._records():
            if line <= self._data_after or not any(cells):
                continue
            count += 1
            if count > self._most_rows:
                raise UnreadableFile(
                    _("The table has more than %(limit)d rows. Split the file.") % {"limit": self._most_rows}
                )
            if len(cells) != width:
                while len(cells) > width and not cells[-1]:
                    cells.pop()
                cells.extend([""] * (width - len(cells)))
            yield line, cells


def _too_large(size: int, limit: int) -> UnreadableFile:
    return UnreadableFile(
        _("The file has %(size)d MB; at most %(limit)d MB are read. Split it, or delete pictures and other sheets.")
        % {"size": size // 2**20, "limit": limit // 2**20}
    )


def _empty() -> UnreadableFile:
    return UnreadableFile(_("The file is empty. Send a table with a header and at least one row."))


def _heading(records: Iterator[Record], score: Score | None, limits: Limits, *, width: int = 0) -> Heading:
    """The heading, after checking that there is a table. Raises `UnreadableFile`."""
    sample = list(islice(((line, cells) for line, cells in records if any(cells)), LOOKED_AT + 2))
    if not sample:
        raise _empty()
    heading = find_heading(sample, score, width)
    if len(heading.names) > limits.columns:
        raise UnreadableFile(
            _("The table has %(count)d columns; at most %(limit)d are read. Delete those that are not needed.")
            % {"count": len(heading.names), "limit": limits.columns}
        )
    if sample[-1][0] <= heading.last_line:
        raise UnreadableFile(_("The table has a header and no rows. Fill in at least one row beneath it."))
    return heading


def _read_csv(path: Path, score: Score | None, limits: Limits) -> Table:
    dialect = csv_text.detect(path)

    def records() -> Iterator[Record]:
        for line, cells in enumerate(csv_text.records(path, dialect), start=1):
            yield line, [cell.strip() for cell in cells]

    heading = _heading(records(), score, limits)
    return Table(
        heading.names,
        heading.line,
        "csv",
        encoding=dialect.encoding,
        delimiter=dialect.delimiter,
        sound=dialect.sound,
        _records=records,
        _data_after=heading.last_line,
        _most_rows=limits.rows,
    )


def _pick_sheet(sheets: list[Sheet], wanted: str | None, score: Score | None) -> Sheet:
    """The sheet asked for, else the first with a known heading, else the first that is not empty."""
    if wanted is not None:
        named = [sheet for sheet in sheets if sheet.name == wanted]
        if not named:
            raise UnreadableFile(
                _("The workbook has no sheet “%(sheet)s”. It has: %(sheets)s.")
                % {"sheet": wanted, "sheets": ", ".join(sheet.name for sheet in sheets)}
            )
        return named[0]
    filled = [sheet for sheet in sheets if sheet.width]
    if not filled:
        raise _empty()
    for sheet in filled:
        if score is not None and any(score(cells) for _line, cells in islice(sheet.records(), LOOKED_AT)):
            return sheet
    return filled[0]


def _read_workbook(path: Path, wanted: str | None, score: Score | None, limits: Limits, *, zipped: bool) -> Table:
    sheets = open_workbook(path, limits, wanted, zipped=zipped)
    sheet = _pick_sheet(sheets, wanted, score)
    # A filled cell outside the heading belongs to a column without a name; it does not make its row a shifted one.
    heading = _heading(sheet.records(), score, limits, width=sheet.width)
    return Table(
        heading.names,
        heading.line,
        "xlsx" if zipped else "xls",
        sheet=sheet.name,
        sheets=tuple(each.name for each in sheets),
        _records=sheet.records,
        _data_after=heading.last_line,
        _most_rows=limits.rows,
    )


def read_table(path: Path, *, sheet: str | None = None, limits: Limits = _USUAL, score: Score | None = None) -> Table:
    """The table in a file.

    `sheet` names one of a workbook's visible sheets; without it the first with a table is read. `score` counts the
    known headings in a row of cells and thereby finds the header beneath a title. A number of more than 15 digits in
    a workbook has lost digits and is given as 9.13715221234568E+17, so that it can be refused by that look.

    Raises `UnreadableFile` when the file is no spreadsheet, empty, only a header, damaged, locked or too large.
    """
    size = path.stat().st_size
    with path.open("rb") as source:
        start = source.read(_SNIFFED)
    if start.startswith((_ZIP, _OLE)):
        if size > limits.workbook_bytes:
            raise _too_large(size, limits.workbook_bytes)
        return _read_workbook(path, sheet, score, limits, zipped=start.startswith(_ZIP))
    if size > limits.text_bytes:
        raise _too_large(size, limits.text_bytes)
    if not start.strip():
        raise _empty()
    opening = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if opening.startswith(_MARKUP):
        raise UnreadableFile(
            _("This is a web page named like a spreadsheet. Open it in a spreadsheet program and save it as .xlsx.")
        )
    controls = len(start) - len(start.translate(None, _CONTROLS))
    binary = controls * _FEW_CONTROLS > len(start) and not start.startswith(_UTF16)
    if opening.startswith(_OTHERS) or binary:
        raise UnreadableFile(_("This file is not a spreadsheet. Send .xlsx, .xls or .csv."))
    return _read_csv(path, score, limits)
