from __future__ import annotations

from django.template.loader import render_to_string
from django.utils import translation
from procrastinate.contrib.django import app

from fugong.base.accounts.actions.secrets import CODE_LASTS
from fugong.base.accounts.selectors import viewer_for
from fugong.base.spreadsheets.logic.writer import write_xlsx
from fugong.core import clock
from fugong.core.files import side_path
from fugong.core.jobs import job
from fugong.core.viewer import service_viewer
from fugong.record.registry.actions import exports, sheets
from fugong.record.registry.actions.traits import renew_traits_after
from fugong.record.registry.enums import ExportState
from fugong.record.registry.logic.list_filter import ListFilter
from fugong.record.registry.logic.sheet import Card, link, picture
from fugong.record.registry.models import AccessSheet, ExportRun
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
                phones=bool(export.phones_for),
            )
            write_xlsx(fresh, [sheet])
        fresh.replace(place)
    except Exception:
        fresh.unlink(missing_ok=True)
        exports.end_export(actor=actor, export=export, state=ExportState.FAILED)
        raise
    exports.end_export(actor=actor, export=export, state=ExportState.WRITTEN)


@app.periodic(cron="29 3 * * *")
@app.task(name="registry.renew_traits", queueing_lock="registry.renew_traits")
def renew_traits(timestamp: int) -> None:
    """Each night: whatever changed facts past the actions, and a standard that changed, reach the list.

    `timestamp` is the time for which the run was planned.
    """
    after, actor = 0, service_viewer("registry")
    while (done := renew_traits_after(actor=actor, after=after)) is not None:
        after, _wrong = done


@job(name="registry.make_sheet")
def make_sheet(sheet_id: int) -> None:
    """Make a sheet of one-time codes for the person who asked, with that person's rights of now."""
    sheet = AccessSheet.objects.select_related("actor").get(pk=sheet_id)
    actor = viewer_for(sheet.actor, clock.today())
    try:
        with translation.override(sheet.language or None):
            sheets.make_sheet(actor=actor, sheet_id=sheet_id, draw=_drawn)
    except Exception:
        sheets.fail_sheet(actor=actor, sheet=sheet)
        raise


def _drawn(sheet: AccessSheet, cards: list[Card]) -> bytes:
    rows = [{"card": card, "picture": picture(link(sheet.base_url, card.code))} for card in cards]
    until = (clock.now() + CODE_LASTS).date()
    page = render_to_string("registry/sheet_print.html", {"sheet": sheet, "rows": rows, "until": until})
    # Imported where it is used: it is large, and one job needs it. The page carries its pictures; nothing is fetched.
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    return bytes(HTML(string=page, url_fetcher=URLFetcher(allowed_protocols=["data"])).write_pdf())
