"""What the worker does for an import. Each is idempotent: run again after a kill, it starts from the state it finds."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fugong.base.accounts.selectors import user_by_id, viewer_for
from fugong.base.audit.actions import record
from fugong.base.spreadsheets.logic.columns import ColumnMap
from fugong.base.spreadsheets.logic.reader import Table
from fugong.core import clock
from fugong.core.bulk import execute, one_row
from fugong.core.decision import Denied
from fugong.core.files import side_path, write_side
from fugong.core.viewer import ANONYMOUS, Viewer
from fugong.record.registry import permissions
from fugong.record.registry.actions.facts import withdraw_facts_in_bulk
from fugong.record.registry.actions.importing import Preview, RunFile, close_written
from fugong.record.registry.enums import ImportState
from fugong.record.registry.logic.columns import recognise
from fugong.record.registry.models import Enterprise, EnterpriseFact, ImportedEnterprise, ImportRun

_NAMED = 3
_TOUCHED_SINCE = """
SELECT count(*), COALESCE((array_agg(e.name ORDER BY e.name))[1:%(named)s], '{}')
FROM registry_importedenterprise AS i LEFT JOIN registry_enterprise AS e ON e.id = i.enterprise_pk
WHERE i.run_id = %(run)s AND e.updated_at IS DISTINCT FROM %(written)s
"""
_RESTORE = """
UPDATE registry_enterprise AS e SET
    name = b.name, kind = b.kind, registered_area_id = b.registered_area_id, established_on = b.established_on,
    registered_address = b.registered_address, business_scope = b.business_scope, capital_amount = b.capital_amount,
    capital_currency = b.capital_currency, updated_at = b.updated_at
FROM registry_importedenterprise AS i
CROSS JOIN LATERAL jsonb_populate_record(NULL::registry_enterprise, i.before) AS b
WHERE i.run_id = %(run)s AND i.before IS NOT NULL AND e.id = i.enterprise_pk
"""


class _Job:
    """A run held by this transaction alone, and the viewer as whom its sender's mandate lets the job act."""

    def __init__(self, run_id: int, *states: ImportState) -> None:
        # A killed worker's transaction may still be ending: wait for it instead of passing its work over.
        execute("SET LOCAL lock_timeout = 0")
        self.run = ImportRun.objects.select_for_update().filter(pk=run_id, state__in=states).first()

    def acting(self) -> Viewer:
        """The job as a named service within the sender's areas. Raises `Denied` if the sender lost the right."""
        assert self.run is not None
        user = user_by_id(self.run.actor_id) if self.run.actor_id else None
        clerk = viewer_for(user, clock.today()) if user and user.is_active else ANONYMOUS
        permissions.can_import_enterprises(clerk).require()
        return replace(clerk, service="imports", name=_("Import job for %(name)s") % {"name": clerk.name})


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
    """Read a file, match its columns, hold its rows against the register; no enterprise is written.

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
        columns = recognise(table.header, file.chosen(table))
        run.table = _described(table, columns)
        if columns.missing:
            run.state = ImportState.UNMATCHED
        else:
            incoming = file.with_columns(sender, table, columns)
            incoming.load()
            incoming.settle()
            incoming.compare()
            preview = Preview(incoming)
            preview.write_corrected(run)
            write_side(f"{run.side}.json", preview.listing())
            incoming.drop()
            run.counts, run.state = preview.counts(), ImportState.CHECKED
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
        sender = job.acting()
        close_written(actor=sender, run=job.run, incoming=RunFile(job.run).incoming(sender))


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
    with translation.override(run.language):
        values = {"run": run.pk, "written": run.written_at, "named": _NAMED}
        _refuse_if_changed(*one_row(_TOUCHED_SINCE, values))
        facts = EnterpriseFact.objects.filter(source=run.source)
        if facts.filter(withdrawn_at__isnull=False).exists():
            raise Denied(_("A headcount or industry of this import was corrected since, so it stays."))
        entered = ImportedEnterprise.objects.filter(run=run, before__isnull=True)
        sender, removed = job.acting(), entered.count()
        restored = execute(_RESTORE, values)
        withdraw_facts_in_bulk(actor=sender, source=run.source)
        facts.filter(enterprise__in=entered.values("enterprise_pk")).delete()
        try:
            Enterprise.objects.filter(pk__in=entered.values("enterprise_pk")).delete()
        except ProtectedError as error:
            raise Denied(_stands_on(error)) from error
        ImportedEnterprise.objects.filter(run=run).delete()
        run.state, run.finished_at = ImportState.UNDONE, clock.now()
        run.save()
        detail = {"file": run.name, "sha256": run.sha256, "removed": removed, "restored": restored}
        record(actor=sender, verb="registry.import.undone", subject=f"registry.import:{run.pk}", detail=detail)


def _refuse_if_changed(count: int, names: list[str]) -> None:
    if count:
        named = "、".join(name for name in names if name) or "—"
        raise Denied(
            ngettext(
                "%(count)d enterprise of this import was changed since: %(names)s. Undo that first, or mend by hand.",
                "%(count)d enterprises of this import were changed since, such as %(names)s. Mend them by hand.",
                count,
            )
            % {"count": count, "names": named}
        )


def _stands_on(error: ProtectedError) -> str:
    kinds = Counter(str(row._meta.verbose_name_plural) for row in error.protected_objects)
    listed = "、".join(f"{name} {count}" for name, count in kinds.most_common())
    return _("Later entries stand on enterprises of this import (%(entries)s), so it stays.") % {"entries": listed}


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
    record(actor=actor, verb="registry.import.failed", subject=f"registry.import:{run.pk}", detail={"reason": reason})


def _forget(path: Path) -> None:
    path.unlink(missing_ok=True)
