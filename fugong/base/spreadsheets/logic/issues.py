"""What is wrong with a cell, in the words that the sender of the file reads."""

from __future__ import annotations

from typing import Any, NamedTuple


class Fault(NamedTuple):
    """Why a value cannot be taken as it stands, and how to mend it. Both are sentences without a final full stop.

    `topic`: the few words under which such faults are counted; empty: the column that they stand in.
    """

    reason: str
    mend: str
    topic: str = ""


class BadValue(ValueError):
    """A text does not say what its column asks for."""

    def __init__(self, reason: str, mend: str, topic: str = "") -> None:
        super().__init__(f"{reason} / {mend}")
        self.fault = Fault(reason, mend, topic)


class Issue(NamedTuple):
    """A refusal or a warning about one cell.

    `row` is the line in the file as a spreadsheet program numbers it (header is 1), `column` the file's own heading,
    `value` the cell's text as the file has it, `topic` what such issues are counted under.
    """

    row: int
    column: str
    value: str
    reason: str
    mend: str
    topic: str = ""

    @classmethod
    def of(cls, row: int, column: str, value: str, fault: Fault) -> Issue:
        return cls(row, column, value, *fault)

    def as_json(self) -> dict[str, Any]:
        """The answer of the command line and of the interface: where, what, why, how to mend."""
        return {"row": self.row, "column": self.column, "value": self.value, "reason": self.reason, "mend": self.mend}
