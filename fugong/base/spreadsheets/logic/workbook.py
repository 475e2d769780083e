""".xlsx and .xls by calamine: values as a formula last computed them, as text, with the row they stand in."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from posixpath import join, normpath
from typing import BinaryIO, NoReturn
from xml.etree import ElementTree

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from fugong.base.spreadsheets.logic.header import Record, letters
from fugong.base.spreadsheets.logic.unreadable import Limits, UnreadableFile

# A double holds 15 decimal digits; Excel replaces the digits behind them by zeros.
_EXACT = 10**15
_CHUNK = 2**20
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*?(/?)>')
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d{1,7})"')
_CELL_START = re.compile(rb"<(?:\w+:)?c[ />]")
_ROW_START = re.compile(rb"<(?:\w+:)?row\b")
_ERROR = re.compile(rb'<(?:\w+:)?c\b([^>]*\bt="e"[^>]*)>.*?<(?:\w+:)?v>([^<]{1,20})<', re.DOTALL)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_DAMAGE = (CalamineError, OSError, ValueError, KeyError, zipfile.BadZipFile, zlib.error, ElementTree.ParseError)

CellValue = int | float | str | bool | time | date | datetime | timedelta


@dataclass
class _Extent:
    """The filled cells of a sheet reach this far; `errors`: row → column → text of cells without a result."""

    row: int = 0
    column: int = 0
    errors: dict[int, dict[int, str]] = field(default_factory=dict)


def number_text(number: float) -> str:
    """A number as a spreadsheet program shows it in a wide cell: 120, 0.85; 9.13715221234568E+17 where digits are lost."""
    if number.is_integer():
        return str(int(number)) if abs(number) < _EXACT else f"{number:.15G}"
    text = f"{number:.15g}"
    return f"{Decimal(text):f}" if "e" in text else text


def cell_text(value: CellValue) -> str:
    """A cell as text: dates as 2020-03-24, with the time of day only where there is one."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return number_text(float(value)) if isinstance(value, float) else str(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _damaged(error: BaseException) -> NoReturn:
    raise UnreadableFile(
        _("The workbook is damaged and cannot be opened. Open it in a spreadsheet program and save it anew as .xlsx.")
    ) from error


def _column(name: bytes) -> int:
    position = 0
    for letter in name:
        position = position * 26 + letter - ord("A") + 1
    return position - 1


def _measure(piece: bytes, extent: _Extent) -> None:
    """Widen the extent by the cells in some rows of a sheet's XML. Cells without a value do not count."""
    cells = _CELL.findall(piece)
    columns = {name for name, _row, bare in cells if not bare}
    rows = {row for _name, row, bare in cells if not bare}
    if len(_CELL_START.findall(piece)) > len(cells):
        # Cells that do not say where they stand follow one another from the first column of their row.
        rows.update(_ROW.findall(piece))
        longest = max(len(_CELL_START.findall(part)) for part in _ROW_START.split(piece))
        extent.column = max(extent.column, longest - 1)
    extent.column = max([extent.column, *map(_column, columns)])
    extent.row = max([extent.row, *map(int, rows)])
    if b't="e"' in piece:
        for attributes, text in _ERROR.findall(piece):
            place = _PLACE.search(attributes)
            if place is not None:
                extent.errors.setdefault(int(place[2]), {})[_column(place[1])] = text.decode("ascii", "replace")


