"""What this room does by night, and the long workbooks that somebody asked for."""

from __future__ import annotations

from django.utils import translation
from procrastinate.contrib.django import app

from fugong.base.accounts.selectors import viewer_for
from fugong.base.spreadsheets.logic.writer import write_xlsx
from fugong.core import clock
from fugong.core.files import side_path
from fugong.core.jobs import job
from fugong.core.memo import remembering
from fugong.core.viewer import service_viewer
from fugong.record.registry.enums import ExportState
from fugong.record.reporting.actions import exports
from fugong.record.reporting.actions.drafts import forget_drafts
from fugong.record.reporting.models import DayExport
from fugong.record.reporting.selectors.day_sheet import day_sheet, reports_of_day


@app.periodic(cron="27 3 * * *")
@app.task(name="reporting.forget_drafts", queueing_lock="reporting.forget_drafts")
def forget(timestamp: int) -> None:
    """Forget forms that nobody sent; `timestamp` is the time for which the run was planned."""
    forget_drafts(actor=service_viewer("worker"))


@job(name="reporting.write_export")
def write_export(export_id: int) -> None:
    """Write the day that a person asked for, as far as that person sees it now. Begun anew when repeated.

    Not one transaction: progress shall be seen.
    """
    export = DayExport.objects.select_related("actor", "incident", "area").get(pk=export_id)
    if not export.is_at_work:
        return
    actor = viewer_for(export.actor, clock.today())
    place = side_path(export.file_name)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = place.with_suffix(".new")
    try:
        with translation.override(export.language), remembering():
            rows = reports_of_day(actor, export.incident, export.day, export.area)
            sheet = day_sheet(
                actor,
                export.incident,
                export.day,
                rows,
                lambda done: exports.note_written(actor=actor, export=export, written=done),
            )
            write_xlsx(fresh, [sheet])
        fresh.replace(place)
    except Exception:
        fresh.unlink(missing_ok=True)
        exports.end_day_export(actor=actor, export=export, state=ExportState.FAILED)
        raise
    exports.end_day_export(actor=actor, export=export, state=ExportState.WRITTEN)
