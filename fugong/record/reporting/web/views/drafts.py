"""A form that is not finished: kept as it stands, found again, thrown away."""

from __future__ import annotations

import contextlib

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fugong.core import clock
from fugong.record.reporting.actions.drafts import DraftTooLong, drop_draft, keep_draft
from fugong.record.reporting.selectors.drafts import is_of_report
from fugong.record.reporting.selectors.duties import duty_for
from fugong.record.reporting.selectors.items import section_of
from fugong.record.reporting.web.forms import ReportForm, ids_from
from fugong.record.reporting.web.views.screen import Screen, also_forms


def keep_screen(request: HttpRequest, screen: Screen) -> None:
    """Keep what was sent, for it could not be taken as a report. Too long for a form: it stays on the screen alone."""
    duty = screen.duty
    fields = {name: request.POST.getlist(name) for name in screen.names() if name in request.POST}
    with contextlib.suppress(DraftTooLong):
        keep_draft(
            actor=request.viewer,
            incident=duty.incident,
            enterprise=duty.enterprise,
            day=duty.day,
            fields=fields | {"day": [duty.day.isoformat()]},
        )


def forget_screen(request: HttpRequest, screen: Screen) -> None:
    """The report is in: its draft, if there was one, goes."""
    duty = screen.duty
    if request.POST.get("drafted"):
        drop_draft(actor=request.viewer, incident=duty.incident, enterprise=duty.enterprise, day=duty.day)


@require_POST
def draft(request: HttpRequest, pk: int, incident: str) -> HttpResponse:
    """Keep the form as it stands (`quiet`: asked by the page itself, 204), or throw what was kept away (`drop`)."""
    day = clock.day_or_today(request.POST.get("day", ""))
    duty = duty_for(request.viewer, pk, incident, day, ids_from(request.POST.get("beside", "")))
    if duty is None:
        raise Http404
    about = {"actor": request.viewer, "incident": duty.incident, "enterprise": duty.enterprise, "day": day}
    if request.POST.get("drop"):
        drop_draft(**about)
        return _answer(request, f"{reverse('reporting:report', args=[pk, incident])}?day={day.isoformat()}")
    if is_of_report(duty, request.POST.get("client_key", "")):  # kept while the report was on its way
        return _answer(request, reverse("reporting:home"))
    names = Screen(duty, ReportForm(section_of(duty)), also_forms(duty)).names()
    fields = {name: request.POST.getlist(name) for name in names if name in request.POST}
    try:
        keep_draft(**about, fields=fields | {"day": [day.isoformat()]})
    except DraftTooLong as fault:
        if "quiet" in request.GET:
            return HttpResponse(status=413)
        messages.error(request, str(fault))
        return redirect(request.path.removesuffix("draft/"))
    if "quiet" not in request.GET:  # nobody reads it now, and later it would stand beside the receipt
        messages.success(request, _("Kept. Nothing is reported yet: finish it from the start page."))
    return _answer(request, reverse("reporting:home"))


def _answer(request: HttpRequest, url: str) -> HttpResponse:
    return HttpResponse(status=204) if "quiet" in request.GET else redirect(url)
