from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fugong.core.decision import OutOfScope
from fugong.core.files import read_side, side_path
from fugong.core.roles import Role
from fugong.core.viewer import Viewer
from fugong.record.registry.models import ImportRun
from fugong.record.registry.permissions import can_import_enterprises, can_see_import

TABS = ("refused", "warnings", "changed", "new")


def import_for(viewer: Viewer, pk: int) -> ImportRun:
    """One import that the viewer brought in or oversees. Raises `OutOfScope` otherwise."""
    can_import_enterprises(viewer).require()
    run = ImportRun.objects.filter(pk=pk).first()
    if run is None or not can_see_import(viewer, run):
        raise OutOfScope(f"import {pk}")
    return run


def imports_for(viewer: Viewer, most: int = 20) -> list[ImportRun]:
    """The latest imports of the viewer; of everybody for an administrator of the whole place."""
    can_import_enterprises(viewer).require()
    runs = ImportRun.objects.order_by("-pk")
    whole = viewer.holds_everywhere(Role.ADMINISTRATOR)
    return list((runs if whole else runs.filter(actor_id=viewer.id))[:most])


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
