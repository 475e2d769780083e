"""Reading an area file: pure checks, no database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from fugong.base.areas.enums import AreaLevel

COLUMNS = (
    "code", "name", "name_en", "short_name", "level", "parent", "local", "reporting", "valid_from", "valid_to",
    "successor",
)  # fmt: skip
_TRUE = {"1", "yes", "true", "是"}


class BadAreaFile(ValueError):
    """The file cannot be taken; the message names the row, the column, why and how to mend it."""


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area as the file states it; `parent` and `successor` are codes."""

    code: str
    name: str
    name_en: str
    short_name: str
    level: str
    parent: str
    is_local: bool
    is_reporting: bool
    valid_from: date | None
    valid_to: date | None
    successor: str


def _day(text: str, row: int, column: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadAreaFile(
            _("Row %(row)d, column %(column)s: “%(value)s” is no date. Write it as 2020-03-24.")
            % {"row": row, "column": column, "value": text}
        ) from None


def read_rows(records: Iterable[Mapping[str, str]], known: Collection[str] = ()) -> list[AreaRow]:
    """Check the records of an area file, parents before children in any order.

    `known`: codes that the place has already; parents and successors may be among them. Raises `BadAreaFile` for a
    missing column, an unknown level, a code given twice, an area that ends before it begins, an area that is its own
    successor, a parent or successor that neither the file nor the place has, or a circle of parents.
    """
    rows: list[AreaRow] = []
    seen: dict[str, int] = {}
    for number, record in enumerate(records, start=2):
        missing = [column for column in COLUMNS if column not in record]
        if missing:
            raise BadAreaFile(_("The column %(column)s is missing. Add it to the first row.") % {"column": missing[0]})
        value = {column: (record[column] or "").strip() for column in COLUMNS}
        if not value["code"] or not value["name"]:
            raise BadAreaFile(_("Row %(row)d: code and name are needed.") % {"row": number})
        if value["level"] not in AreaLevel.values:
            raise BadAreaFile(
                _("Row %(row)d, column level: “%(value)s” is not one of %(levels)s.")
                % {"row": number, "value": value["level"], "levels": ", ".join(AreaLevel.values)}
            )
        if value["code"] in seen:
            raise BadAreaFile(
                _("Row %(row)d: the code %(code)s stands in row %(first)d already. Remove one of them.")
                % {"row": number, "code": value["code"], "first": seen[value["code"]]}
            )
        seen[value["code"]] = number
        rows.append(
            AreaRow(
                value["code"],
                value["name"],
                value["name_en"],
                value["short_name"],
                value["level"],
                value["parent"],
                value["local"].lower() in _TRUE,
                value["reporting"].lower() in _TRUE,
                _day(value["valid_from"], number, "valid_from"),
                _day(value["valid_to"], number, "valid_to"),
                value["successor"],
            )
        )
        _in_order(rows[-1], number)
    return parents_first(rows, known)


def _in_order(row: AreaRow, number: int) -> None:
    if row.valid_from and row.valid_to and row.valid_to < row.valid_from:
        raise BadAreaFile(
            _("Row %(row)d: %(name)s ends before it begins. Check valid_from and valid_to.")
            % {"row": number, "name": row.name}
        )
    if row.successor == row.code:
        raise BadAreaFile(_("Row %(row)d: %(name)s cannot be its own successor.") % {"row": number, "name": row.name})
    if row.is_reporting and row.level not in (AreaLevel.COUNTY, AreaLevel.ZONE):
        raise BadAreaFile(
            _("Row %(row)d: only counties, districts and zones are reporting areas, %(name)s is none.")
            % {"row": number, "name": row.name}
        )


def parents_first(rows: list[AreaRow], present: Collection[str] = ()) -> list[AreaRow]:
    """Order the rows so that each parent precedes its children. Raises `BadAreaFile` when that cannot be."""
    own = {row.code for row in rows}
    known = own | set(present)
    for row in rows:
        for column, code in (("parent", row.parent), ("successor", row.successor)):
            if code and code not in known:
                raise BadAreaFile(
                    _("%(code)s %(name)s: its %(column)s %(missing)s is not in the file.")
                    % {"code": row.code, "name": row.name, "column": column, "missing": code}
                )
    placed: dict[str, AreaRow] = {}
    waiting = list(rows)
    while waiting:
        ready = [row for row in waiting if not row.parent or row.parent in placed or row.parent not in own]
        if not ready:
            raise BadAreaFile(_("The parents go in a circle at %(code)s.") % {"code": waiting[0].code})
        placed.update((row.code, row) for row in ready)
        waiting = [row for row in waiting if row.code not in placed]
    return list(placed.values())
