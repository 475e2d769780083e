"""The enterprise's own requests, on its phone: one inbox for whatever it asked for."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fugong.core import clock
from fugong.core.roles import Role
from fugong.record.desk.actions.opening import Asked, open_request
from fugong.record.desk.enums import Channel, RequestState
from fugong.record.desk.logic.asking import AskForm
from fugong.record.desk.models import Request
from fugong.record.desk.selectors.queue import Whole, clock_of, own_requests, own_whole
from fugong.record.desk.selectors.rules import NoDesk, section_on
from fugong.record.desk.web import tables
from fugong.record.desk.web.views.doing import OWN_ACTS, own_acts
from fugong.record.incidents.models import Incident
from fugong.record.registry.models import Enterprise
from fugong.record.registry.selectors.grants import my_enterprise, my_enterprises
from fugong.record.reporting.selectors.duties import incidents_of

_SHOWN = 60
_OWN_ICONS = {
    "confirm": "circle-check",
    "deny": "x",
    "word": "message",
    "withdraw": "arrow-back-up",
    "reopen": "refresh",
    "rate": "star",
}


def _desks(viewer: Any) -> list[tuple[Enterprise, Incident]]:
    """Where the viewer can ask: each enterprise with the open incidents whose playbook has a desk."""
    found = []
    enterprises = list(my_enterprises(viewer))
    incidents = incidents_of(enterprises, clock.today())
    for enterprise in enterprises:
        for incident in incidents[enterprise.pk]:
            try:
                section_on(incident, clock.today())
            except NoDesk:
                continue
            found.append((enterprise, incident))
    return found


def _row(request: Request) -> dict[str, Any]:
    section = section_on(request.incident, clock.today())
    clock_now = clock_of(request, section.risk_percent)
    return {
        "url": reverse("desk_my:detail", args=[request.number]),
        "title": request.title,
        "number": request.number,
        "enterprise": request.enterprise.name,
        "body": str(request.owner_body),
        "chip": tables.clock_chip(request, clock_now),
        "asks_you": request.state == RequestState.ANSWERED,
        "opened_at": request.opened_at,
    }


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """What the viewer’s enterprises have asked for; what waits for their word first."""
    if not request.viewer.has(Role.REPORTER):
        raise Http404
    rows = [_row(item) for item in own_requests(request.viewer)[:_SHOWN]]
    desks = _desks(request.viewer)
    context = {
        "waiting": [row for row in rows if row["asks_you"]],
        "rows": [row for row in rows if not row["asks_you"]],
        "several": len({enterprise.pk for enterprise, _incident in desks}) > 1,
        "desks": [
            {
                "enterprise": enterprise.name,
                "incident": str(incident),
                "url": reverse("desk_my:new", args=[enterprise.pk, incident.slug]),
            }
            for enterprise, incident in desks
        ],
    }
    return render(request, "desk/my_inbox.html", context)


def _ask(request: HttpRequest, enterprise: Enterprise, incident: Incident, form: AskForm) -> Request | None:
    values = form.cleaned_data
    asked = Asked(
        category=values["category"],
        title=values["title"],
        text=values["text"],
        detail=form.detail(),
        people_waiting=values["people_waiting"],
        channel=Channel.PHONE_PAGE,
        client_key=values["key"],
    )
    return form.sent(lambda: open_request(actor=request.viewer, incident=incident, enterprise=enterprise, asked=asked))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Ask for something."""
    enterprise = my_enterprise(request.viewer, pk)
    incidents = incidents_of([enterprise], clock.today())[enterprise.pk]
    incident = next((item for item in incidents if item.slug == slug), None)
    if incident is None:
        raise Http404(slug)
    try:
        form = AskForm(section_on(incident, clock.today()), request.POST or None)
    except NoDesk as error:
        raise Http404 from error
    if request.method == "POST" and form.is_valid():
        made = _ask(request, enterprise, incident, form)
        if made is not None:
            messages.success(
                request,
                _("Received as %(number)s. %(body)s takes it; you are contacted by %(when)s.")
                % {
                    "number": made.number,
                    "body": made.owner_body,
                    "when": f"{clock.local(made.contact_due_at):%m-%d %H:%M}",
                },
            )
            return redirect("desk_my:detail", made.number)
    context = {"form": form, "enterprise": enterprise, "back_url": reverse("desk_my:inbox")}
    return render(request, "desk/my_new.html", context, status=422 if form.errors else 200)


def _own_act(whole: Whole, name: str, label: Any, form: Any) -> dict[str, Any]:
    return {
        "name": name,
        "url": reverse("desk_my:act", args=[whole.request.number, name]),
        "label": label,
        "icon": _OWN_ICONS[name],
        "form": form,
        "is_main": name == "confirm",
        "is_open": False,
    }


def _context(whole: Whole) -> dict[str, Any]:
    section = section_on(whole.request.incident, clock.today())
    acts = []
    for name in own_acts(whole):
        label, maker, _run, _done = OWN_ACTS[name]
        form = maker()
        form.auto_id = f"{name}-%s"
        acts.append(_own_act(whole, name, label, form))
    return tables.request_page(whole, section) | {
        "acts": acts,
        "back_url": reverse("desk_my:inbox"),
        "wrong": None,
    }


@require_safe
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """One of the enterprise’s requests: who has it, until when, what happened, and its own word."""
    return render(request, "desk/my_request.html", _context(own_whole(request.viewer, number)))


@require_POST
def act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Confirm, deny, add a word, withdraw, open again, rate."""
    whole = own_whole(request.viewer, number, to_act=True)
    if act not in OWN_ACTS:
        raise Http404(act)
    label, maker, run, done = OWN_ACTS[act]
    form = maker(request.POST)
    form.auto_id = f"{act}-%s"
    if form.is_valid():
        try:
            run(request.viewer, whole.request, form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, done)
            return redirect("desk_my:detail", number)
    context = _context(own_whole(request.viewer, number))
    context["wrong"] = form
    context["acts"] = [_own_act(whole, act, label, form) | {"is_open": True}] + [
        item for item in context["acts"] if item["name"] != act
    ]
    return render(request, "desk/my_request.html", context, status=422)
