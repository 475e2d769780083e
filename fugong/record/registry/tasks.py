from __future__ import annotations

from django.utils import translation

from fugong.base.accounts.selectors import viewer_for
from fugong.base.spreadsheets.logic.writer import write_xlsx
from fugong.core import clock
from fugong.core.files import side_path
from fugong.core.jobs import job
from fugong.record.registry.actions import exports
from fugong.record.registry.enums import ExportState
from fugong.record.registry.logic.list_filter import ListFilter
from fugong.record.registry.models import ExportRun
from fugong.record.registry.selectors.exports import list_sheet


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
