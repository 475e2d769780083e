"""Several enterprises of one person as last time, after a look at what is sent: each stands or fails alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fugong.core import clock
from fugong.core.decision import Denied
from fugong.record.registry.selectors.grants import my_enterprises
from fugong.record.reporting.actions.submit import ReportLocked, ReportRefused, Sending, submit_reports
from fugong.record.reporting.selectors.duties import Duty, duties_for
from fugong.record.reporting.web.views.screen import offline, same_again


def _waiting(request: HttpRequest) -> list[Duty]:
    """Per enterprise what it still owes today, its other incidents `beside` the first."""
    enterprises = list(my_enterprises(request.viewer))
    if not enterprises:
        raise Http404
    found: dict[int, Duty] = {}
    for duty in duties_for(request.viewer, enterprises, clock.today()):
        if duty.report is not None:
            continue
        first = found.get(duty.enterprise.pk)
        found[duty.enterprise.pk] = replace(first, beside=(*first.beside, duty)) if first else duty
    return list(found.values())


def _shown(duty: Duty) -> str:
    """What the person sees before sending, as far as it could change meanwhile."""
    reports = [one.previous for one in (duty, *duty.beside) if one.previous is not None]
    return " ".join(f"{report.pk}.{report.revision}" for report in reports)


def _row(duty: Duty, fault: str = "") -> dict[str, Any]:
    sent = [one for one in (duty, *duty.beside) if one.previous is not None]
    return {
        "pk": duty.enterprise.pk,
        "name": duty.enterprise.name,
        "incidents": _(", ").join(str(one.incident) for one in sent or (duty, *duty.beside)),
        "previous": duty.previous,
        "shown": _shown(duty),
        "url": reverse("reporting:report", args=[duty.enterprise.pk, duty.incident.slug]),
        "fault": fault,
    }


def _sent(request: HttpRequest, duty: Duty) -> str:
    """Send one as last time; why not, or empty."""
    if request.POST.get(f"shown-{duty.enterprise.pk}") != _shown(duty):
        return _("The last report has changed since you looked. Look again.")
    assert duty.previous is not None
    try:
        submit_reports(
            actor=request.viewer,
            enterprise=duty.enterprise,
            day=duty.day,
            said=same_again(duty),
            sending=Sending(seconds=None, warning_reason=duty.previous.warning_reason),
        )
    except (ReportRefused, ReportLocked, Denied) as refused:
        return str(refused)
    return ""


@require_http_methods(["GET", "HEAD", "POST"])
def together(request: HttpRequest) -> HttpResponse:
    """The enterprises that have not reported, with their last values; those ticked are reported by one tap."""
    waiting = _waiting(request)
    chosen = set(request.POST.getlist("e"))
    faults: dict[int, str] = {}
    done: dict[int, str] = {}
    for duty in waiting if request.method == "POST" else ():
        if str(duty.enterprise.pk) in chosen and duty.previous is not None:
            if fault := _sent(request, duty):
                faults[duty.enterprise.pk] = fault
            else:
                done[duty.enterprise.pk] = duty.enterprise.name
    # One that was sent may wait still, for an incident that it has never reported in.
    left = _waiting(request) if done else waiting
    context = {
        "day": clock.today(),
        "done": list(done.values()),
        "rows": [_row(duty, faults.get(duty.enterprise.pk, "")) for duty in left if duty.previous is not None],
        "first_time": [_row(duty) for duty in left if duty.previous is None],
        "home_url": reverse("reporting:home"),
        "offline": offline([reverse("reporting:home")]),
    }
    return render(request, "reporting/together.html", context, status=422 if faults else 200)
