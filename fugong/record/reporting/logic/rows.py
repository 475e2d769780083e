"""One row of a file of daily reports: a report, or the reasons why not. Fast for rows that are in order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from fugong.base.spreadsheets.logic.columns import ColumnMap
from fugong.base.spreadsheets.logic.issues import BadValue, Fault, Issue
from fugong.base.spreadsheets.logic.values import is_nothing
from fugong.record.registry.logic import uscc
from fugong.record.reporting.enums import ReportState
from fugong.record.reporting.logic import cells as read
from fugong.record.reporting.logic.checks import CheckRules, Finding, ReportValues, check_report

_FIELDS = (
    "uscc", "day", "state", "reason", "roster", "on_post", "capacity", "obstacles", "supply_days", "remark",
)  # fmt: skip
# Where a finding of the checks has its column.
_COLUMN_OF = {"closed_reason": "reason"}
_CLOSED: str = ReportState.CLOSED.value
_ITEM = "extra."
_OTHER_REASON = "other"
_LONGEST_SHOWN = 200
# A percent-formatted cell of a workbook arrives as a share: 85 % as 0.85, 110 % as 1.1.
_LIKE_A_SHARE = Decimal("1.5")

Before = Callable[[str, date], ReportValues | None]


@dataclass(frozen=True, slots=True)
class ReportContext:
    """What a row is judged against.

    `enterprises`: the codes of those that may report here; `first_day` of the incident and `last_day`, which is today;
    `reasons` and `obstacles`: code or label → code, of the playbook's lists; `items`: its further items, name → type;
    `before(code, day)`: the enterprise's last report before the day.
    """

    enterprises: Collection[str]
    rules: CheckRules
    last_day: date
    first_day: date | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)
    obstacles: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, str] = field(default_factory=dict)
    before: Before | None = None


class ParsedReport(NamedTuple):
    """A report as a file states it."""

    line: int
    uscc: str
    day: date
    values: ReportValues


class ReportResult(NamedTuple):
    """Either a report, perhaps with warnings, or none and at least one refusal."""

    report: ParsedReport | None
    refusals: tuple[Issue, ...]
    warnings: tuple[Issue, ...]


class ReportRows:
    """Parses the rows of one file. It remembers whose day it accepted, so that a later row cannot repeat one."""

    def __init__(self, columns: ColumnMap, context: ReportContext) -> None:
        if columns.missing:
            raise ValueError(f"columns are missing: {', '.join(columns.missing)}")
        self._columns = columns
        self._context = context
        self._width = len(columns.header)
        # A column that the file does not have reads the empty text behind its last cell.
        self._pick = itemgetter(*(columns.found.get(name, -1) for name in _FIELDS))
        self._days = read.Remembered(read.day_reader(context.first_day, context.last_day))
        self._states = read.Remembered(read.state_reader())
        self._people = read.Remembered(read.read_people)
        self._percents = read.Remembered(read.read_percent)
        self._obstacles = read.Remembered(read.list_reader(context.obstacles))
        self._supplies = read.Remembered(read.read_supply_days)
        self._reasons = {name.strip().lower(): code for name, code in context.reasons.items()}
        self._items = [
            (name, columns.found[_ITEM + name], read.Remembered(read.item_reader(kind)))
            for name, kind in context.items.items()
            if _ITEM + name in columns.found
        ]
        self._seen: dict[date, dict[str, int]] = {}

    def label(self, field: str) -> str:
        """The file's own heading of a field."""
        return self._columns.label(field)

    def parse(self, line: int, cells: list[str]) -> ReportResult:
        """Judge a row, given the line it stands in and one text per column of the header."""
        if len(cells) > self._width:
            return self._shifted(line, cells)
        texts: tuple[str, ...] = self._pick((*cells, ""))
        code, day_text, state_text, reason, roster, on_post, capacity, obstacles, supplies, remark = texts
        try:
            if code not in self._context.enterprises:
                code = self._code(code)
            day = self._days[day_text]
            state = self._states[state_text]
            if reason:
                reason, remark = self._reason(state, reason, remark)
            values = ReportValues(
                state,
                reason,
                self._people[roster],
                0 if not on_post and state == _CLOSED else self._people[on_post],
                self._percents[capacity],
                self._obstacles[obstacles],
                self._supplies[supplies],
                read.read_remark(remark) if remark else "",
                {name: reader[cells[at]] for name, at, reader in self._items if reader[cells[at]]}
                if self._items
                else {},
            )
        except BadValue as error:
            return ReportResult(None, self._refusals(line, cells, texts, error), ())
        before = self._context.before
        errors, warnings = check_report(values, before(code, day) if before else None, self._context.rules)
        if errors:
            return ReportResult(None, self._issues(line, cells, errors), ())
        first = self._seen.setdefault(day, {}).setdefault(code, line)
        if first != line:
            return ReportResult(None, (self._repeated(line, cells, first),), ())
        report = ParsedReport(line, code, day, values)
        share = values.capacity is not None and 0 < values.capacity <= _LIKE_A_SHARE and "%" not in capacity
        if not warnings and not share and on_post:
            return ReportResult(report, (), ())
        doubts = [] if on_post else [("on_post", _taken_as_nobody())]
        doubts += [("capacity", _like_a_share(capacity))] if share else []
        return ReportResult(
            report,
            (),
            (
                *self._issues(line, cells, warnings),
                *(self.issue(line, cells, name, fault) for name, fault in doubts),
            ),
        )

    def _code(self, text: str) -> str:
        """The code of a row, cleaned; raises `BadValue` unless a known enterprise has it."""
        check = uscc.check_code("" if is_nothing(text) else text)
        if check.problem is not None:
            raise BadValue(*uscc.explain(check))
        if check.code not in self._context.enterprises:
            raise BadValue(
                _("No enterprise with this code is in the register"), _("Import the enterprise first, then its report")
            )
        return check.code

    def _reason(self, state: str, text: str, remark: str) -> tuple[str, str]:
        """The code of a closing reason and the remark, which keeps what the list cannot say."""
        if is_nothing(text):
            return "", remark
        code = self._reasons.get(text.lower(), "")
        if state == _CLOSED and code:
            return code, remark
        both = f"{text}; {remark}" if remark and not is_nothing(remark) else text
        other = _OTHER_REASON if _OTHER_REASON in self._context.rules.closed_reasons else text
        return (other if state == _CLOSED else ""), both

    def issue(self, line: int, cells: list[str], name: str, fault: Fault) -> Issue:
        """What is wrong in the column of a field of the row."""
        position = self._columns.found.get(name)
        value = "" if position is None else cells[position]
        return Issue.of(line, self._columns.label(name), value[:_LONGEST_SHOWN], fault)

    def _issues(self, line: int, cells: list[str], findings: tuple[Finding, ...]) -> tuple[Issue, ...]:
        return tuple(
            self.issue(line, cells, _column_of(finding.field), Fault(finding.reason, finding.mend))
            for finding in findings
        )

    def _refusals(
        self, line: int, cells: list[str], texts: tuple[str, ...], first_error: BadValue
    ) -> tuple[Issue, ...]:
        """Every cell of the row that cannot be read, not only the first."""
        text = dict(zip(_FIELDS, texts, strict=True))
        idle = not text["on_post"] and self._states.get(text["state"]) == _CLOSED
        readers: list[tuple[str, Callable[[str], Any], str]] = [
            ("uscc", self._code, text["uscc"]),
            ("day", self._days.__getitem__, text["day"]),
            ("state", self._states.__getitem__, text["state"]),
            ("roster", self._people.__getitem__, text["roster"]),
            ("on_post", self._people.__getitem__, "0" if idle else text["on_post"]),
            ("capacity", self._percents.__getitem__, text["capacity"]),
            ("obstacles", self._obstacles.__getitem__, text["obstacles"]),
            ("supply_days", self._supplies.__getitem__, text["supply_days"]),
            ("remark", read.read_remark, text["remark"]),
            *((_ITEM + name, reader.__getitem__, cells[at]) for name, at, reader in self._items),
        ]
        found = []
        for name, reader, value in readers:
            try:
                reader(value)
            except BadValue as error:
                found.append(self.issue(line, cells, name, error.fault))
        # Reason and remark together can be too long while each alone is not.
        return tuple(found) or (self.issue(line, cells, "reason", first_error.fault),)

    def _repeated(self, line: int, cells: list[str], first: int) -> Issue:
        return self.issue(
            line,
            cells,
            "uscc",
            Fault(
                _("Row %(row)d reports the same enterprise for the same day") % {"row": first},
                _("Keep one of the two rows"),
            ),
        )

    def _shifted(self, line: int, cells: list[str]) -> ReportResult:
        fault = Fault(
            _("The row has %(cells)d cells, the header has %(columns)d: the columns are shifted")
            % {"cells": len(cells), "columns": self._width},
            _("A text with a comma must stand in quotation marks; saving as .xlsx avoids it"),
        )
        beyond = " ".join(cell for cell in cells[self._width :] if cell)
        issue = Issue.of(line, self._columns.header[-1], beyond[:_LONGEST_SHOWN], fault)
        return ReportResult(None, (issue,), ())


def _column_of(field: str) -> str:
    return field.replace("extra_", _ITEM, 1) if field.startswith("extra_") else _COLUMN_OF.get(field, field)


def _taken_as_nobody() -> Fault:
    return Fault(_("Nothing is written and the enterprise is closed; taken as 0"), _("Write 0 if nobody is on post"))


def _like_a_share(text: str) -> Fault:
    return Fault(
        _("%(value)s is taken as %(value)s %% of capacity") % {"value": text},
        _("If it is a share, write it in per cent, such as 85"),
    )
