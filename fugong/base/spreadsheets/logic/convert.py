"""A workbook's sheets as lines of JSON. Runs as a program of its own: `python -I convert.py LIMITS FILE [SHEET]`.

calamine lays a sheet out as a full rectangle and ends the process when memory fails: two cells in opposite corners ask
for 500 GB, and one flipped bit in an .xls can put a cell there. So a stranger's workbook is opened only here, under
limits that the kernel keeps, and imports nothing of the product.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from posixpath import join, normpath
from typing import BinaryIO
from xml.etree import ElementTree

from python_calamine import CalamineWorkbook, PasswordError, SheetVisibleEnum

LOCKED = 3
# A double holds 15 decimal digits; a spreadsheet program replaces the digits behind them by zeros.
_EXACT = 10**15
_ERROR = re.compile(rb'<(?:\w+:)?c\b([^>]*\bt="e"[^>]*)>(.*?)</(?:\w+:)?c>', re.DOTALL)
_ERROR_TEXT = re.compile(rb"v>(#[^<]{1,20})<")
# A formula whose value the writing program did not store: calamine shows it as empty too.
_UNVALUED = re.compile(
    rb"<(?:\w+:)?c\b([^>]*[^/>])>((?:(?!</(?:\w+:)?c>|<(?:\w+:)?[cv]\b).)*?)</(?:\w+:)?c>", re.DOTALL
)
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
NO_VALUE = "#FORMULA!"
_PLACE = re.compile(rb'\sr="([A-Z]{1,3})(\d{1,7})"')
_CHUNK = 2**20

CellValue = int | float | str | bool | time | date | datetime | timedelta
Errors = dict[int, dict[int, str]]


def number_text(number: float) -> str:
    """A number as a wide cell shows it: 120, 0.85; 9.13715221234568E+17 where digits are lost."""
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
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _column(name: bytes) -> int:
    position = 0
    for letter in name:
        position = position * 26 + letter - ord("A") + 1
    return position - 1


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Name of each sheet → its XML file in the archive."""
    # expat refuses entities that expand without end, and fetches none from outside.
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {str(item.get("Id")): str(item.get("Target")) for item in relations}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    parts = {}
    for item in book.iter():
        if item.tag.rpartition("}")[2] == "sheet":
            # r:id, in the namespace of the usual or of the strict variant of the format.
            relation = next((value for name, value in item.attrib.items() if name.endswith("}id")), "")
            parts[str(item.get("name"))] = normpath(join("/xl", targets.get(relation, ""))).lstrip("/")
    return parts


def formula_errors(path: Path, sheet: str) -> Errors:
    """Row → column → text of .xlsx cells whose formula failed or has no value; calamine shows them as empty."""
    errors: Errors = {}
    with zipfile.ZipFile(path) as archive:
        try:
            part = _sheet_parts(archive).get(sheet, "")
            source = archive.open(part)
        except (KeyError, ElementTree.ParseError):
            # An unusual way of writing, which calamine may understand all the same.
            return errors
        rest = b""
        while chunk := source.read(_CHUNK):
            rest += chunk
            cut = rest.rfind(b"</row>")
            if cut > 0:
                _find_errors(rest[:cut], errors)
                rest = rest[cut:]
        _find_errors(rest, errors)
    return errors


def _find_errors(piece: bytes, errors: Errors) -> None:
    if b"<f" in piece or b":f" in piece:
        for attributes, content in _UNVALUED.findall(piece):
            place = _PLACE.search(attributes) if _FORMULA.search(content) else None
            if place is not None:
                errors.setdefault(int(place[2]), {})[_column(place[1])] = NO_VALUE
    if b't="e"' not in piece:
        return
    for attributes, content in _ERROR.findall(piece):
        place, text = _PLACE.search(attributes), _ERROR_TEXT.search(content)
        if place is not None and text is not None:
            errors.setdefault(int(place[2]), {})[_column(place[1])] = text[1].decode("ascii", "replace")


def _write_rows(target: BinaryIO, rows: Iterable[list[CellValue]], errors: Errors) -> None:
    for number, values in enumerate(rows, start=1):
        texts = [cell_text(value) for value in values]
        for column, text in errors.get(number, {}).items():
            texts += [""] * (column - len(texts))
            texts[column : column + 1] = [text]
        if any(texts):
            target.write(json.dumps([number, texts], ensure_ascii=False).encode() + b"\n")


def convert(path: Path, target: BinaryIO, wanted: str = "") -> list[tuple[str, int, int]]:
    """Write the filled rows of the visible sheets, each `[row number, [text, …]]`; only of one sheet if `wanted`.

    Returns name, width in columns and place in the target (bytes) of every visible sheet; -1 for one left out.
    """
    sheets = []
    zipped = zipfile.is_zipfile(path)
    with path.open("rb") as source:
        book = CalamineWorkbook.from_filelike(source)
        for about in book.sheets_metadata:
            if about.visible != SheetVisibleEnum.Visible:
                continue
            if wanted and about.name != wanted:
                sheets.append((about.name, 0, -1))
                continue
            sheet = book.get_sheet_by_name(about.name)
            start = target.tell()
            _write_rows(target, sheet.iter_rows(), formula_errors(path, about.name) if zipped else {})
            sheets.append((about.name, sheet.end[1] + 1 if sheet.end else 0, start))
    return sheets


def main(arguments: list[str]) -> int:
    """Convert to standard output; the list of sheets goes to standard error as the last line of JSON."""
    memory, size = map(int, arguments[0].split(","))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    try:
        sheets = convert(Path(arguments[1]), sys.stdout.buffer, *arguments[2:])
    except PasswordError:
        return LOCKED
    sys.stdout.buffer.flush()
    sys.stderr.write("\n" + json.dumps(sheets) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
