"""The reports of a day as a workbook: at once, or by a job whose progress is shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import quote, urlencode

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fugong.base.areas.models import Area
from fugong.record.reporting import permissions
from fugong.record.reporting.actions.exports import AT_ONCE, ask_for_day, export_reports, fetch_day_export
from fugong.record.reporting.selectors.day_sheet import export_for, reports_of_day
from fugong.record.reporting.selectors.missing import report_area

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CHUNK = 64 * 1024


def _attached(area: Area, day: date) -> dict[str, str]:
    name = quote(f"{_('reports')}-{area.code}-{day.isoformat()}.xlsx")
    return {"Content-Disposition": f"attachment; filename*=utf-8''{name}"}


def _chunks(place: Path) -> Iterator[bytes]:
    with place.open("rb") as file:
        yield from iter(lambda: file.read(_CHUNK), b"")


@require_POST
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """The reports of the scope's day as a workbook; many of them by a job."""
    scope = request.scope
    permissions.can_see_missing(request.viewer).require()
    area = report_area(request.viewer, scope.incident, scope.area_code)
    asked = {"actor": request.viewer, "incident": scope.incident, "day": scope.day, "area": area}
    if reports_of_day(request.viewer, scope.incident, scope.day, area).count() > AT_ONCE:
        return redirect("reports:export_run", slug, ask_for_day(**asked).pk)
    return HttpResponse(export_reports(**asked), content_type=_XLSX, headers=_attached(area, scope.day))


@require_safe
def export_run(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """How far a long export is; asks again by itself until the file is there."""
    run = export_for(request.viewer, pk)
    query = urlencode({"day": run.day.isoformat(), "area": run.area.code})
    context = {"run": run, "list_url": f"{reverse('reports:missing', args=[slug])}?{query}", "slug": slug}
    partial = request.headers.get("HX-Request") == "true"
    return render(
        request, "reporting/includes/export_progress.html" if partial else "reporting/export_run.html", context
    )


@require_POST
def export_file(request: HttpRequest, slug: str, pk: int) -> StreamingHttpResponse:
    """The file of a long export, to the one who asked for it; the asking is on record."""
    run = export_for(request.viewer, pk)
    place = fetch_day_export(actor=request.viewer, export=run)
    if place is None:
        raise Http404(run.file_name)
    return StreamingHttpResponse(_chunks(place), content_type=_XLSX, headers=_attached(run.area, run.day))
