"""One row of a register file: an enterprise, or the reasons why not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeVar

from django.utils.translation import gettext as _

from fugong.base.spreadsheets.logic.columns import ColumnMap
from fugong.base.spreadsheets.logic.damage import damaged, likely_original
from fugong.base.spreadsheets.logic.issues import BadValue, Fault, Issue
from fugong.base.spreadsheets.logic.values import (
    FORMULA_ERRORS,
    formula_error,
    is_nothing,
    read_count,
    read_day,
    tidy,
)
from fugong.record.registry.enums import ContactRole, EnterpriseKind, FactKind
from fugong.record.registry.logic import uscc
from fugong.record.registry.logic.capital import parse_capital, unit_in
from fugong.record.registry.logic.fact_values import PEOPLE, read_fact
from fugong.record.registry.logic.kinds import kind_of
from fugong.record.registry.logic.phones import read_phone
from fugong.record.registry.logic.places import AREA_FIELDS, PlaceBook, Placement

T = TypeVar("T")

_TEXTS = ("name", "address", "kind_text", "scope_text", "industry")
_LONGEST_NAME = 200
_LONGEST_PERSON = 50
_CONTACT_ROLES = (ContactRole.CONTACT.value, ContactRole.LEGAL.value, ContactRole.HEAD.value)
_LONGEST_SHOWN = 200
_SHORTEST_NAME = 2
_TOTALS = frozenset({"合计", "总计", "小计", "共计", "总和", "total", "subtotal"})
# A year, perhaps with its month: enough for people, too little for a day.
_WITHOUT_DAY = re.compile(r"\d{4}(?:年|[-/.年]\d{1,2}月?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class EnterpriseContext:
    """What a row is judged against. `default_area`: code of the managing area where neither code nor file tell one."""

    places: PlaceBook
    today: date
    default_area: str = ""


class StatedContact(NamedTuple):
    """A person to call, as a file states it: a name, a number, or both."""

    role: str
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class ParsedEnterprise:
    """An enterprise as a file states it. Areas are codes; capital in units of its currency; empty texts are unknown.

    Dated facts (headcount, industry by its code, revenue and assets in yuan, above scale yes or no) hold from `as_of`,
    or from the day of the import.
    """

    line: int
    uscc: str
    name: str
    kind: EnterpriseKind
    division: str
    registered_area: str | None
    managing_area: str | None
    address: str = ""
    kind_text: str = ""
    scope_text: str = ""
    industry: str = ""
    capital_amount: Decimal | None = None
    capital_currency: str | None = None
    established_on: date | None = None
    headcount: int | None = None
    revenue: Decimal | None = None
    assets: Decimal | None = None
    above_scale: str = ""
    as_of: date | None = None
    contacts: tuple[StatedContact, ...] = ()


class EnterpriseResult(NamedTuple):
    """Either an enterprise, perhaps with warnings, or none and at least one refusal."""

    enterprise: ParsedEnterprise | None
    refusals: list[Issue]
    warnings: list[Issue]


class EnterpriseRows:
    """Parses the rows of one file. It remembers the codes it accepted, so that a later row cannot repeat one."""

    def __init__(self, columns: ColumnMap, context: EnterpriseContext) -> None:
        if columns.missing:
            raise ValueError(f"columns are missing: {', '.join(columns.missing)}")
        self._columns = columns
        self._found = tuple(columns.found.items())
        self._context = context
        self._capital_unit = unit_in(columns.label("capital"))
        self._seen: dict[str, tuple[int, int]] = {}
        self._placed: dict[tuple[str, ...], Placement] = {}

    def label(self, field: str) -> str:
        """The file's own heading of a field."""
        return self._columns.label(field)

    def parse(self, line: int, cells: list[str]) -> EnterpriseResult:
        """Judge a row, given the line it stands in and one text per column of the header."""
        row = _Row(line, cells, self._columns)
        if len(cells) > len(self._columns.header):
            row.refuse_shifted()
            return EnterpriseResult(None, row.refusals, row.warnings)
        if row.is_no_enterprise():
            row.refuse_as_no_enterprise()
            return EnterpriseResult(None, row.refusals, row.warnings)
        for field, position in self._found:
            if cells[position] in FORMULA_ERRORS:
                row.refuse(field, formula_error(cells[position]))
        texts = {field: row.text(field) for field in _TEXTS}
        row.check_name(texts["name"])
        check = row.check_code()
        established = None if row.doubt_day("established_on") else row.read("established_on", self._read_past_day)
        headcount = row.read("headcount", _read_people)
        as_of = row.read("as_of", self._read_past_day)
        if not row.refusals:
            self._refuse_repeated(row, check.code)
        if row.refusals:
            return EnterpriseResult(None, row.refusals, row.warnings)
        placement = self._place(row, check.division)
        amount, currency = row.capital(self._capital_unit)
        texts["industry"] = str(row.doubt("industry", FactKind.INDUSTRY) or "")
        enterprise = ParsedEnterprise(
            line=line,
            uscc=check.code,
            kind=kind_of(check.code, texts["name"], texts["kind_text"]),
            division=check.division,
            registered_area=placement.registered,
            managing_area=placement.managing or self._context.default_area or None,
            capital_amount=amount,
            capital_currency=currency,
            established_on=established,
            headcount=headcount,
            revenue=_amount(row.doubt("revenue", FactKind.REVENUE)),
            assets=_amount(row.doubt("assets", FactKind.ASSETS)),
            above_scale=str(row.doubt("above_scale", FactKind.ABOVE_SCALE) or ""),
            as_of=as_of,
            contacts=tuple(row.contacts()),
            **texts,
        )
        return EnterpriseResult(enterprise, row.refusals, row.warnings)

    def _read_past_day(self, text: str) -> date:
        day, today = read_day(text), self._context.today
        if day > today:
            reason = _("%(day)s is later than today, %(today)s")
            raise BadValue(reason % {"day": day.isoformat(), "today": today.isoformat()}, _("Check the date"))
        return day

    def _refuse_repeated(self, row: _Row, code: str) -> None:
        """The first row of a code stands; a later one is refused, told apart by whether it says the same."""
        content = hash(tuple(row.cells))
        first, first_content = self._seen.setdefault(code, (row.line, content))
        if first == row.line:
            return
        if content == first_content:
            row.refuse(
                "uscc",
                Fault(
                    _("The same as row %(row)d") % {"row": first},
                    _("Delete one of the two rows"),
                    _("Twice in the file"),
                ),
            )
        else:
            row.refuse(
                "uscc",
                Fault(
                    _("Row %(row)d has the same code and says something else") % {"row": first},
                    _("Keep one row; a branch has a code of its own, on its own licence"),
                    _("Twice in the file"),
                ),
            )

    def _place(self, row: _Row, division: str) -> Placement:
        texts = {field: row.raw(field) for field in AREA_FIELDS}
        key = (division, *texts.values())
        if key not in self._placed:
            self._placed[key] = self._context.places.place(division, texts)
        placement = self._placed[key]
        for field, fault in placement.doubts:
            row.warn(field, fault)
        return placement


