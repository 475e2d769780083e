"""What the clerk sees before confirming: counts, issues, changes, and the corrected file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from fugong.base.spreadsheets.logic.columns import ADDED_COLUMNS
from fugong.base.spreadsheets.logic.damage import damaged
from fugong.base.spreadsheets.logic.issues import Issue
from fugong.base.spreadsheets.logic.kinds import Delivery, ImportKind, Incoming
from fugong.base.spreadsheets.logic.values import FORMULA_ERRORS
from fugong.base.spreadsheets.logic.writer import MOST_ROWS, SheetData, write_xlsx
from fugong.base.spreadsheets.models import ImportRun
from fugong.core.files import side_path

# Rows that the preview lists under each tab; the counts and the corrected file are whole.
LISTED = 2000
_LONGEST_SHOWN = 100


def _topic(issue: Issue) -> str:
    """Under which heading an issue is counted: as the kind says, else what is wrong with the text, else the column."""
    if issue.topic:
        return str(issue.topic)
    if issue.value in FORMULA_ERRORS:
        return _("Formula without result")
    return _("Damaged text") if damaged(issue.value) else issue.column


class Preview:
    """The checked rows of a delivery, made ready to be shown."""

    def __init__(self, kind: ImportKind, delivery: Delivery, incoming: Incoming) -> None:
        self._kind = kind
        self._delivery = delivery
        self._incoming = incoming
        self._columns = delivery.columns
        self._fields = {self._columns.header[at]: name for name, at in self._columns.found.items()}
        self._refused: dict[int, list[Issue]] = {}
        for issue in sorted(incoming.outcome.refused):
            self._refused.setdefault(issue.row, []).append(issue)
        self._names: dict[int, str] = {}
        self._is_shifted = False

    def write_corrected(self, run: ImportRun) -> None:
        """The refused rows with their own columns, what is wrong and how to mend it; for sending again."""
        self._read_names()
        place = side_path(f"{run.side}.xlsx")
        place.unlink(missing_ok=True)
        if not self._refused:
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        kept = [n for n, heading in enumerate(self._columns.header) if heading not in ADDED_COLUMNS]
        header = [self._columns.header[n] for n in kept]
        added = [_("What is wrong"), _("How to mend it")]
        if self._is_shifted:
            added.append(_("Cells too many"))
        write_xlsx(place, [SheetData(_("To mend"), [*header, *added], self._corrected(kept))])

    def _corrected(self, kept: list[int]) -> Iterator[list[str]]:
        width = len(self._columns.header)
        for number, (line, cells) in enumerate(self._delivery.table.rows()):
            if line in self._refused and number < MOST_ROWS:
                issues = self._refused[line]
                surplus = " | ".join(cell for cell in cells[width:] if cell)
                reasons = dict.fromkeys(f"{issue.column}: {issue.reason}" for issue in issues)
                mends = dict.fromkeys(issue.mend for issue in issues)
                yield [*(cells[n] for n in kept), "\n".join(reasons), "\n".join(mends), surplus]

    def _read_names(self) -> None:
        lines = {issue.row for issue in self._incoming.outcome.warnings} | self._refused.keys()
        found = self._columns.found
        at = found.get(self._kind.name_field, found.get(self._kind.code_field, 0))
        for line, cells in self._delivery.table.rows():
            if line in lines:
                self._names[line] = cells[at][:_LONGEST_SHOWN]
                self._is_shifted |= line in self._refused and len(cells) > len(self._columns.header)

    def _issues(self, issues: list[Issue]) -> dict[str, Any]:
        """Rows counted by topic, and the first issues. A row with two faults is counted under its first."""
        topics: Counter[str] = Counter()
        samples: dict[str, str] = {}
        listed: list[dict[str, Any]] = []
        seen: set[int] = set()
        for issue in sorted(issues):
            field = self._fields.get(issue.column, "")
            name = _topic(issue)
            if issue.row not in seen:
                seen.add(issue.row)
                topics[name] += 1
                samples.setdefault(name, issue.reason)
            if len(listed) < LISTED:
                row = {"name": self._names.get(issue.row, ""), "field": field, "topic": name}
                listed.append(issue.as_json() | row)
        counts = [(name, count, samples[name]) for name, count in topics.most_common()]
        return {"topics": counts, "rows": listed}

    def listing(self) -> dict[str, Any]:
        """What is kept beside the evidence for the tabs of the preview; after `write_corrected`."""
        outcome = self._incoming.outcome
        return {
            "refused": self._issues(outcome.refused),
            "warnings": self._issues(outcome.warnings),
            "changed": [
                {
                    "row": change.row,
                    "code": change.code,
                    "name": change.name,
                    "changes": [
                        {"label": label, "before": before, "after": after} for label, before, after in change.changes
                    ],
                }
                for change in self._incoming.changes(LISTED)
            ],
            "new": [
                {"row": added.row, "code": added.code, "name": added.name, "cells": list(added.cells)}
                for added in self._incoming.additions(LISTED)
            ],
        }
