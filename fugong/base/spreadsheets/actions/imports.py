from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fugong.base.audit.actions import record
from fugong.base.spreadsheets import permissions
from fugong.base.spreadsheets.actions.deliveries import write_run
from fugong.base.spreadsheets.enums import ImportState
from fugong.base.spreadsheets.logic.columns import signature_key
from fugong.base.spreadsheets.logic.kinds import import_kinds
from fugong.base.spreadsheets.logic.outcome import ImportOutcome
from fugong.base.spreadsheets.logic.reader import UnreadableFile
from fugong.base.spreadsheets.models import ColumnChoice, ImportRun
from fugong.core import clock
from fugong.core.files import KeptFile, keep, keep_path
from fugong.core.jobs import defer
from fugong.core.viewer import Viewer

_LONGEST_NAME = 200


def _sent(actor: Viewer, kind: str, name: str, kept: KeptFile, scope: Mapping[str, str]) -> ImportRun:
    """What is noted of who brings a file in."""
    return ImportRun(
        kind=kind,
        name=name[-_LONGEST_NAME:],
        sha256=kept.sha256,
        size=kept.size,
        language=get_language() or "zh-hans",
        actor_id=actor.id,
        actor_name=actor.name,
        body_name=actor.body_name,
        scope=dict(scope),
        uploaded_at=clock.now(),
    )


@transaction.atomic
def import_file(*, actor: Viewer, kind: str, path: Path, scope: Mapping[str, str]) -> ImportOutcome:
    """Bring in a file at once: the accepted rows all or none, the refused ones named. For the console and for tests.

    `kind` names an entry of `import_kinds`, `scope` is what it asks for beside the file. Raises `UnreadableFile` when
    nothing can be read, `Denied` without the right.
    """
    permissions.can_import(actor, import_kinds[kind]).require()
    run = _sent(actor, kind, path.name, keep_path(path), scope)
    run.state, run.started_at = ImportState.WRITING, run.uploaded_at
    run.save()
    return write_run(actor=actor, run=run)


@transaction.atomic
def start_import(
    *, actor: Viewer, kind: str, name: str, chunks: Iterable[bytes], scope: Mapping[str, str]
) -> ImportRun:
    """Take a file in, keep it as evidence and queue its check."""
    permissions.can_import(actor, import_kinds[kind]).require()
    run = _sent(actor, kind, Path(name).name or "—", keep(chunks), scope)
    run.save()
    record(
        actor=actor,
        verb="spreadsheets.import.uploaded",
        subject=f"spreadsheets.import:{run.pk}",
        area_id=run.matter_of(actor),
        detail={"kind": kind, "file": run.name, "sha256": run.sha256, "bytes": run.size},
    )
    defer("spreadsheets.check_import", lock=run.side, run_id=run.pk)
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
    known = import_kinds[row.kind].columns(row.scope).usual
    chosen = {heading: field for heading, field in columns.items() if heading in header}
    fields = [field for field in chosen.values() if field]
    if len(fields) != len(set(fields)) or not set(fields) <= known.keys():
        raise UnreadableFile(_("Two columns are matched to the same field. Leave one of them unused."))
    other_sheet = sheet != row.table.get("sheet", "")
    row.sheet = sheet if sheet in row.table.get("sheets", []) else ""
    # Another sheet has headings of its own; what was chosen for these stays remembered.
    row.columns = {} if other_sheet else chosen
    row.state = ImportState.UPLOADED
    row.counts, row.finished_at = {}, None
    row.save()
    if row.body_name and not other_sheet:
        ColumnChoice.objects.update_or_create(
            kind=row.kind,
            body_name=row.body_name,
            signature=signature_key(header),
            defaults={"columns": chosen, "chosen_at": clock.now()},
        )
    defer("spreadsheets.check_import", lock=row.side, run_id=row.pk)


def _put_on_record(actor: Viewer, verb: str, run: ImportRun) -> None:
    record(actor=actor, verb=verb, subject=f"spreadsheets.import:{run.pk}", area_id=run.matter_of(actor))


@transaction.atomic
def confirm_import(*, actor: Viewer, run: ImportRun) -> None:
    """After the preview: queue the writing of the accepted rows. A second confirmation changes nothing."""
    permissions.can_see_import(actor, run).require()
    if not run.may_become(ImportState.WRITING):
        return  # the job that writes it holds the row: a second click does not wait for its end
    row = ImportRun.objects.select_for_update().get(pk=run.pk)
    if not row.may_become(ImportState.WRITING):
        return
    permissions.can_confirm_import(actor, row).require()
    row.state, row.started_at, row.finished_at = ImportState.WRITING, clock.now(), None
    row.save()
    _put_on_record(actor, "spreadsheets.import.confirmed", row)
    defer("spreadsheets.write_import", lock=row.side, run_id=row.pk)


@transaction.atomic
def request_undo(*, actor: Viewer, run: ImportRun) -> None:
    """Queue the undoing of a whole import, within 24 hours. Raises `Denied` with the reason."""
    permissions.can_undo_import(actor, run).require()
    if run.state == ImportState.UNDOING:
        return
    row = ImportRun.objects.select_for_update().get(pk=run.pk)
    if row.state == ImportState.UNDOING:
        return
    permissions.can_undo_import(actor, row).require()
    row.state, row.failure, row.started_at = ImportState.UNDOING, "", clock.now()
    row.save()
    _put_on_record(actor, "spreadsheets.import.undo_requested", row)
    defer("spreadsheets.undo_import", lock=row.side, run_id=row.pk)


@transaction.atomic
def note_corrected(*, actor: Viewer, run: ImportRun) -> None:
    """Put on record that somebody took along the refused rows of an import, to mend them."""
    permissions.can_see_import(actor, run).require()
    _put_on_record(actor, "spreadsheets.corrected.taken", run)


@transaction.atomic
def note_prefilled(*, actor: Viewer, kind: str, scope: Mapping[str, str], rows: int) -> None:
    """Put on record that somebody took along the table with its rows filled in."""
    permissions.can_import(actor, import_kinds[kind]).require()
    record(
        actor=actor,
        verb="spreadsheets.table.taken",
        subject=f"spreadsheets.kind:{kind}",
        area_id=actor.home_area_id,
        detail={"scope": dict(scope), "rows": rows},
    )
