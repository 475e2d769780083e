"""What is wrong with a cell, in the words that the sender of the file reads."""

from __future__ import annotations

from typing import NamedTuple


class Fault(NamedTuple):
    """Why a value cannot be taken as it stands, and how to mend it. Both are sentences without a final full stop."""

    reason: str
    mend: str


class BadValue(ValueError):
    """A text does not say what its column asks for."""

    def __init__(self, reason: str, mend: str) -> None:
        super().__init__(f"{reason} / {mend}")
        self.fault = Fault(reason, mend)


class Issue(NamedTuple):
    """A refusal or a warning about one cell.

    `row` is the line in the file as a spreadsheet program numbers it (header is 1), `column` the file's own heading,
    `value` the cell's text as the file has it.
    """

    row: int
    column: str
    value: str
    reason: str
    mend: str

    @classmethod
    def of(cls, row: int, column: str, value: str, fault: Fault) -> Issue:
        return cls(row, column, value, fault.reason, fault.mend)
