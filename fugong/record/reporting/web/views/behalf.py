"""An official reports for several enterprises on one screen, as they tell by telephone or at the gate."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fugong.core import clock
from fugong.core.decision import Denied
from fugong.record.reporting import permissions
from fugong.record.reporting.actions.submit import ReportLocked, ReportRefused, submit_report
from fugong.record.reporting.enums import Channel
from fugong.record.reporting.models import DailyReport
from fugong.record.reporting.selectors.duties import Duty, duties_on_behalf
from fugong.record.reporting.selectors.items import section_of
from fugong.record.reporting.selectors.locks import times_on
from fugong.record.reporting.web.forms import BehalfForm
from fugong.record.reporting.web.views.screen import initial_of

MOST = 20
# The numbers first; what is asked only sometimes comes after them.
_FIRST = ("state", "roster", "on_post", "capacity", "supply_days", "means", "told_by")


def _ids(request: HttpRequest) -> list[int]:
    texts = request.GET.getlist("e")[:MOST]
    found = [int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 19]
    if texts and not found:
        raise Http404
    return list(dict.fromkeys(found))


def _words(report: DailyReport) -> dict[str, Any]:
    return {
        "on_post": report.on_post,
        "roster": report.roster,
        "by": report.reported_by_name,
        "channel": report.get_channel_display(),
        "time": f"{timezone.localtime(report.submitted_at):%H:%M}",
    }


def _card(
    duty: Duty, form: BehalfForm, warnings: tuple[Any, ...] = (), done: str = "", aside: str = ""
) -> dict[str, Any]:
    late = clock.now() > times_on(duty.incident, duty.enterprise.managing_area_id, duty.day).due_at
    asked = ["correction_reason"] if duty.report is not None and late else []
    asked += ["warning_reason"] if warnings else []
    asked += ["closed_reason"] if form["state"].value() == "closed" or form.errors.get("closed_reason") else []
    return {
        "pk": duty.enterprise.pk,
        "name": duty.enterprise.name,
        "area": str(duty.enterprise.managing_area),
        "form": form,
        "fields": [form[name] for name in (*_FIRST, *asked)],
        "rest": [form[name] for name in ("closed_reason", "obstacles", "remark") if name not in asked]
        + [form[form.item_name(item)] for item in form.items],
        "stands": _words(duty.report) if duty.report else None,
        "warnings": [finding.text for finding in warnings],
        "done": done,
        "aside": aside,
    }


def _fresh(duty: Duty, data: Any = None) -> BehalfForm:
    initial = initial_of(duty) | {"client_key": str(uuid4())}
    return BehalfForm(section_of(duty), data=data, initial=initial, prefix=f"e{duty.enterprise.pk}")


def _sent(request: HttpRequest, duty: Duty) -> dict[str, Any]:
    """Send one of the forms; its card says what became of it."""
    form = _fresh(duty, request.POST)
    if not form.is_valid():
        return _card(duty, form)
    values = form.values()
    try:
        report = submit_report(
            actor=request.viewer,
            incident=duty.incident,
            enterprise=duty.enterprise,
            day=duty.day,
            values=values,
            sending=form.sending(),
        )
    except ReportRefused as refused:
        form.refuse(refused.errors)
        return _card(duty, form, refused.warnings)
    except (ReportLocked, Denied) as refused:
        form.add_error(None, str(refused))
        return _card(duty, form)
    said = _words(report)
    if report.channel != Channel.ON_BEHALF and report.said() != values:
        words = _(
            "It reported itself at %(time)s: %(on_post)d on post of %(roster)d. That counts; yours is kept beside it."
        )
        return _card(duty, form, aside=words % said)
    return _card(duty, form, done=_("Received at %(time)s: %(on_post)d on post of %(roster)d.") % said)


@require_http_methods(["GET", "HEAD", "POST"])
def behalf(request: HttpRequest, slug: str) -> HttpResponse:
    """The reports of the enterprises `e`; each is sent by its own button or all together, and stands or fails alone."""
    scope = request.scope
    back_url = f"{reverse('reports:missing', args=[slug])}?day={scope.day.isoformat()}"
    chosen_ids = _ids(request)
    if not chosen_ids:  # the button of the list, with no enterprise ticked
        messages.warning(request, _("No enterprise is ticked. Tick those that you report for, then press again."))
        return redirect(back_url)
    duties = duties_on_behalf(request.viewer, scope.incident, chosen_ids, scope.day)
    for duty in duties:
        permissions.can_report_on_behalf(request.viewer, duty.enterprise).require()
    chosen = request.POST.get("send", "")
    if request.method == "POST":
        cards = [
            _sent(request, duty)
            if chosen in ("all", str(duty.enterprise.pk))
            else _card(duty, _fresh(duty, request.POST))
            for duty in duties
        ]
    else:
        cards = [_card(duty, _fresh(duty)) for duty in duties]
    context = {
        "cards": cards,
        "open": sum(not (card["done"] or card["aside"]) for card in cards),
        "day": scope.day,
        "back_url": back_url,
    }
    wrong = any(card["form"].is_bound and card["form"].errors for card in cards if chosen in ("all", str(card["pk"])))
    return render(request, "reporting/behalf.html", context, status=422 if wrong else 200)
