"""Planned visits as the offices see and make them: all bodies together, so that an enterprise is disturbed once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fugong.core import clock
from fugong.record.liaison import permissions
from fugong.record.liaison.actions.visits import cancel_planned_visit, plan_visit
from fugong.record.liaison.models import PlannedVisit
from fugong.record.liaison.selectors.visits import planned_at, planned_in, planned_visit_for
from fugong.record.liaison.web.forms import PlanForm
from fugong.record.liaison.web.tables import field_tabs
from fugong.record.liaison.web.views.coverage import area_of
from fugong.record.registry.selectors.enterprises import enterprise_for


def _row(request: HttpRequest, slug: str, plan: PlannedVisit) -> dict[str, Any]:
    own = plan.planned_by_id == request.viewer.id
    args = [slug, plan.enterprise_id]
    may = permissions.can_plan_visit(request.viewer, plan.enterprise)
    return {
        "plan": plan,
        "name": plan.enterprise.name,
        "area": str(plan.enterprise.managing_area),
        "url": reverse("registry:detail", args=args),
        "cancel_url": reverse("liaison:plan_visit_cancel", args=[*args, plan.pk]) if own else "",
        "join_url": reverse("liaison:plan_visit", args=args) + f"?join={plan.pk}" if may and not own else "",
    }


@require_safe
def planned(request: HttpRequest, slug: str) -> HttpResponse:
    """Who comes to whom in the area, from today on."""
    viewer, incident, area = request.viewer, request.scope.incident, area_of(request)
    permissions.can_see_field(viewer).require()
    context = {
        "rows": [_row(request, slug, plan) for plan in planned_in(viewer, incident, area)],
        "area_name": str(area),
        "tabs": field_tabs(slug, "planned"),
    }
    return render(request, "liaison/planned.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say when one's body comes to an enterprise, or come along with another that has said so."""
    viewer = request.viewer
    permissions.can_see_field(viewer).require()
    enterprise = enterprise_for(viewer, pk)
    permissions.can_plan_visit(viewer, enterprise).require()
    join = request.GET.get("join", "")
    joins = planned_visit_for(viewer, pk, int(join)) if join.isdecimal() and len(join) < 19 else None
    form = PlanForm(request.POST or None, initial={"day": joins.day if joins else clock.today()})
    if form.is_valid():
        try:
            plan_visit(
                actor=viewer,
                incident=request.scope.incident,
                enterprise=enterprise,
                joins=joins,
                **form.cleaned_data,
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("It stands with the enterprise; the other bodies see it."))
            return redirect("liaison:planned", slug)
    context = {
        "form": form,
        "name": enterprise.name,
        "joins": joins,
        "others": [_row(request, slug, one) for one in planned_at(viewer, pk, clock.today())],
        "cancel_url": reverse("liaison:planned", args=[slug]),
    }
    return render(request, "liaison/plan_visit.html", context, status=422 if form.errors else 200)


@require_POST
def cancel(request: HttpRequest, slug: str, pk: int, plan_pk: int) -> HttpResponse:
    """Take one's own plan back."""
    permissions.can_see_field(request.viewer).require()
    enterprise = enterprise_for(request.viewer, pk)
    cancel_planned_visit(actor=request.viewer, plan=planned_visit_for(request.viewer, enterprise.pk, plan_pk))
    messages.success(request, _("Cancelled. Those who joined still come."))
    return redirect("liaison:planned", slug)
