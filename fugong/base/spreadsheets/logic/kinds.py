"""The kinds of files that can be imported. A room that owns the rows registers its kind in `provides.py`.

The machine of this room takes a file in, keeps it, matches its columns, shows what it would do, writes it in a job, and
takes it back; a kind judges the rows, writes them in sets, and knows who may. How to add one: docs/adr/0011.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.forms import Field
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from fugong.base.spreadsheets.logic.columns import SURPLUS, ColumnMap, Names
from fugong.base.spreadsheets.logic.header import Record
from fugong.base.spreadsheets.logic.issues import Fault, Issue
from fugong.base.spreadsheets.logic.outcome import ImportOutcome
from fugong.base.spreadsheets.logic.reader import Table
from fugong.base.spreadsheets.logic.writer import Cell
from fugong.core.decision import Decision
from fugong.core.registries import Registry
from fugong.core.viewer import Viewer

_TOLD_EVERY = 500

# What a kind knows beside the file, by value: `incident` (its slug) if it is of one, and what its fields ask.
Scope = Mapping[str, str]
# A text in pieces, each with whether it is wrong.
Pieces = list[tuple[str, bool]]


def source_of(run_id: int) -> str:
    """The name under which what an import stated stands in the rows of other rooms."""
    return f"import:{run_id}"


def _nobody_hears(_done: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A file at work within one transaction: who acts, what the columns are, which scope; `told` hears of progress."""

    run_id: int
    actor: Viewer
    table: Table
    columns: ColumnMap
    scope: Scope
    told: Callable[[int], None] = _nobody_hears

    @property
    def source(self) -> str:
        return source_of(self.run_id)

    def rows(self, outcome: ImportOutcome) -> Iterator[Record]:
        """The rows to judge, counted as read in the outcome; those that a corrected file left shifted are refused."""
        surplus = next((n for n, heading in enumerate(self.columns.header) if heading in SURPLUS), None)
        for line, cells in self.table.rows():
            outcome.read += 1
            if outcome.read % _TOLD_EVERY == 0:
                self.told(outcome.read)
            if surplus is not None and cells[surplus]:
                outcome.refused.append(_still_shifted(line, self.columns.header[surplus], cells[surplus]))
                continue
            yield line, cells
        self.told(outcome.read)


def _still_shifted(line: int, heading: str, value: str) -> Issue:
    fault = Fault(
        _("The columns of this row were shifted"),
        _("Put each text under its heading, then empty this cell"),
        _("Shifted columns"),
    )
    return Issue.of(line, heading, value[:200], fault)


@dataclass(frozen=True, slots=True)
class AddedRow:
    """A row of the preview that enters something: `cells` stand under the kind's `added_columns`."""

    row: int
    code: str
    name: str
    cells: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row of the preview that changes something: what it is called, before, after."""

    row: int
    code: str
    name: str
    changes: Sequence[tuple[str, str, str]]


class Incoming(Protocol):
    """The rows of one delivery within one transaction: either checked and shown, or written; then closed."""

    outcome: ImportOutcome

    def check(self) -> None:
        """Judge every row and count in the outcome what it would do; nothing but temporary tables is written."""

    def additions(self, limit: int) -> list[AddedRow]:
        """The first accepted rows that are new; after `check`."""

    def changes(self, limit: int) -> list[ChangedRow]:
        """The first accepted rows that change something; after `check`."""

    def write(self, now: datetime) -> None:
        """Judge anew, write the accepted rows, announce the facts; the outcome counts what was done."""

    def close(self) -> None:
        """Drop the temporary tables."""


@dataclass(frozen=True, slots=True)
class Written:
    """An import that is to be taken back."""

    run_id: int
    written_at: datetime
    scope: Scope

    @property
    def source(self) -> str:
        return source_of(self.run_id)


def _no_fields(_viewer: Viewer, _scope: Scope) -> dict[str, Field]:
    return {}


def _no_notes() -> dict[str, tuple[str, str]]:
    return {}


def _all_wrong(_field: str, value: str) -> Pieces:
    return [(value, True)]


@dataclass(frozen=True, slots=True)
class ImportKind:
    """One kind of file.

    `name` is its word in the address; `title` the heading of its pages; `row_label` what one row is about; `verb` the
    trail's word for a written file. `may` says who may import at all; what a row may touch the kind judges itself.

    `columns(scope)` are its fields with their usual headings; `name_field` and `code_field` tell a row to the reader.
    `open(delivery)` gives its `Incoming`. `home(scope)` is the label and address of where the rows are found after.
    `per_incident`: its pages lie beneath an incident, whose slug is `scope["incident"]`; else beneath /imports/.
    `rows_of_incident` False: the rows belong to no incident, so an import shows beneath each.
    `fields(viewer, scope)` are asked for beside the file; their values are kept in the scope as text.
    `added_columns` head the cells of `AddedRow`. `marked(field, value)` shows which characters are wrong.
    `template_fields` (all if empty), `notes()` (field → what to write, an example) and `prefill(viewer, scope)` (rows)
    make the blank table and the one that has its rows already. `undo(actor, written)` takes an import back and returns
    what is noted of it; it raises `Denied` with the reason why it cannot. Without it an import stays.
    """

    name: str
    title: str | Promise
    row_label: str | Promise
    verb: str
    may: Callable[[Viewer], Decision]
    columns: Callable[[Scope], Names]
    open: Callable[[Delivery], Incoming]
    home: Callable[[Scope], tuple[str, str]]
    per_incident: bool = True
    rows_of_incident: bool = True
    name_field: str = "name"
    code_field: str = ""
    added_columns: tuple[str | Promise, ...] = ()
    fields: Callable[[Viewer, Scope], Mapping[str, Field]] = _no_fields
    template_fields: tuple[str, ...] = ()
    notes: Callable[[], Mapping[str, tuple[str, str]]] = _no_notes
    prefill: Callable[[Viewer, Scope], Iterator[Sequence[Cell]]] | None = None
    marked: Callable[[str, str], Pieces] = _all_wrong
    undo: Callable[[Viewer, Written], dict[str, Any]] | None = None


import_kinds: Registry[ImportKind] = Registry("import_kinds")
