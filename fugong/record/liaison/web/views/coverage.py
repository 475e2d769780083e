"""The coverage board, its holes, and which team has which area."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fugong.base.accounts.selectors import bodies_within
from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree, areas_for
from fugong.core import clock
from fugong.record.liaison import permissions
from fugong.record.liaison.actions.assigning import assign_body, end_assignments
from fugong.record.liaison.actions.exporting import LISTS, export_field_list
from fugong.record.liaison.enums import Holder, Target
from fugong.record.liaison.selectors.coverage import area_duty_for, coverage_of, uncovered_for
from fugong.record.liaison.selectors.section import field_section
from fugong.record.liaison.web.forms import TeamForm
from fugong.record.liaison.web.tables import area_row, field_tabs, holes
from fugong.record.reporting.selectors.missing import report_area

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def area_of(request: HttpRequest) -> Area:
    """The area of the scope: the one asked for, else the widest of the incident that the viewer covers."""
    return report_area(request.viewer, request.scope.incident, request.scope.area_code)


@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """Who looks after whom: every hole and every double duty."""
    viewer, incident = request.viewer, request.scope.incident
    permissions.can_see_field(viewer).require()
    area = area_of(request)
    found = coverage_of(viewer, incident, area)
    may = permissions.can_assign(viewer, [area.pk])
    rows = [area_row(row, slug, area.pk) for row in found.rows if row.enterprises or row.area.pk != area.pk]
    context = {
        "board": found,
        "area_name": str(area),
        "rows": rows,
        "holes": holes(found),
        "has_kinds": bool(field_section(incident, clock.today()).kinds),
        "expects_teams": any(row["chip"] for row in rows),
        "tabs": field_tabs(slug, "coverage"),
        "may_assign": may,
        "uncovered_url": _with_area(request, reverse("liaison:uncovered", args=[slug])),
        "officers_url": reverse("liaison:officers", args=[slug]),
        "assign_url": _with_area(request, reverse("liaison:assign", args=[slug]), key="rule_area"),
        "import_url": reverse("imports:start", args=[slug, "assignments"]),
        "team_url": reverse("liaison:team", args=[slug]),
    }
    return render(request, "liaison/coverage.html", context)


def _with_area(request: HttpRequest, url: str, key: str = "area") -> str:
    return f"{url}?{urlencode({key: request.scope.area_code})}" if request.scope.area_code else url


@require_safe
def uncovered(request: HttpRequest, slug: str) -> HttpResponse:
    """The enterprises that nobody looks after; those ticked go to an officer."""
    viewer, incident = request.viewer, request.scope.incident
    permissions.can_see_field(viewer).require()
    text = request.GET.get("q", "").strip()[:50]
    page = uncovered_for(viewer, incident, area_of(request), text, request.GET.get("after", ""))
    query = {"area": request.scope.area_code, "q": text, "after": page.after}
    context: dict[str, Any] = {
        "rows": [
            {
                "pk": row.pk,
                "name": row.name,
                "area": str(row.managing_area),
                "code": row.code,
                "url": reverse("registry:detail", args=[slug, row.pk]),
            }
            for row in page.rows
        ],
        "total": page.total,
        "text": text,
        "area_name": request.scope.area_name,
        "area_code": request.scope.area_code,
        "next_url": "?" + urlencode({key: value for key, value in query.items() if value}) if page.after else "",
        "tabs": field_tabs(slug, "uncovered"),
        "may_assign": permissions.can_assign(viewer),
        "assign_url": reverse("liaison:assign", args=[slug]),
    }
    return render(request, "liaison/uncovered.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest, slug: str) -> HttpResponse:
    """Let a team look after an area."""
    viewer, incident = request.viewer, request.scope.incident
    permissions.can_see_field(viewer).require()
    permissions.can_assign(viewer).require()
    kinds = field_section(incident, clock.today()).of(Holder.BODY, Target.AREA)
    top = area_tree().areas[incident.area_id]
    areas = areas_for(viewer).valid_on(clock.today()).filter(path__startswith=top.path, is_reporting=True)
    chosen = areas.filter(code=request.GET.get("for", "")).first()
    form = TeamForm(kinds, bodies_within(top), areas.order_by("path"), request.POST or None, initial={"area": chosen})
    if form.is_valid():
        try:
            row = assign_body(actor=viewer, incident=incident, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("%(team)s looks after %(area)s.") % {"team": row.body, "area": row.area})
            return redirect("liaison:coverage", slug)
    context = {"form": form, "cancel_url": reverse("liaison:coverage", args=[slug])}
    return render(request, "liaison/team.html", context, status=422 if form.errors else 200)


@require_POST
def team_end(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A team no longer looks after an area."""
    row = area_duty_for(request.viewer, request.scope.incident, pk)
    end_assignments(actor=request.viewer, rows=[row], reason=_("taken back on the coverage board"))
    messages.success(request, _("From today on this area has one team less."))
    return redirect("liaison:coverage", slug)


@require_POST
def export(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """A list of the field book of the area as a workbook."""
    permissions.can_see_field(request.viewer).require()
    if name not in LISTS:
        raise Http404
    content = export_field_list(actor=request.viewer, incident=request.scope.incident, area=area_of(request), name=name)
    file = quote(_("field-book-%(name)s-%(day)s.xlsx") % {"name": name, "day": clock.today().isoformat()})
    headers = {"Content-Disposition": f"attachment; filename*=utf-8''{file}"}
    return HttpResponse(content, content_type=XLSX, headers=headers)
