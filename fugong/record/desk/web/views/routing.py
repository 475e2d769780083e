"""Who takes what: the routes of an incident as data."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fugong.base.accounts.selectors import bodies_within
from fugong.base.areas.selectors import area_tree, areas_for
from fugong.core import clock
from fugong.record.desk import permissions
from fugong.record.desk.actions.routing import end_route, set_route
from fugong.record.desk.logic.section import NobodyToTurnTo
from fugong.record.desk.selectors.rules import fallback_body, route_for, routes_in, section_on
from fugong.record.desk.web.forms import RouteForm


@require_http_methods(["GET", "HEAD", "POST"])
def routes(request: HttpRequest, slug: str) -> HttpResponse:
    """The rules in force, who takes what no rule names, and a form for one more."""
    viewer, incident = request.viewer, request.scope.incident
    permissions.can_see_requests(viewer).require()
    section = section_on(incident, clock.today())
    top = area_tree().areas[incident.area_id]
    form = RouteForm(section, areas_for(viewer).valid_on(clock.today()), bodies_within(top), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            set_route(actor=viewer, incident=incident, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("From now on such requests go there."))
            return redirect("desk:routes", slug)
    try:
        fallback = str(fallback_body(top))
    except NobodyToTurnTo:
        fallback = ""
    context = {
        "rules": [
            {
                "category": section.label(rule.category) if rule.category else _("everything"),
                "area": str(rule.area),
                "size": rule.size,
                "tag": rule.tag,
                "body": str(rule.body),
                "since": rule.valid_from,
                "end_url": reverse("desk:route_end", args=[slug, rule.pk])
                if permissions.can_route(viewer, rule.area_id)
                else "",
            }
            for rule in routes_in(viewer, incident)
        ],
        "fallback": fallback,
        "form": form,
        "may_route": any(permissions.can_route(viewer, pk) for pk in (*sorted(viewer.area_ids), top.pk)),
        "queue_url": reverse("desk:queue", args=[slug]),
    }
    return render(request, "desk/routes.html", context, status=422 if form.errors else 200)


@require_POST
def end(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Let a rule end."""
    end_route(actor=request.viewer, rule=route_for(request.viewer, request.scope.incident, pk))
    messages.success(request, _("The rule has ended; the next best one takes its requests."))
    return redirect("desk:routes", slug)
