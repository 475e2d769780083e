"""The sheets of an XLSForm as our reader of strangers' workbooks gives them: rows with their numbers and headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from fugong.base.spreadsheets.logic.header import letters
from fugong.base.spreadsheets.logic.unreadable import Limits, UnreadableFile
from fugong.base.spreadsheets.logic.workbook import open_workbook

SHEETS = ("survey", "choices", "settings")
LIMITS = Limits(
    workbook_bytes=5 * 2**20, unpacked_bytes=50 * 2**20, memory_bytes=1024 * 2**20, seconds=30, columns=60, rows=5000
)
_ZIP = b"PK\x03\x04"
_LANGUAGE = re.compile(r"^(?P<bare>[a-z_ ]+)::.*\((?P<code>[a-z]{2})(?:-[A-Za-z]+)*\)$", re.IGNORECASE)
# Other writings of the same heading that XLSForm knows.
_SAME = {"relevance": "relevant", "list name": "list_name", "constraint message": "constraint_message"}
LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class FormIssue:
    """What cannot be taken: sheet, row as a spreadsheet program shows it, column as headed, cell, why, how to mend."""

    sheet: str
    row: int
    column: str
    value: str
    why: str
    mend: str

    def __str__(self) -> str:
        place = _("sheet %(sheet)s, row %(row)d, column %(column)s") % {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column or "—",
        }
        return _("%(place)s: %(why)s. %(mend)s.") % {"place": place, "why": self.why, "mend": self.mend}


class FormRefused(ValueError):
    """A form that is not taken: each reason in its place."""

    def __init__(self, issues: list[FormIssue]) -> None:
        super().__init__("\n".join(map(str, issues)))
        self.issues = issues


@dataclass(frozen=True, slots=True)
class Row:
    """A filled row: cells by the name of their column (`label` in zh is `label:zh`), and the headings as they stand."""

    sheet: str
    number: int
    cells: dict[str, str]
    headings: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def texts(self, column: str) -> dict[str, str]:
        """A text in its languages; one without a language is Chinese."""
        found = {code: self[f"{column}:{code}"] for code in LANGUAGES}
        found["zh"] = found["zh"] or self[column]
        return {code: text for code, text in found.items() if text}

    def issue(self, column: str, why: str, mend: str) -> FormIssue:
        return FormIssue(self.sheet, self.number, self.headings.get(column, column), self[column], why, mend)


@dataclass(slots=True)
class Sheets:
    """`rows` by sheet. `issues`: cells in columns that are not read."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    issues: list[FormIssue] = field(default_factory=list)


def _column(heading: str, known: frozenset[str]) -> str:
    """The name of a column; "" for one that is not read."""
    bare = re.sub(r"\s*::\s*", "::", " ".join(heading.split()))
    match = _LANGUAGE.match(bare)
    if match and match["code"].lower() in LANGUAGES:
        name = match["bare"].strip().lower()
        name = f"{_SAME.get(name, name)}:{match['code'].lower()}"
    else:
        name = _SAME.get(bare.lower(), bare.lower())
    return name if name in known else ""


def _rows(sheet: str, records: Iterator[tuple[int, list[str]]], known: frozenset[str], into: Sheets) -> Iterator[Row]:
    filled = ((line, cells) for line, cells in records if any(cells))
    _line, header = next(filled, (0, []))
    names = [_column(heading, known) for heading in header]
    told: set[int] = set()
    for line, cells in filled:
        found: dict[str, str] = {}
        headings: dict[str, str] = {}
        for place, cell in enumerate(cells):
            heading = header[place] if place < len(header) and header[place] else letters(place)
            name = names[place] if place < len(names) else ""
            if name and not found.get(name):
                found[name], headings[name] = cell.strip(), heading
            elif cell and place not in told:
                told.add(place)
                into.issues.append(_unread(sheet, line, heading, cell, known))
        yield Row(sheet, line, found, headings)


def _unread(sheet: str, line: int, heading: str, cell: str, known: frozenset[str]) -> FormIssue:
    names = ", ".join(sorted(known))
    return FormIssue(
        sheet,
        line,
        heading,
        cell,
        _("The column “%(column)s” is outside the subset, or stands twice") % {"column": heading},
        _("Empty its cells or delete it. These are read: %(names)s") % {"names": names},
    )


def read_sheets(path: Path, known: dict[str, frozenset[str]]) -> Sheets:
    """The sheets survey, choices and settings with the columns that are `known`.

    Raises `UnreadableFile` for a file that is no sound .xlsx, or too large for a form.
    """
    with path.open("rb") as source:
        if source.read(4) != _ZIP:
            raise UnreadableFile(_("A form is an .xlsx file. Save it as .xlsx in a spreadsheet program."))
    size = path.stat().st_size
    if size > LIMITS.workbook_bytes:
        raise UnreadableFile(
            _("The file has %(size)d MB; at most %(limit)d MB are read. Delete pictures and other sheets.")
            % {"size": size // 2**20, "limit": LIMITS.workbook_bytes // 2**20}
        )
    sheets = Sheets(rows={name: [] for name in SHEETS})
    for sheet in open_workbook(path, LIMITS, zipped=True):
        name = sheet.name.strip().lower()
        if name not in SHEETS:
            continue
        sheets.rows[name] = list(_rows(name, sheet.records(), known[name], sheets))
        if len(sheets.rows[name]) > LIMITS.rows:
            raise UnreadableFile(_("The table has more than %(limit)d rows. Split the file.") % {"limit": LIMITS.rows})
    return sheets