class _Row:
    """The cells of a row by field, and what was found wrong with them."""

    def __init__(self, line: int, cells: list[str], columns: ColumnMap) -> None:
        self.line = line
        self.cells = cells
        self.refusals: list[Issue] = []
        self.warnings: list[Issue] = []
        self._columns = columns

    def raw(self, field: str) -> str:
        position = self._columns.found.get(field)
        return "" if position is None else self.cells[position]

    def _issue(self, field: str, fault: Fault) -> Issue:
        return Issue.of(self.line, self._columns.label(field), self.raw(field)[:_LONGEST_SHOWN], fault)

    def refuse(self, field: str, fault: Fault) -> None:
        self.refusals.append(self._issue(field, fault))

    def warn(self, field: str, fault: Fault) -> None:
        self.warnings.append(self._issue(field, fault))

    def refuse_shifted(self) -> None:
        width = len(self._columns.header)
        fault = Fault(
            _("The row has %(cells)d cells, the header has %(columns)d: the columns are shifted")
            % {"cells": len(self.cells), "columns": width},
            _("A text with a comma must stand in quotation marks; saving as .xlsx avoids it"),
            _("Shifted columns"),
        )
        beyond = " ".join(cell for cell in self.cells[width:] if cell)
        self.refusals.append(Issue.of(self.line, self._columns.header[-1], beyond[:_LONGEST_SHOWN], fault))

    def is_no_enterprise(self) -> bool:
        """A row without a code whose name is none, or the word before a total."""
        name = self.raw("name")
        return is_nothing(self.raw("uscc")) and (is_nothing(name) or "".join(name.split()).lower() in _TOTALS)

    def refuse_as_no_enterprise(self) -> None:
        """A total, a heading between the rows, a signature: said once, by the first cell that says something."""
        at = next((n for n, cell in enumerate(self.cells) if cell), 0)
        fault = Fault(
            _("The row has neither name nor code: a total, a heading or a note"),
            _("Nothing to do if it is no enterprise; otherwise fill in both"),
            _("No enterprise"),
        )
        self.refusals.append(Issue.of(self.line, self._columns.header[at], self.cells[at][:_LONGEST_SHOWN], fault))

    def doubt_day(self, field: str) -> bool:
        """Whether the cell names a year or a month and no day: taken as unknown, with a warning."""
        raw = self.raw(field)
        if not _WITHOUT_DAY.fullmatch(raw):
            return False
        reason = _("“%(value)s” names no day, so the day stays unknown") % {"value": raw}
        self.warn(field, Fault(reason, _("Write the whole date, as 2012-05-08")))
        return True

    def text(self, field: str) -> str:
        """A text on one line, empty where the cell says nothing; damaged characters refuse the row."""
        raw = self.raw(field)
        if raw.isascii() and is_nothing(raw):
            return ""
        if damaged(raw):
            self.refuse(field, _damaged(raw))
        text = tidy(raw)
        return "" if is_nothing(text) else text

    def read(self, field: str, reader: Callable[[str], T]) -> T | None:
        """A cell by its reader; None where it says nothing or was refused."""
        raw = self.raw(field)
        if is_nothing(raw) or raw in FORMULA_ERRORS:
            return None
        try:
            return reader(raw)
        except BadValue as error:
            self.refuse(field, error.fault)
            return None

    def doubt(self, field: str, kind: FactKind) -> Decimal | str | None:
        """The fact in a cell; None with a warning where it cannot be read: the enterprise comes in all the same."""
        raw = self.raw(field)
        if is_nothing(raw) or raw in FORMULA_ERRORS:
            return None
        try:
            return read_fact(kind, raw, unit_in(self._columns.label(field)))
        except BadValue as error:
            self.warn(field, error.fault)
            return None

    def contacts(self) -> Iterator[StatedContact]:
        """The people to call; a number that cannot be read is left out with a warning, the name stays."""
        for role in _CONTACT_ROLES:
            name = tidy(self.raw(f"{role}_name"))
            name = "" if is_nothing(name) or name in FORMULA_ERRORS or damaged(name) else name[:_LONGEST_PERSON]
            phone, raw = "", self.raw(f"{role}_phone")
            if not is_nothing(raw) and raw not in FORMULA_ERRORS:
                try:
                    phone = read_phone(raw)
                except BadValue as error:
                    self.warn(f"{role}_phone", error.fault)
            if name or phone:
                yield StatedContact(role, name, phone)

    def check_name(self, name: str) -> None:
        if not name:
            self.refuse("name", Fault(_("The name is missing"), _("Enter the full name from the business licence")))
        elif name.isascii() and (not any(c.isalpha() for c in name) or uscc.check_code(name).problem is None):
            self.refuse(
                "name", Fault(_("This is no name"), _("Compare the row with the header: its columns may be shifted"))
            )
        elif not _SHORTEST_NAME <= len(name) <= _LONGEST_NAME:
            reason = _("A name has %(least)d to %(most)d characters") % {"least": _SHORTEST_NAME, "most": _LONGEST_NAME}
            self.refuse("name", Fault(reason, _("Enter the full name from the business licence")))

    def check_code(self) -> uscc.CodeCheck:
        raw = self.raw("uscc")
        check = uscc.check_code("" if is_nothing(raw) else raw)
        if check.problem is not None and raw not in FORMULA_ERRORS:
            self.refuse("uscc", uscc.explain(check))
        return check

    def capital(self, unit: str) -> tuple[Decimal | None, str | None]:
        capital = parse_capital(self.raw("capital"), unit)
        if capital.warning is not None:
            self.warn("capital", capital.warning)
        return capital.amount, capital.currency


def _damaged(text: str) -> Fault:
    original = likely_original(text)
    mend = (
        _("Probably “%(text)s”; save the file anew as UTF-8 or .xlsx") % {"text": original[:40]}
        if original
        else _("Take the text from the original file; save as UTF-8 or .xlsx")
    )
    return Fault(_("Characters are damaged by a wrong encoding"), mend)


def _amount(value: Decimal | str | None) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _read_people(text: str) -> int:
    people = read_count(text, units=PEOPLE)
    if people < 0:
        raise BadValue(_("People cannot be negative"), _("Write how many people are employed"))
    return people
