from __future__ import annotations

from collections.abc import Callable

from django.db import close_old_connections, connection
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate import JobContext, RetryStrategy

from fugong.base.accounts.selectors import viewer_for
from fugong.base.spreadsheets.logic.reader import UnreadableFile
from fugong.base.spreadsheets.logic.writer import write_xlsx
from fugong.core import clock
from fugong.core.decision import Denied
from fugong.core.files import side_path
from fugong.core.jobs import job
from fugong.core.origin import origin
from fugong.core.viewer import service_viewer
from fugong.record.registry.actions import exports, import_jobs
from fugong.record.registry.enums import ExportState
from fugong.record.registry.logic.list_filter import ListFilter
from fugong.record.registry.models import ExportRun
from fugong.record.registry.selectors.exports import list_sheet

_ACTOR = service_viewer("imports")
_ATTEMPTS = 5
_RETRY = RetryStrategy(max_attempts=_ATTEMPTS, wait=2)


def _fresh_connection() -> None:
    """A backend that was ended leaves its connection behind, broken."""
    if not connection.in_atomic_block:
        close_old_connections()


def _worked(context: JobContext, run_id: int, *steps: Callable[..., None]) -> None:
    """Take the steps. What the sender can mend ends the import with its sentence; anything else is tried again."""
    _fresh_connection()
    token = origin.set("job")
    try:
        for step in steps:
            step(actor=_ACTOR, run_id=run_id)
    except (UnreadableFile, Denied) as error:
        import_jobs.fail_import(actor=_ACTOR, run_id=run_id, reason=str(error))
    except Exception:
        _fresh_connection()
        if context.job.attempts + 1 >= _ATTEMPTS:
            import_jobs.fail_import(
                actor=_ACTOR, run_id=run_id, reason=_("The server could not finish it. Nothing was changed.")
            )
        raise
    finally:
        origin.reset(token)


@job(name="registry.check_import", retry=_RETRY, pass_context=True)
def check_import(context: JobContext, run_id: int) -> None:
    """Check a file that was sent in, for its preview."""
    _worked(context, run_id, import_jobs.begin_check, import_jobs.check_import)


@job(name="registry.write_import", retry=_RETRY, pass_context=True)
def write_import(context: JobContext, run_id: int) -> None:
    """Write what was confirmed."""
    _worked(context, run_id, import_jobs.write_import)


@job(name="registry.undo_import", retry=_RETRY, pass_context=True)
def undo_import(context: JobContext, run_id: int) -> None:
    """Take an import back."""
    _worked(context, run_id, import_jobs.undo_import)


@job(name="registry.write_export")
def write_export(export_id: int) -> None:
    """Write the list that a person asked for, as far as that person sees it now. Begun anew when repeated.

    Not one transaction: progress shall be seen, and a list of a million rows holds no snapshot for minutes.
    """
    export = ExportRun.objects.select_related("actor").get(pk=export_id)
    if not export.is_at_work:
        return
    actor = viewer_for(export.actor, clock.today())
    place = side_path(export.file_name)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = place.with_suffix(".new")
    try:
        with translation.override(export.language):
            sheet = list_sheet(
                actor,
                ListFilter.read(export.wanted),
                export.day,
                lambda done: exports.note_progress(actor=actor, export=export, written=done),
            )
            write_xlsx(fresh, [sheet])
        fresh.replace(place)
    except Exception:
        fresh.unlink(missing_ok=True)
        exports.end_export(actor=actor, export=export, state=ExportState.FAILED)
        raise
    exports.end_export(actor=actor, export=export, state=ExportState.WRITTEN)
