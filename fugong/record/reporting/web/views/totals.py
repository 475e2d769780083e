"""Totals of areas at the desk: what was stated for a day, which of it counts, and stating it."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fugong.base.areas.selectors import area_tree
from fugong.record.reporting import permissions
from fugong.record.reporting.actions.totals import Stated, TotalRefused, state_total
from fugong.record.reporting.logic.totals import RateCheck, Verdict, contradiction_words, rates_of
from fugong.record.reporting.models import AreaTotal
from fugong.record.reporting.selectors.missing import report_area
from fugong.record.reporting.selectors.totals import (
    repeated_days,
    scopes_used,
    single_reports,
    total_for,
    totals_for,
)
from fugong.record.reporting.web.forms import TotalForm


def _rate(check: RateCheck) -> dict[str, Any]:
    wrong = contradiction_words(check) if check.verdict == Verdict.CONTRADICTS else ""
    return {"typed": check.typed, "true": check.true, "wrong": wrong}


def _row(total: AreaTotal, repeated: date | None, query: dict[str, str], slug: str) -> dict[str, Any]:
    rates = rates_of(total.said())
    own = urlencode(query | {"area": total.area.code, "part": total.scope})
    return {
        "area": str(total.area),
        "scope": total.scope,
        "enterprises": total.enterprises,
        "enterprises_open": total.enterprises_open,
        "roster": total.roster,
        "on_post": total.on_post,
        "unit": total.get_people_unit_display() if total.people_unit else "",
        "opening": _rate(rates["opening_rate"]),
        "return": _rate(rates["return_rate"]),
        "counts": total.counts,
        "source": total.source,
        "repeated": repeated,
        "by": total.entered_by_name,
        "revision": total.revision,
        "url": f"{reverse('reports:state_total', args=[slug])}?{own}",
    }


@require_safe
def totals(request: HttpRequest, slug: str) -> HttpResponse:
    """The totals of the day in the viewer's areas, beside the single reports of the same places."""
    permissions.can_see_totals(request.viewer).require()
    scope, area = request.scope, report_area(request.viewer, request.scope.incident, request.scope.area_code)
    query = {"day": scope.day.isoformat()}
    within = area_tree().within(area)
    rows = [total for total in totals_for(request.viewer, scope.incident, scope.day) if total.area_id in within]
    repeated = repeated_days(request.viewer, rows)
    context = {
        "area_name": str(area),
        "day": scope.day,
        "rows": [_row(total, repeated.get(total.pk), query, slug) for total in rows],
        "singles": single_reports(request.viewer, scope.incident, area, scope.day),
        "may_state": bool(permissions.can_state_total(request.viewer, area.pk)),
        "state_url": f"{reverse('reports:state_total', args=[slug])}?{urlencode(query | {'area': area.code})}",
    }
    return render(request, "reporting/totals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def state(request: HttpRequest, slug: str) -> HttpResponse:
    """State or correct the total of the scope's area and day, for a part of the economy or all of it."""
    scope, viewer = request.scope, request.viewer
    area = report_area(viewer, scope.incident, scope.area_code)
    permissions.can_state_total(viewer, area.pk).require()
    part = " ".join(request.GET.get("part", "").split())
    stands = total_for(viewer, scope.incident, area, scope.day, part)
    form = TotalForm(scopes_used(viewer, scope.incident), stands, part, request.POST or None)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            state_total(
                actor=viewer,
                incident=scope.incident,
                area=area,
                day=scope.day,
                values=form.values(),
                stated=Stated(data["source"], data["scope"], data["as_of"], data["remark"], form.counts()),
            )
        except TotalRefused as refused:
            form.refuse((*refused.errors, *refused.warnings))
        else:
            messages.success(request, _("The total is stored."))
            query = urlencode({"day": scope.day.isoformat(), "area": scope.area_code})
            return redirect(f"{reverse('reports:totals', args=[slug])}?{query}")
    context = {
        "form": form,
        "area_name": str(area),
        "day": scope.day,
        "singles": single_reports(viewer, scope.incident, area, scope.day),
        "back_url": f"{reverse('reports:totals', args=[slug])}?{urlencode({'day': scope.day.isoformat()})}",
    }
    return render(request, "reporting/total_form.html", context, status=422 if form.errors else 200)
