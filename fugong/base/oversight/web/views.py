from __future__ import annotations

from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fugong.base.audit.actions import record_access
from fugong.base.audit.permissions import can_read_trail
from fugong.base.audit.selectors import seal_state
from fugong.base.oversight import permissions
from fugong.base.oversight.actions import export_trail, open_personal
from fugong.base.oversight.logic.trail_filter import TrailFilter
from fugong.base.oversight.selectors import MOST_EXPORTED, area_of_search, personal_value, trail_page
from fugong.base.oversight.web.forms import ReasonForm
from fugong.base.oversight.web.tables import area_choices, chips, detail_rows, trail_url, verb_choices
from fugong.core import clock
from fugong.core.oversight import personal_fields

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    """The acts that the viewer may read, newest first. Looking for something is on record itself."""
    can_read_trail(request.viewer).require()
    return _trail_page(request, ReasonForm())


def _trail_page(request: HttpRequest, form: ReasonForm, status: int = 200) -> HttpResponse:
    wanted, after = TrailFilter.read(request.GET.dict()), request.GET.get("after", "")
    page = trail_page(request.viewer, wanted, after)
    if wanted.narrows and not after and request.method == "GET":
        record_access(
            actor=request.viewer,
            verb="oversight.trail.read",
            subject="oversight.trail:entries",
            area_id=area_of_search(request.viewer, wanted),
            detail={"filter": wanted.as_dict()},
        )
    context = {
        "rows": [(row, detail_rows(row.detail)) for row in page.rows],
        "wanted": wanted,
        "verbs": verb_choices(wanted.verb),
        "areas": area_choices(request.viewer, wanted.area),
        "chips": chips(wanted),
        "all_url": trail_url(TrailFilter()),
        "first_url": trail_url(wanted) if after else "",
        "next_url": trail_url(wanted, after=page.next_key) if page.next_key else "",
        "seals": seal_state(request.viewer),
        "export_url": request.path if request.method == "POST" else _export_url(wanted),
        "form": form,
        "most": MOST_EXPORTED,
    }
    return render(request, "oversight/trail.html", context, status=status)


def _export_url(wanted: TrailFilter) -> str:
    base, _question, query = trail_url(wanted).partition("?")
    return f"{base}export/" + (f"?{query}" if query else "")


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The entries that fit as a workbook, for a reason."""
    permissions.can_export_trail(request.viewer).require()
    wanted, form = TrailFilter.read(request.GET.dict()), ReasonForm(request.POST)
    if form.is_valid():
        try:
            content = export_trail(actor=request.viewer, wanted=wanted, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error("reason", error)
        else:
            name = quote(_("trail-%(day)s.xlsx") % {"day": clock.today().isoformat()})
            headers = {"Content-Disposition": f"attachment; filename*=utf-8''{name}"}
            return HttpResponse(content, content_type=_XLSX, headers=headers)
    return _trail_page(request, form, 422)


@require_http_methods(["GET", "HEAD", "POST"])
def personal(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """A personal datum, masked; in full after a reason, on this one page and nowhere else."""
    found = personal_value(request.viewer, kind, pk)
    permissions.can_open_personal(request.viewer, found.may).require()
    form, value = ReasonForm(request.POST if request.method == "POST" else None), ""
    if form.is_bound and form.is_valid():
        try:
            value = open_personal(actor=request.viewer, kind=kind, pk=pk, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error("reason", error)
    context = {"found": found, "label": personal_fields[kind].label, "value": value, "form": form}
    return render(request, "oversight/personal.html", context, status=422 if form.errors else 200)
