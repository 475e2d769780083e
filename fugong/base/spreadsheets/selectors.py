from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fugong.base.spreadsheets.logic.kinds import ImportKind, import_kinds
from fugong.base.spreadsheets.models import ImportRun
from fugong.base.spreadsheets.permissions import can_import, can_see_import
from fugong.core.decision import OutOfScope
from fugong.core.files import read_side, side_path
from fugong.core.roles import Role
from fugong.core.viewer import Viewer

TABS = ("refused", "warnings", "changed", "new")


def kind_for(viewer: Viewer, name: str, incident: str = "") -> ImportKind:
    """The kind of files of that name in this incident, "" for those of no incident.

    Raises `OutOfScope` where there is none, `Denied` without the right.
    """
    kind = import_kinds.get(name)
    if kind is None or kind.per_incident != bool(incident):
        raise OutOfScope(f"import of {name}")
    can_import(viewer, kind).require()
    return kind


def import_for(viewer: Viewer, kind: ImportKind, pk: int, incident: str = "") -> ImportRun:
    """One import that the viewer brought in or oversees; it opens beneath its own incident, if its rows have one.

    Raises `OutOfScope` otherwise.
    """
    can_import(viewer, kind).require()
    run = ImportRun.objects.filter(pk=pk, kind=kind.name).first()
    if run is None or not can_see_import(viewer, run):
        raise OutOfScope(f"import {pk}")
    if kind.rows_of_incident and run.scope.get("incident", incident) != incident:
        raise OutOfScope(f"import {pk}")
    return run


def imports_for(viewer: Viewer, kind: ImportKind, incident: str = "", most: int = 20) -> list[ImportRun]:
    """The latest imports of the kind that the viewer brought in; of everybody for who oversees the whole place."""
    can_import(viewer, kind).require()
    runs = ImportRun.objects.filter(kind=kind.name).order_by("-pk")
    if incident and kind.rows_of_incident:
        runs = runs.filter(scope__incident=incident)
    whole = viewer.holds_everywhere(Role.ADMINISTRATOR)
    return list((runs if whole else runs.filter(actor_id=viewer.id))[:most])


def samples_of(viewer: Viewer, run: ImportRun) -> dict[str, list[str]]:
    """Heading → two values beneath it, for matching columns; empty once the file is forgotten."""
    return read_side(f"{run.side}-samples.json") or {} if can_see_import(viewer, run) else {}


@dataclass(frozen=True, slots=True)
class ImportNote:
    """What another room says of an import that a value came from: the file, who sent it, when it was written."""

    file: str
    by: str
    at: Any


def import_notes(viewer: Viewer, sources: Iterable[str]) -> dict[str, ImportNote]:
    """Source of a value (`import:7`) → the import it names; for those who see the value itself. 1 query or none."""
    keys = {
        int(text.removeprefix("import:")) for text in sources if text.startswith("import:") and text[7:].isdecimal()
    }
    if not keys or viewer.is_anonymous:
        return {}
    runs = ImportRun.objects.filter(pk__in=keys).only("name", "actor_name", "written_at", "uploaded_at")
    return {run.source: ImportNote(run.name, run.actor_name, run.written_at or run.uploaded_at) for run in runs}


@dataclass(frozen=True, slots=True)
class Listing:
    """A tab of the preview: its rows, and for issues the topics, each with the number of its rows and one reason."""

    rows: list[dict[str, Any]]
    topics: list[tuple[str, int, str]]


def listing(viewer: Viewer, run: ImportRun, tab: str, topic: str = "") -> Listing:
    """What stands under a tab, of one topic if named. Empty before the check is done."""
    can_see_import(viewer, run).require()
    kept = (read_side(f"{run.side}.json") or {}).get(tab, [])
    if isinstance(kept, dict):
        rows = [row for row in kept["rows"] if not topic or row["topic"] == topic]
        return Listing(rows, [(name, count, reason) for name, count, reason in kept["topics"]])
    return Listing(kept, [])


def rows_done(viewer: Viewer, run: ImportRun) -> int:
    """How many rows the job at work has read so far."""
    can_see_import(viewer, run).require()
    return int((read_side(f"{run.side}-progress.json") or {}).get("done", 0))


def corrected_file(viewer: Viewer, run: ImportRun) -> Path | None:
    """The refused rows as a workbook to be mended; None when none was refused."""
    can_see_import(viewer, run).require()
    path = side_path(f"{run.side}.xlsx")
    return path if path.is_file() else None
