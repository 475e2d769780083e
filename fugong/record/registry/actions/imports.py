from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fugong.base.audit.actions import record
from fugong.base.spreadsheets.logic.outcome import ImportOutcome
from fugong.base.spreadsheets.logic.reader import UnreadableFile
from fugong.core import clock
from fugong.core.files import KeptFile, keep, keep_path
from fugong.core.jobs import defer
from fugong.core.viewer import Viewer
from fugong.record.registry import permissions
from fugong.record.registry.actions.importing import RunFile, close_written
from fugong.record.registry.enums import ImportState
from fugong.record.registry.logic.columns import USUAL_NAMES, signature
from fugong.record.registry.models import ColumnChoice, ImportRun

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class _Sender:
    """What is noted of who brings a file in."""

    actor: Viewer
    default_area: str

    def run(self, name: str, kept: KeptFile, state: ImportState) -> ImportRun:
        now = clock.now()
        return ImportRun(
            state=state,
            name=name[-_LONGEST_NAME:],
            sha256=kept.sha256,
            size=kept.size,
            language=get_language() or "zh-hans",
            actor_id=self.actor.id,
            actor_name=self.actor.name,
            body_name=self.actor.body_name,
            default_area=self.default_area,
            uploaded_at=now,
            started_at=now if state == ImportState.WRITING else None,
        )


@transaction.atomic
def import_enterprises(*, actor: Viewer, path: Path, default_area: str = "") -> ImportOutcome:
    """Bring in a register from .xlsx, .xls or .csv at once: the accepted rows all or none, the refused ones named.

    A row is recognised by its credit code. `default_area`: code of the managing area for rows that tell none.
    Raises `UnreadableFile` when nothing can be read, `Denied` without the right.
    """
    permissions.can_import_enterprises(actor).require()
    run = _Sender(actor, default_area).run(path.name, keep_path(path), ImportState.WRITING)
    run.save()
    incoming = RunFile(run).incoming(actor)
    close_written(actor=actor, run=run, incoming=incoming)
    return incoming.outcome


@transaction.atomic
def start_import(*, actor: Viewer, name: str, chunks: Iterable[bytes], default_area: str) -> ImportRun:
    """Take a file in, keep it as evidence and queue its check. `default_area`: code, for rows that name none."""
    permissions.can_import_enterprises(actor).require()
    run = _Sender(actor, default_area).run(Path(name).name or "—", keep(chunks), ImportState.UPLOADED)
    run.save()
    record(
        actor=actor,
        verb="registry.import.uploaded",
        subject=f"registry.import:{run.pk}",
        detail={"file": run.name, "sha256": run.sha256, "bytes": run.size},
    )
    defer("registry.check_import", lock=run.side, run_id=run.pk)
    return run


@transaction.atomic
def match_columns(*, actor: Viewer, run: ImportRun, columns: Mapping[str, str], sheet: str) -> None:
    """Map headings to fields by hand (an empty field: not used) and check the file again.

    The choice is remembered for the body and these headings. Raises `UnreadableFile` for a field that is taken twice.
    """
    permissions.can_change_import(actor, run).require()
    row = ImportRun.objects.select_for_update().get(pk=run.pk)
    permissions.can_change_import(actor, row).require()
    header = list(row.table.get("header", []))
    chosen = {heading: field for heading, field in columns.items() if heading in header}
    fields = [field for field in chosen.values() if field]
    if len(fields) != len(set(fields)) or not set(fields) <= USUAL_NAMES.keys():
        raise UnreadableFile(_("Two columns are matched to the same field. Leave one of them unused."))
    other_sheet = sheet != row.table.get("sheet", "")
    row.sheet = sheet if sheet in row.table.get("sheets", []) else ""
    # Another sheet has headings of its own; what was chosen for these stays remembered.
    row.columns = {} if other_sheet else chosen
    row.state = ImportState.UPLOADED
    row.counts, row.finished_at = {}, None
    row.save()
    if row.body_name and not other_sheet:
        key = hashlib.sha256(signature(header).encode()).hexdigest()
        values = {"columns": chosen, "chosen_at": clock.now()}
        ColumnChoice.objects.update_or_create(body_name=row.body_name, signature=key, defaults=values)
    defer("registry.check_import", lock=row.side, run_id=row.pk)


@transaction.atomic
def confirm_import(*, actor: Viewer, run: ImportRun) -> None:
    """After the preview: queue the writing of the accepted rows. A second confirmation changes nothing."""
    permissions.can_see_import(actor, run).require()
    row = ImportRun.objects.select_for_update().get(pk=run.pk)
    if not row.may_become(ImportState.WRITING):
        return
    permissions.can_confirm_import(actor, row).require()
    row.state, row.started_at, row.finished_at = ImportState.WRITING, clock.now(), None
    row.save()
    record(actor=actor, verb="registry.import.confirmed", subject=f"registry.import:{row.pk}")
    defer("registry.write_import", lock=row.side, run_id=row.pk)


@transaction.atomic
def request_undo(*, actor: Viewer, run: ImportRun) -> None:
    """Queue the undoing of a whole import, within 24 hours. Raises `Denied` with the reason."""
    permissions.can_undo_import(actor, run).require()
    row = ImportRun.objects.select_for_update().get(pk=run.pk)
    if row.state == ImportState.UNDOING:
        return
    permissions.can_undo_import(actor, row).require()
    row.state, row.failure, row.started_at = ImportState.UNDOING, "", clock.now()
    row.save()
    record(actor=actor, verb="registry.import.undo_requested", subject=f"registry.import:{row.pk}")
    defer("registry.undo_import", lock=row.side, run_id=row.pk)
