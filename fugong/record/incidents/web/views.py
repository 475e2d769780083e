from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree
from fugong.core.decision import OutOfScope
from fugong.record.incidents import permissions
from fugong.record.incidents.actions import set_area_risk
from fugong.record.incidents.selectors import risk_levels, risks_of_area, risks_on
from fugong.record.incidents.web.forms import RiskForm
from fugong.record.incidents.web.tables import area_rows


@require_safe
def areas(request: HttpRequest, slug: str) -> HttpResponse:
    """The tree of areas with validity, successors and risk levels on the day of the scope."""
    permissions.can_see_incidents(request.viewer).require()
    incident, day, tree = request.scope.incident, request.scope.day, area_tree()
    top = tree.by_code(request.scope.area_code) or tree.areas[incident.area_id]
    levels = risk_levels(incident, day)
    context = {
        "rows": area_rows(request.viewer, incident, tree, top, risks_on(incident, day), levels),
        "day": day,
        "has_levels": bool(levels),
    }
    return render(request, "incidents/areas.html", context)


def _area(request: HttpRequest, code: str) -> Area:
    """The area of that code within the incident and the viewer's mandates. Raises `OutOfScope` otherwise."""
    tree = area_tree()
    area = tree.by_code(code)
    top = tree.areas[request.scope.incident.area_id]
    if area is None or not area.path.startswith(top.path) or not request.viewer.covers(area.pk):
        raise OutOfScope(f"area {code}")
    return area


@require_http_methods(["GET", "HEAD", "POST"])
def risk(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Set the risk level of one area; the levels set before stand beside the form."""
    area, incident = _area(request, code), request.scope.incident
    permissions.can_set_area_risk(request.viewer, area.pk).require()
    levels = risk_levels(incident, request.scope.day)
    present = risks_on(incident, request.scope.day).get(area.pk)
    form = RiskForm(levels, request.POST or None, {"level": present.level.code if present else ""})
    if form.is_bound and form.is_valid():
        try:
            set_area_risk(actor=request.viewer, incident=incident, area=area, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("The level is set."))
            return redirect("incidents:areas", slug)
    words = {level.code: level.label for level in levels}
    context = {
        "form": form,
        "area_name": str(area),
        "history": [
            {
                "level": words.get(item.level, item.level) if item.level else _("As the area above"),
                "valid_from": item.valid_from,
                "source": item.source,
                "decided_by": item.decided_by_name,
            }
            for item in risks_of_area(request.viewer, incident, area)
        ],
        "back_url": reverse("incidents:areas", args=[slug]),
    }
    return render(request, "incidents/risk.html", context)
