"""What the worker does for an import. Each is idempotent: run again after a kill, it starts from the state it finds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from fugong.base.audit.actions import record
from fugong.base.spreadsheets import permissions
from fugong.base.spreadsheets.actions.deliveries import RunFile, write_run
from fugong.base.spreadsheets.actions.preview import Preview
from fugong.base.spreadsheets.enums import ImportState
from fugong.base.spreadsheets.logic.columns import ColumnMap
from fugong.base.spreadsheets.logic.kinds import Written, import_kinds
from fugong.base.spreadsheets.logic.reader import Table
from fugong.base.spreadsheets.logic.samples import samples
from fugong.base.spreadsheets.models import ImportRun
from fugong.core import clock
from fugong.core.bulk import execute
from fugong.core.files import side_path, write_side
from fugong.core.viewer import ANONYMOUS, Viewer, viewer_of


class _Job:
    """A run held by this transaction alone, and the viewer as whom its sender's mandate lets the job act."""

    def __init__(self, run_id: int, *states: ImportState) -> None:
        # A killed worker's transaction may still be ending: wait for it instead of passing its work over.
        execute("SET LOCAL lock_timeout = 0")
        self.run = ImportRun.objects.select_for_update().filter(pk=run_id, state__in=states).first()

    def acting(self) -> Viewer:
        """The job as a named service with the sender's mandates of today. Raises `Denied` if the right is lost."""
        assert self.run is not None
        sender = viewer_of(self.run.actor_id, clock.today()) if self.run.actor_id else ANONYMOUS
        permissions.can_import(sender, import_kinds[self.run.kind]).require()
        return replace(sender, service="imports", name=_("Import job for %(name)s") % {"name": sender.name})


def _described(table: Table, columns: ColumnMap) -> dict[str, object]:
    return {
        "kind": table.kind,
        "sheet": table.sheet,
        "sheets": list(table.sheets),
        "header": list(table.header),
        "header_line": table.header_line,
        "found": {field: table.header[at] for field, at in columns.found.items()},
        "unknown": list(columns.unknown),
        "missing": list(columns.missing),
    }


@transaction.atomic
def begin_check(*, actor: Viewer, run_id: int) -> None:
    """Say that the check of a file began."""
    permissions.can_work_on_imports(actor).require()
    job = _Job(run_id, ImportState.UPLOADED)
    if job.run is not None:
        job.run.state, job.run.started_at = ImportState.CHECKING, clock.now()
        job.run.save()


@transaction.atomic
def check_import(*, actor: Viewer, run_id: int) -> None:
    """Read a file, match its columns, hold its rows against what is known; nothing is written but the preview.

    Raises `UnreadableFile` and `Denied` with the sentence for the sender.
    """
    permissions.can_work_on_imports(actor).require()
    job = _Job(run_id, ImportState.CHECKING)
    run = job.run
    if run is None:
        return
    with translation.override(run.language):
        sender, file = job.acting(), RunFile(run)
        table = file.table()
        delivery = file.delivery(sender, table)
        run.table = _described(table, delivery.columns)
        write_side(f"{run.side}-samples.json", samples(table))
        if delivery.columns.missing:
            run.state = ImportState.UNMATCHED
        else:
            incoming = file.kind.open(delivery)
            incoming.check()
            preview = Preview(file.kind, delivery, incoming)
            preview.write_corrected(run)
            write_side(f"{run.side}.json", preview.listing())
            incoming.close()
            run.counts, run.area_id = incoming.outcome.counts(), incoming.outcome.area_id
            run.state = ImportState.CHECKED
        run.finished_at = clock.now()
        run.save()


@transaction.atomic
def write_import(*, actor: Viewer, run_id: int) -> None:
    """Write the accepted rows of a confirmed import, all or none; a run that is written already is left alone.

    Raises `UnreadableFile` and `Denied` with the sentence for the sender.
    """
    permissions.can_work_on_imports(actor).require()
    job = _Job(run_id, ImportState.WRITING)
    if job.run is None:
        return
    with translation.override(job.run.language):
        write_run(actor=job.acting(), run=job.run)


@transaction.atomic
def undo_import(*, actor: Viewer, run_id: int) -> None:
    """Take a whole import back: what it entered is removed, what it changed is as before.

    Raises `Denied` with the reason where something was changed since, or stands on what was entered.
    """
    permissions.can_work_on_imports(actor).require()
    job = _Job(run_id, ImportState.UNDOING)
    run = job.run
    if run is None:
        return
    undo = import_kinds[run.kind].undo
    assert undo is not None and run.written_at is not None
    with translation.override(run.language):
        sender = job.acting()
        told = undo(sender, Written(run.pk, run.written_at, run.scope))
        run.state, run.finished_at = ImportState.UNDONE, clock.now()
        run.save()
        detail = {"kind": run.kind, "file": run.name, "sha256": run.sha256, **told}
        record(
            actor=sender,
            verb="spreadsheets.import.undone",
            subject=f"spreadsheets.import:{run.pk}",
            area_id=run.matter_of(sender),
            detail=detail,
        )


@transaction.atomic
def fail_import(*, actor: Viewer, run_id: int, reason: str) -> None:
    """End a check or a writing with a sentence for the sender; an undoing goes back to what it was."""
    permissions.can_work_on_imports(actor).require()
    job = _Job(run_id, ImportState.CHECKING, ImportState.WRITING, ImportState.UNDOING)
    run = job.run
    if run is None:
        return
    run.state = ImportState.WRITTEN if run.state == ImportState.UNDOING else ImportState.FAILED
    run.failure, run.finished_at = reason, clock.now()
    run.save()
    _forget(side_path(f"{run.side}-progress.json"))
    record(
        actor=actor,
        verb="spreadsheets.import.failed",
        subject=f"spreadsheets.import:{run.pk}",
        area_id=run.matter_of(viewer_of(run.actor_id or 0, clock.today())),
        detail={"reason": reason},
    )


def _forget(path: Path) -> None:
    path.unlink(missing_ok=True)
