"""Reading a playbook: a folder of TOML, CSV and XLSForm files. Pure; no database."""

from __future__ import annotations

import csv
import hashlib
import re
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from fugong.core.registries import Folder, playbook_sections

SUFFIXES = {".toml", ".csv", ".xlsx", ".xls"}
FORM_SUFFIXES = (".xlsx", ".xls", ".csv")
LANGUAGES = ("zh", "en")
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,49}")


class PlaybookError(ValueError):
    """A faulty playbook: file, path of the key (or row), what is wrong and how to mend it."""

    def __init__(self, file: str, key: str, message: str) -> None:
        super().__init__(f"{file}{': ' + key if key else ''}: {message}")
        self.file, self.key, self.message = file, key, message


@dataclass(frozen=True, slots=True)
class PlaybookFolder:
    """The files of one playbook, read with errors that name their place."""

    path: Path

    def fail(self, name: str, key: str, message: str) -> NoReturn:
        """Raise `PlaybookError` for this place."""
        raise PlaybookError(name, key, message)

    def has(self, name: str) -> bool:
        """Whether the folder brings this file at all, for those that it may leave out."""
        return (self.path / name).is_file()

    def files(self, pattern: str) -> list[Path]:
        """The files whose names fit, such as `form-*.xlsx`, in the order of their names."""
        return sorted(self.path.glob(pattern))

    def _file(self, name: str) -> Path:
        path = self.path / name
        if not path.is_file():
            self.fail(name, "", _("The file is missing from the playbook's folder."))
        return path

    def _text(self, name: str) -> str:
        try:
            text = self._file(name).read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            self.fail(name, "", _("The file is not UTF-8 (%(error)s). Save it as UTF-8.") % {"error": error})
        if "\0" in text:
            self.fail(name, "", _("The file holds a NUL character. Save it as plain text."))
        return text

    def toml(self, name: str) -> dict[str, Any]:
        """A TOML file; the parser's error names the line."""
        try:
            return tomllib.loads(self._text(name))
        except tomllib.TOMLDecodeError as error:
            self.fail(name, "", str(error))

    def table(self, name: str, columns: tuple[str, ...]) -> list[dict[str, str]]:
        """A CSV file with at least these columns; every cell of theirs is filled and the first is unique."""
        try:
            reader = csv.DictReader(self._text(name).splitlines(keepends=True))
            missing = [column for column in columns if column not in (reader.fieldnames or [])]
            if missing:
                self.fail(name, missing[0], _("The column is missing. Add it to the first row."))
            rows = [{column: (row[column] or "").strip() for column in columns} for row in reader]
        except csv.Error as error:
            self.fail(name, "", str(error))
        seen: set[str] = set()
        for number, row in enumerate(rows, start=2):
            empty = [column for column in columns if not row[column]]
            if empty:
                self.fail(
                    name, _("row %(row)d, %(column)s") % {"row": number, "column": empty[0]}, _("The cell is empty.")
                )
            if row[columns[0]] in seen:
                self.fail(
                    name,
                    _("row %(row)d, %(column)s") % {"row": number, "column": columns[0]},
                    _("“%(value)s” stands in an earlier row already.") % {"value": row[columns[0]]},
                )
            seen.add(row[columns[0]])
        return rows

    def xlsform(self, name: str) -> list[dict[str, Any]]:
        """The questions of the XLSForm `name`.xlsx, .xls or .csv; [] when the playbook has none of them."""
        found = [self.path / f"{name}{suffix}" for suffix in FORM_SUFFIXES if (self.path / f"{name}{suffix}").is_file()]
        if not found:
            return []
        # A fifth of the time in which a process of ours begins, and few of them read a form.
        from pyxform.errors import PyXFormError
        from pyxform.xls2json import parse_file_to_json

        try:
            survey = parse_file_to_json(str(found[0]), warnings=[])
        except (PyXFormError, UnicodeDecodeError) as error:
            self.fail(found[0].name, "", str(error))
        # pyxform adds a group `meta` of its own, which asks nobody anything.
        return [item for item in survey["children"] if item["type"] != "group"]


@dataclass(frozen=True, slots=True)
class Playbook:
    """A playbook as read: header and one JSON part per registered section, with the digest of its files.

    `folder`: where sections find what they keep besides their JSON; without it nothing of that kind is kept.
    """

    code: str
    version: str
    effective_from: date
    content: dict[str, Any]
    digest: str
    folder: PlaybookFolder | None = None


def texts(folder: Folder, name: str, key: str, value: Any) -> dict[str, str]:
    """A text in both languages. Raises `PlaybookError` when one is missing."""
    for language in LANGUAGES:
        if not isinstance(value, dict) or not isinstance(value.get(language), str) or not value[language].strip():
            folder.fail(name, f"{key}.{language}", _("The text is missing. Give it in both languages, zh and en."))
    return {language: value[language].strip() for language in LANGUAGES}


def code_of(folder: Folder, name: str, key: str, value: Any) -> str:
    """A code that may stand in an address, a file name and a list. Raises `PlaybookError` for another text."""
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        folder.fail(name, key, _("A code has lower-case letters, digits, hyphens and underscores."))
    return value


def digest_of(path: Path) -> str:
    """SHA-256 over names and bytes of the playbook's files, in the order of their names."""
    total = hashlib.sha256()
    for file in sorted(item for item in path.iterdir() if item.suffix in SUFFIXES):
        total.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def read_playbook(path: Path) -> Playbook:
    """Read a playbook's folder through all registered sections.

    Raises `PlaybookError` naming file and key for the first fault; nothing is kept of a faulty playbook.
    """
    folder = PlaybookFolder(path)
    head = folder.toml("playbook.toml")
    for key, kind in (("code", str), ("version", str), ("effective_from", date)):
        if type(head.get(key)) is not kind or not head[key]:
            folder.fail("playbook.toml", key, _("The value is missing or of the wrong kind."))
    code_of(folder, "playbook.toml", "code", head["code"])
    content: dict[str, Any] = {"name": texts(folder, "playbook.toml", "name", head.get("name"))}
    for name, section in playbook_sections.items():
        try:
            content[name] = section.read(folder)
        except (TypeError, AttributeError, KeyError) as error:
            # A value of a shape that no reader thought of: text where a table should be, a list where a text should.
            folder.fail(name, "", _("A value is of the wrong kind (%(error)s).") % {"error": error})
    return Playbook(head["code"], head["version"], head["effective_from"], content, digest_of(path), folder)
