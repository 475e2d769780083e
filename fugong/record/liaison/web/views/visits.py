"""Visits as the offices read them: what contradicts the reports, which duties are overdue, what was found lately."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fugong.base.attachments.selectors import picture_file
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.liaison import permissions
from fugong.record.liaison.enums import Way
from fugong.record.liaison.selectors.section import field_section
from fugong.record.liaison.selectors.visits import contradicting, latest_visits, overdue_for, photo_for
from fugong.record.liaison.web.tables import field_tabs
from fugong.record.liaison.web.views.coverage import area_of

_SHOWN = 50


@require_safe
def visits(request: HttpRequest, slug: str) -> HttpResponse:
    """The last visits of the area, those whose figures contradict a report, and the longest overdue duties."""
    viewer, incident = request.viewer, request.scope.incident
    permissions.can_see_field(viewer).require()
    area = area_of(request)
    section = field_section(incident, clock.today())
    number, overdue = overdue_for(viewer, incident, area, _SHOWN)
    context = {
        "area_name": str(area),
        "contradicting": [_row(visit, slug) for visit in contradicting(viewer, incident, area, _SHOWN)],
        "latest": [_row(visit, slug) for visit in latest_visits(viewer, incident, area, _SHOWN)],
        "overdue_number": number,
        "overdue": [
            {
                "name": one.assignment.enterprise.name if one.assignment.enterprise else "",
                "url": reverse("registry:detail", args=[slug, one.assignment.enterprise_id]),
                "officer": one.assignment.user.name if one.assignment.user else "",
                "officer_url": reverse("liaison:officer", args=[slug, one.assignment.user_id]),
                "kind": section.label(one.assignment.kind),
                "way": str(Way(one.way).label),
                "last": one.last,
                "late": _("%(days)d days") % {"days": one.late},
            }
            for one in overdue
        ],
        "tabs": field_tabs(slug, "visits"),
    }
    return render(request, "liaison/visits.html", context)


def jpeg(viewer: Viewer, pk: int) -> HttpResponse:
    """A photo of a visit, for those who see the visit."""
    content = picture_file(viewer, photo_for(viewer, pk).attachment).read_bytes()
    headers = {"Cache-Control": "private, no-store", "Content-Disposition": "inline"}
    return HttpResponse(content, content_type="image/jpeg", headers=headers)


@require_safe
def photo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A photo of a visit, at the desk."""
    permissions.can_see_field(request.viewer).require()
    return jpeg(request.viewer, pk)


def _row(visit: object, slug: str) -> dict[str, object]:
    pk = visit.enterprise_id
    return {"visit": visit, "url": reverse("registry:detail", args=[slug, pk]), "name": visit.enterprise.name}
