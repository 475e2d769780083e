"""What the pages of an import draw: its counts, issues, columns, progress; and the tables to be filled in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _

from fugong.base.spreadsheets.enums import ImportState
from fugong.base.spreadsheets.logic.kinds import ImportKind, Scope
from fugong.base.spreadsheets.logic.writer import Cell, SheetData, write_xlsx
from fugong.base.spreadsheets.models import ImportRun

_CHIPS = {
    ImportState.WRITTEN: "ok",
    ImportState.FAILED: "bad",
    ImportState.UNMATCHED: "risk",
    ImportState.CHECKED: "risk",
    ImportState.UNDONE: "idle",
}


def import_row(run: ImportRun, url: str) -> dict[str, Any]:
    return {
        "name": run.name,
        "url": url,
        "state": run.get_state_display(),
        "chip": _CHIPS.get(ImportState(run.state), "brand"),
        "accepted": run.counts.get("accepted"),
        "refused": run.counts.get("refused"),
        "actor": run.actor_name,
        "at": run.uploaded_at,
    }


def count_cells(run: ImportRun) -> list[dict[str, Any]]:
    """The six counts; read = new + changed + same + refused, and a warned row is one of those that come in."""
    notes = {
        "read": (_("Rows in the file"), _("without heading and empty rows"), ""),
        "new": (_("New"), _("not known yet"), ""),
        "changed": (_("Changed"), _("what differs is listed"), ""),
        "same": (_("Known, unchanged"), _("nothing to write"), ""),
        "warned": (_("Warned"), _("come in; please look"), "alert-triangle"),
        "refused": (_("Refused"), _("mend and send again"), "alert-circle"),
    }
    return [
        {"key": key, "label": label, "note": note, "sign": sign, "value": run.counts[key]}
        for key, (label, note, sign) in notes.items()
        if run.counts
    ]


def issue_row(kind: ImportKind, row: dict[str, Any]) -> dict[str, Any]:
    """An issue with its original text in pieces, wrong ones marked."""
    is_code = bool(row["field"]) and row["field"] == kind.code_field
    return row | {"pieces": kind.marked(row["field"], row["value"]), "is_code": is_code}


def column_rows(kind: ImportKind, run: ImportRun) -> list[tuple[str, str]]:
    """Field and the heading it was found under."""
    found, names = run.table.get("found", {}), kind.columns(run.scope)
    return [(names.label_of(field), found[field]) for field in names.usual if field in found]


def progress_of(run: ImportRun, done: int) -> dict[str, Any]:
    """How far the job is. Before the first check nobody knows how many rows there are: total is None."""
    total = run.counts.get("read") if run.state == ImportState.WRITING else None
    share = min(100, done * 100 // total) if total else 0
    return {"done": done, "total": total, "share": share}


def template_workbook(kind: ImportKind, scope: Scope, rows: Iterable[Sequence[Cell]] = ()) -> bytes:
    """The table to be filled in: the headings, rows if it has some, and a sheet that says what each column wants."""
    names, wants = kind.columns(scope), kind.notes()
    fields = kind.template_fields or tuple(names.usual)
    notes = [
        (names.label_of(field), _("needed") if field in names.needed else _("optional"), *wants.get(field, ("", "")))
        for field in fields
    ]
    target = BytesIO()
    about = SheetData(_("Notes"), [_("Column"), _("Needed"), _("What to write"), _("Example")], notes)
    write_xlsx(target, [SheetData(str(kind.title), [names.label_of(field) for field in fields], rows), about])
    return target.getvalue()
