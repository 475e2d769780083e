"""Answers as people read them: labels instead of names, and the table that is taken along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

from fugong.base.spreadsheets.logic.writer import Cell, SheetData
from fugong.core.text import in_language, listed


class Answered(Protocol):
    """What is read of stored answers."""

    subject_name: str
    user_name: str
    answers: dict[str, str]
    failed: list[dict[str, Any]]
    answered_at: datetime


def in_words(question: Mapping[str, Any], answer: str) -> str:
    """An answer in the language of the request: labels of what was chosen, else what was typed."""
    if not question["type"].startswith("select"):
        return answer
    labels = {choice["value"]: in_language(choice["label"]) for choice in question["choices"]}
    return listed(labels.get(value, value) for value in answer.split(" ") if value)


def _cell(question: Mapping[str, Any], answer: str) -> Cell:
    """Numbers and days as such, so that the table can be reckoned with."""
    if answer and question["type"] in ("integer", "decimal"):
        return Decimal(answer)
    if answer and question["type"] == "date":
        return date.fromisoformat(answer)
    return in_words(question, answer)


def answers_sheet(number: int, content: Mapping[str, Any], rows: Iterable[Answered]) -> SheetData:
    """The answers to one version: a column for each question, in its order."""
    questions = [question for question in content["questions"] if question["type"] != "note"]
    header = [_("Enterprise"), _("When"), _("By"), _("Failed"), *(in_language(one["label"]) for one in questions)]
    cells = (
        [
            row.subject_name,
            timezone.localtime(row.answered_at),
            row.user_name,
            listed(in_language(one["label"]) for one in row.failed),
            *(_cell(question, row.answers.get(question["name"], "")) for question in questions),
        ]
        for row in rows
    )
    return SheetData(_("Version %(number)d") % {"number": number}, header, cells)
