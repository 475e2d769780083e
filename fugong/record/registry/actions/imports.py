from __future__ import annotations

from pathlib import Path

from django.db import transaction

from fugong.base.spreadsheets.actions.imports import import_file
from fugong.base.spreadsheets.logic.outcome import ImportOutcome
from fugong.core.viewer import Viewer
from fugong.record.registry import permissions


@transaction.atomic
def import_enterprises(*, actor: Viewer, path: Path, default_area: str = "") -> ImportOutcome:
    """Bring in a register from .xlsx, .xls or .csv at once: the accepted rows all or none, the refused ones named.

    A row is recognised by its credit code. `default_area`: code of the managing area for rows that tell none.
    Raises `UnreadableFile` when nothing can be read, `Denied` without the right.
    """
    permissions.can_import_enterprises(actor).require()
    return import_file(actor=actor, kind="enterprises", path=path, scope={"area": default_area})