def _scan(source: BinaryIO | zipfile.ZipExtFile) -> _Extent:
    """How far the cells of a sheet reach, read in pieces of whole rows.

    calamine lays a sheet out as a full rectangle: two cells in opposite corners would ask for 500 GB. And it shows a
    failed formula as an empty cell.
    """
    extent, rest = _Extent(), b""
    while chunk := source.read(_CHUNK):
        rest += chunk
        cut = rest.rfind(b"</row>") if len(rest) < 32 * _CHUNK else len(rest)
        if cut > 0:
            _measure(rest[:cut], extent)
            rest = rest[cut:]
    _measure(rest, extent)
    return extent


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Name of each sheet → its XML file in the archive."""
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {str(item.get("Id")): str(item.get("Target")) for item in relations}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    parts = {}
    for item in book.iter():
        if item.tag.rpartition("}")[2] == "sheet":
            target = targets.get(str(item.get(_RELATION)), "")
            parts[str(item.get("name"))] = normpath(join("/xl", target)).lstrip("/")
    return parts


class Workbook:
    """An open .xlsx or .xls file. Raises `UnreadableFile` for one that is damaged, locked or unpacks to too much."""

    def __init__(self, path: Path, limits: Limits, *, zipped: bool) -> None:
        self._limits = limits
        self._path = path
        self._parts: dict[str, str] = {}
        try:
            if zipped:
                self._open_archive(path)
            self._book = CalamineWorkbook.from_filelike(BytesIO(path.read_bytes()))
            visible = [sheet.name for sheet in self._book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
        except PasswordError:
            raise UnreadableFile(
                _("The workbook is locked by a password. Save it without one and try again.")
            ) from None
        except _DAMAGE as error:
            _damaged(error)
        except BaseException as error:
            self._only_panics(error)
        self.sheets = tuple(visible)

    def _open_archive(self, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(item.file_size for item in archive.infolist())
            if unpacked > self._limits.unpacked_bytes:
                raise UnreadableFile(
                    _("The file unpacks to %(size)d MB; at most %(limit)d MB are read. Split it, or save it as .csv.")
                    % {"size": unpacked // 2**20, "limit": self._limits.unpacked_bytes // 2**20}
                )
            names = set(archive.namelist())
            if "xl/workbook.xml" not in names:
                raise UnreadableFile(_("This file is not a spreadsheet. Send .xlsx, .xls or .csv."))
            self._parts = {name: part for name, part in _sheet_parts(archive).items() if part in names}

    @staticmethod
    def _only_panics(error: BaseException) -> NoReturn:
        """A fault inside the parser's Rust code arrives as PanicException, which is no `Exception`."""
        if type(error).__name__ != "PanicException":
            raise error
        _damaged(error)

    def _extent(self, name: str) -> _Extent:
        if name not in self._parts:
            return _Extent()
        with zipfile.ZipFile(self._path) as archive, archive.open(self._parts[name]) as source:
            extent = _scan(source)
        if (extent.row * (extent.column + 1)) > self._limits.cells:
            raise UnreadableFile(
                _(
                    "The sheet “%(sheet)s” has cells as far as %(cell)s. Delete what stands beside and beneath the table."
                )
                % {"sheet": name, "cell": f"{letters(extent.column)}{extent.row}"}
            )
        return extent

    def sheet(self, name: str) -> Sheet:
        """A sheet's cells in memory."""
        try:
            extent = self._extent(name)
            return Sheet(name, self._book.get_sheet_by_name(name), extent.errors)
        except UnreadableFile:
            raise
        except _DAMAGE as error:
            _damaged(error)
        except BaseException as error:
            self._only_panics(error)


class Sheet:
    """One sheet, its rows numbered as the spreadsheet program numbers them."""

    def __init__(self, name: str, cells: CalamineSheet, errors: dict[int, dict[int, str]]) -> None:
        self.name = name
        self._cells = cells
        self._errors = errors
        # The last filled column, counted from 1.
        self.width = cells.end[1] + 1 if cells.end else 0

    def records(self) -> Iterator[Record]:
        """Row number and texts of each row, empty ones included."""
        for number, values in enumerate(self._cells.iter_rows(), start=1):
            texts = [value.strip() if value.__class__ is str else cell_text(value) for value in values]
            for column, text in self._errors.get(number, {}).items():
                if column < len(texts):
                    texts[column] = text
            yield number, texts
