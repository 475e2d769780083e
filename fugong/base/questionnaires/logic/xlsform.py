"""Reading a form: an XLSForm within Fugong's subset, as the JSON that a version stores. ADR 0031 says what is in it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from fugong.base.questionnaires.logic.expression import ExpressionError, Question, compile_expression
from fugong.base.questionnaires.logic.sheets import FormIssue, FormRefused, Row, Sheets, read_sheets
from fugong.base.questionnaires.logic.standard import refusals

ANSWERED = ("select_one", "select_multiple", "integer", "decimal", "date", "text")
TYPES = (*ANSWERED, "note", "begin group", "end group")
MOST_QUESTIONS, MOST_CHOICES, LONGEST_LABEL = 200, 200, 1000
_LABELS = frozenset({"label", "label:zh", "label:en"})
COLUMNS = {
    "survey": _LABELS
    | {"hint", "hint:zh", "hint:en", "constraint_message", "constraint_message:zh", "constraint_message:en"}
    | {"type", "name", "required", "relevant", "constraint", "fugong::fail"},
    "choices": _LABELS | {"list_name", "name"},
    "settings": frozenset(
        {"form_id", "form_title", "version", "default_language", "fugong::title_en", "fugong::source"}
    ),
}
CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,49}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,49}")
_VALUE = re.compile(r"[\w.-]{1,50}")
_YES, _NO = {"yes", "true", "true()", "TRUE", "YES", "Yes"}, {"", "no", "false", "false()", "FALSE", "NO", "No"}


@dataclass(frozen=True, slots=True)
class Definition:
    """A form as read: `content` is what a version stores, plain JSON; `digest` its SHA-256."""

    code: str
    content: dict[str, Any]

    @property
    def digest(self) -> str:
        plain = json.dumps(self.content, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(plain.encode()).hexdigest()


@dataclass(slots=True)
class _Reading:
    """A survey while it is read, row by row. `inside`: the groups that stand open; `known`: what may be named above."""

    lists: Mapping[str, list[dict[str, Any]]]
    issues: list[FormIssue]
    groups: list[dict[str, Any]] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    inside: list[int] = field(default_factory=list)
    begun: list[Row] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    known: dict[str, Question] = field(default_factory=dict)

    def refuse(self, row: Row, column: str, why: str, mend: str) -> None:
        self.issues.append(row.issue(column, why, mend))

    def compiled(self, row: Row, column: str, own: str = "") -> dict[str, Any] | None:
        """The expression in a cell with its tree; None for an empty cell, and for one that is refused."""
        text = " ".join(row[column].split())
        if not text:
            return None
        try:
            return {"text": text, "tree": compile_expression(text, self.known, own)}
        except ExpressionError as error:
            self.refuse(row, column, error.why, error.mend)
            return None

    def read(self, row: Row) -> None:
        """One row of the survey."""
        kind, _space, argument = " ".join(row["type"].split()).partition(" ")
        if kind in ("begin", "end") or kind in ("begin_group", "end_group"):
            kind, argument = f"{kind.partition('_')[0]} {argument or kind.partition('_')[2]}", ""
        if kind not in TYPES:
            self.refuse(row, "type", *_unknown_type(row["type"]))
        elif kind == "end group":
            self.end(row)
        elif self.has_name(row):
            if kind == "begin group":
                self.begin(row)
            else:
                self.question(row, kind, argument)

    def has_name(self, row: Row) -> bool:
        name = row["name"]
        if not _NAME.fullmatch(name):
            self.refuse(
                row,
                "name",
                _("“%(name)s” is not a name") % {"name": name},
                _("A name has letters, digits and underscores, begins with no digit and has at most 50 of them"),
            )
            return False
        if name in self.names:
            self.refuse(row, "name", _("“%(name)s” stands in an earlier row already") % {"name": name}, _("Rename one"))
            return False
        self.names.add(name)
        return True

    def label(self, row: Row) -> dict[str, str]:
        texts = row.texts("label")
        if not texts.get("zh"):
            self.refuse(row, "label:zh", _("The label is missing"), _("Write it in the column label::中文 (zh)"))
        return texts

    def begin(self, row: Row) -> None:
        for column in ("required", "constraint", "fugong::fail"):
            if row[column] and row[column] not in _NO:
                self.refuse(row, column, _("A group is not answered"), _("Write it beside the questions of the group"))
        self.groups.append(
            {
                "name": row["name"],
                "label": self.label(row),
                "parent": self.inside[-1] if self.inside else None,
                "relevant": self.compiled(row, "relevant"),
            }
        )
        self.inside.append(len(self.groups) - 1)
        self.begun.append(row)

    def end(self, row: Row) -> None:
        if not self.inside:
            self.refuse(row, "type", _("No group is open here"), _("Delete the row, or write begin group above it"))
            return
        self.inside.pop()
        self.begun.pop()

    def question(self, row: Row, kind: str, argument: str) -> None:
        choices = self.choices(row, argument) if kind.startswith("select") else []
        if argument and not kind.startswith("select"):
            self.refuse(row, "type", *_unknown_type(row["type"]))
        own = self.compiled(row, "relevant")
        chain = [self.groups[place]["relevant"] for place in self.inside]
        self.questions.append(
            {
                "name": row["name"],
                "type": kind,
                "list": argument if choices else "",
                "label": self.label(row),
                "hint": row.texts("hint"),
                "message": row.texts("constraint_message"),
                "groups": list(self.inside),
                "condition": own["text"] if own else "",
                "relevant": [one for one in [*chain, own] if one],
                "choices": choices,
            }
        )
        self.rows.append(row)
        if kind != "note":
            self.known[row["name"]] = Question(kind, frozenset(choice["value"] for choice in choices))

    def choices(self, row: Row, name: str) -> list[dict[str, Any]]:
        found = self.lists.get(name)
        if found is None:
            self.refuse(
                row,
                "type",
                _("The sheet choices has no list “%(name)s”") % {"name": name},
                _("Write its choices there with list_name %(name)s, or name one of: %(names)s")
                % {"name": name or "…", "names": ", ".join(sorted(self.lists)) or "—"},
            )
        return found or []

    def finish(self) -> None:
        """What may name every question: required, bounds, failed checks; and groups that never end."""
        for row in self.begun:
            self.refuse(row, "type", _("The group does not end"), _("Write end group behind its last question"))
        for question, row in zip(self.questions, self.rows, strict=True):
            is_note = question["type"] == "note"
            required = row["required"]
            question["required"] = None
            if required in _YES and not is_note:
                question["required"] = {"text": "yes", "tree": ["true"]}
            elif required not in _NO and not is_note:
                question["required"] = self.compiled(row, "required", question["name"])
            for key, column in (("constraint", "constraint"), ("fail", "fugong::fail")):
                question[key] = None if is_note else self.compiled(row, column, question["name"])
                if is_note and row[column]:
                    self.refuse(row, column, _("A note is not answered"), _("Empty the cell"))
        if not self.known:
            self.issues.append(
                FormIssue("survey", 1, "type", "", _("The form asks nothing"), _("Write at least one question"))
            )
        if len(self.questions) > MOST_QUESTIONS:
            row = self.rows[MOST_QUESTIONS]
            why = _("The form has more than %(limit)d questions") % {"limit": MOST_QUESTIONS}
            self.refuse(row, "type", why, _("Split it into two forms"))


def _unknown_type(text: str) -> tuple[str, str]:
    why = _("The type “%(type)s” is outside the subset") % {"type": text}
    if text == "image":
        return why, _("Delete the row: photographs are taken in the visit itself, not in a question")
    return why, _("Use one of: %(names)s") % {"names": ", ".join(TYPES)}


def _lists(rows: list[Row], issues: list[FormIssue]) -> dict[str, list[dict[str, Any]]]:
    lists: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        choices = lists.setdefault(row["list_name"], [])
        if not row["list_name"]:
            issues.append(row.issue("list_name", _("The cell is empty"), _("Name the list that the choice belongs to")))
        if not _VALUE.fullmatch(row["name"]):
            why = _("“%(name)s” is no name of a choice") % {"name": row["name"]}
            issues.append(row.issue("name", why, _("It has letters, digits, . _ and -, at most 50, and no gap")))
        if row["name"] in (choice["value"] for choice in choices):
            why = _("The list has “%(name)s” already") % {"name": row["name"]}
            issues.append(row.issue("name", why, _("Rename one")))
        label = row.texts("label")
        if not label.get("zh"):
            mend = _("Write it in the column label::中文 (zh)")
            issues.append(row.issue("label:zh", _("The label is missing"), mend))
        if len(choices) == MOST_CHOICES:
            why = _("The list has more than %(limit)d choices") % {"limit": MOST_CHOICES}
            issues.append(row.issue("list_name", why, _("Ask in two steps, or as text")))
        choices.append({"value": row["name"], "label": label})
    return lists


def _settings(sheets: Sheets) -> tuple[str, dict[str, Any]]:
    first = next(iter(sheets.rows["settings"]), Row("settings", 2, {}, {}))
    if not CODE.fullmatch(first["form_id"]):
        mend = _(
            "Write a short name of lower-case letters, digits, - and _, which stays the same from version to version"
        )
        sheets.issues.append(first.issue("form_id", _("The form has no code"), mend))
    if not first["form_title"]:
        sheets.issues.append(first.issue("form_title", _("The title is missing"), _("Write what the form is called")))
    title = {"zh": first["form_title"], "en": first["fugong::title_en"]}
    return first["form_id"], {
        "title": {code: text for code, text in title.items() if text},
        "source": first["fugong::source"],
    }


def _too_long(sheets: Sheets) -> None:
    for rows in sheets.rows.values():
        for row in rows:
            for column, cell in row.cells.items():
                if len(cell) > LONGEST_LABEL:
                    why = _("The text is longer than %(limit)d characters") % {"limit": LONGEST_LABEL}
                    sheets.issues.append(row.issue(column, why, _("Shorten it")))


def read_form(path: Path) -> Definition:
    """The form in an .xlsx file.

    Raises `UnreadableFile` for a file that is no table, and `FormRefused` with every place that is wrong or outside the
    subset. What our reading finds sound is handed to pyxform too: nothing is kept that others would refuse.
    """
    return _read(path, hashlib.sha256(path.read_bytes()).digest())


@lru_cache(maxsize=8)
def _read(path: Path, _digest: bytes) -> Definition:
    """Read once what is checked and then kept: a workbook is opened by a process of its own."""
    sheets = read_sheets(path, COLUMNS)
    code, settings = _settings(sheets)
    _too_long(sheets)
    lists = _lists(sheets.rows["choices"], sheets.issues)
    reading = _Reading(lists, sheets.issues)
    for row in sheets.rows["survey"]:
        reading.read(row)
    reading.finish()
    if not sheets.issues:
        sheets.issues.extend(refusals(sheets))
    if sheets.issues:
        order = {"settings": 0, "survey": 1, "choices": 2}
        raise FormRefused(sorted(sheets.issues, key=lambda one: (order[one.sheet], one.row)))
    return Definition(code, settings | {"groups": reading.groups, "questions": reading.questions})
