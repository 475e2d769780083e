from __future__ import annotations

from collections.abc import Callable

from django.db import close_old_connections, connection
from django.utils.translation import gettext as _
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from fugong.base.spreadsheets.actions import import_jobs
from fugong.base.spreadsheets.actions.retention import forget_files
from fugong.base.spreadsheets.logic.reader import UnreadableFile
from fugong.core.decision import Denied
from fugong.core.jobs import job
from fugong.core.origin import origin
from fugong.core.viewer import service_viewer

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


@job(name="spreadsheets.check_import", retry=_RETRY, pass_context=True)
def check_import(context: JobContext, run_id: int) -> None:
    """Check a file that was sent in, for its preview."""
    _worked(context, run_id, import_jobs.begin_check, import_jobs.check_import)


@job(name="spreadsheets.write_import", retry=_RETRY, pass_context=True)
def write_import(context: JobContext, run_id: int) -> None:
    """Write what was confirmed."""
    _worked(context, run_id, import_jobs.write_import)


@job(name="spreadsheets.undo_import", retry=_RETRY, pass_context=True)
def undo_import(context: JobContext, run_id: int) -> None:
    """Take an import back."""
    _worked(context, run_id, import_jobs.undo_import)


@app.periodic(cron="41 3 * * *")
@app.task(name="spreadsheets.forget_files", queueing_lock="spreadsheets.forget_files")
def forget(timestamp: int) -> None:
    """Delete files whose time has passed; `timestamp` is the time for which the run was planned."""
    forget_files(actor=_ACTOR)
