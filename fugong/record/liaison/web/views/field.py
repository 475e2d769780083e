"""The officer's own pages, in the hand: today's enterprises, one of them, calling, planning, the list on paper."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.desk.selectors.needs import open_of
from fugong.record.desk.selectors.queue import clock_of
from fugong.record.desk.selectors.rules import NoDesk, section_on
from fugong.record.liaison.actions.visits import cancel_planned_visit, plan_visit
from fugong.record.liaison.permissions import can_open_day_sheet
from fugong.record.liaison.selectors.checks import own_checks
from fugong.record.liaison.selectors.day_sheet import Card, day_sheet, own_card, own_enterprise
from fugong.record.liaison.selectors.visits import own_visits, photos_of, planned_at, planned_visit_for
from fugong.record.liaison.web.forms import PlanForm
from fugong.record.liaison.web.tables import visit_rows
from fugong.record.registry.actions.calling import call_contact
from fugong.record.registry.selectors.officers import contact_looked_after, contacts_looked_after
from fugong.record.reporting.selectors.needs import last_reports

# The pages of so many are kept on the phone for a morning without a network; the first in order of need.
_KEPT = 30
_ICONS = {"bad": "alert-octagon", "risk": "alert-triangle", "brand": "info-circle"}


def offline(keep: list[str]) -> dict[str, Any]:
    """What my.js needs: the time of the place, and the addresses to keep on the device for a day without network."""
    now = timezone.localtime(clock.now())
    return {
        "now": now.isoformat(timespec="seconds"),
        "day": now.date().isoformat(),
        "keep": [*keep, reverse("reporting:outbox")],
    }


def mine(viewer: Viewer) -> None:
    """Whoever looks after no enterprise does not know of these pages."""
    if not can_open_day_sheet(viewer):
        raise Http404


def way_there(address: str) -> str:
    """An address that opens the phone's own map; "" without one. Nothing is asked of a map service by us."""
    return f"geo:0,0?q={quote(address)}" if address else ""


def _row(card: Card) -> dict[str, Any]:
    pk = card.enterprise.pk
    return {
        "name": card.enterprise.name,
        "area": str(card.enterprise.managing_area),
        "needs": [{"state": need.state, "icon": _ICONS[need.state], "text": need.text} for need in card.needs],
        "seen_today": card.seen_today,
        "url": reverse("field:enterprise", args=[pk]),
        "visit_url": reverse("field:visit", args=[pk]) if card.incident else "",
        "call_url": reverse("field:enterprise", args=[pk]) + "#call",
        "way_url": way_there(card.enterprise.registered_address),
    }


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """My enterprises today, in order of need; those seen today come last."""
    mine(request.viewer)
    cards = day_sheet(request.viewer)
    rows = [_row(card) for card in cards]
    seen = [row for row in rows if row["seen_today"]]
    show_seen = request.GET.get("seen") == "1"
    keep = [reverse("field:today")]
    for card in [card for card in cards if card.incident and not card.seen_today][:_KEPT]:
        keep += [
            reverse("field:enterprise", args=[card.enterprise.pk]),
            reverse("field:visit", args=[card.enterprise.pk]),
            reverse("field:ask", args=[card.enterprise.pk]),
        ]
    context = {
        "rows": seen if show_seen else [row for row in rows if not row["seen_today"]],
        "show_seen": show_seen,
        "open_number": len(rows) - len(seen),
        "seen_number": len(seen),
        "offline": offline(keep),
        "paper_url": reverse("field:paper"),
    }
    return render(request, "liaison/today.html", context)


def _requests(viewer: Viewer, card: Card) -> list[dict[str, Any]]:
    if card.incident is None:
        return []
    try:
        section = section_on(card.incident, clock.today())
    except NoDesk:
        return []
    rows = []
    for request in open_of(viewer, card.incident.pk, frozenset({card.enterprise.pk})):
        state = clock_of(request, section.risk_percent)
        rows.append({"title": request.title, "body": str(request.owner_body), "state": request.get_state_display()})
        rows[-1]["chip"] = {"at_risk": "risk", "breached": "bad", "on_track": "brand"}.get(str(state.state), "idle")
    return rows


def _report(viewer: Viewer, card: Card) -> dict[str, Any] | None:
    """What it said last, within the week."""
    pk = card.enterprise.pk
    report = last_reports(viewer, card.incident.pk, frozenset({pk})).get(pk) if card.incident else None
    if report is None:
        return None
    tiles = {name: getattr(report, name) for name in ("day", "roster", "on_post", "capacity")}
    return tiles | {"state_label": report.get_state_display()}


@require_safe
def enterprise(request: HttpRequest, pk: int) -> HttpResponse:
    """What one should know before going through the gate: today, what it waits for, who was there, who will come."""
    mine(request.viewer)
    viewer = request.viewer
    card = own_card(viewer, pk)
    row = _row(card)
    visits = own_visits(viewer, pk)
    context = {
        "row": row,
        "card": card,
        "report": _report(viewer, card),
        "contacts": [
            {
                "name": one.name or one.get_role_display(),
                "role": one.get_role_display(),
                "phone": one.masked,
                "call_url": reverse("field:call", args=[pk, one.pk]),
            }
            for one in contacts_looked_after(viewer, pk)
        ],
        "requests": _requests(viewer, card),
        "checks": [(check, "") for check in own_checks(viewer, pk)],
        "visits": visit_rows(visits, photos_of(viewer, visits), "field:photo"),
        "plans": [_plan_row(viewer, pk, plan) for plan in planned_at(viewer, pk, clock.today())],
        "ask_url": reverse("field:ask", args=[pk]) if card.incident else "",
        "plan_url": reverse("field:plan", args=[pk]) if card.incident else "",
        "one_plan_url": reverse("field:plan_sheet", args=[pk]) if card.incident else "",
        "today_url": reverse("field:today"),
        "offline": offline([reverse("field:today"), request.path]),
    }
    return render(request, "liaison/enterprise.html", context)


def _plan_row(viewer: Viewer, pk: int, plan: Any) -> dict[str, Any]:
    own = plan.planned_by_id == viewer.id
    return {
        "plan": plan,
        "own": own,
        "cancel_url": reverse("field:plan_cancel", args=[pk, plan.pk]) if own else "",
        "join_url": "" if own else reverse("field:plan", args=[pk]) + f"?join={plan.pk}",
    }


@never_cache
@require_POST
def call(request: HttpRequest, pk: int, contact: int) -> HttpResponse:
    """Open the number of a contact, on the record, and ring it: the page holds a link that the phone dials."""
    mine(request.viewer)
    found = contact_looked_after(request.viewer, own_enterprise(request.viewer, pk).pk, contact)
    number = call_contact(actor=request.viewer, contact=found, reason=_("call from the day sheet"))
    context = {
        "enterprise": found.enterprise,
        "name": found.name or found.get_role_display(),
        "number": number,
        "back_url": reverse("field:enterprise", args=[pk]),
        "visit_url": reverse("field:visit", args=[pk]) + "?way=call",
        "offline": offline([]),
    }
    return render(request, "liaison/call.html", context)


@require_safe
def paper(request: HttpRequest) -> HttpResponse:
    """The day sheet to print: for whom a phone is no help."""
    mine(request.viewer)
    cards = day_sheet(request.viewer)
    rows = [
        {
            "name": card.enterprise.name,
            "area": str(card.enterprise.managing_area),
            "address": card.enterprise.registered_address,
            "needs": [need.text for need in card.needs],
        }
        for card in cards
        if not card.seen_today
    ]
    context = {"rows": rows, "day": clock.today(), "today_url": reverse("field:today")}
    return render(request, "liaison/paper.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Say when one comes, or join a visit of another body, so that the enterprise is disturbed once."""
    mine(request.viewer)
    card = own_card(request.viewer, pk)
    if card.incident is None:
        raise Http404
    join = request.GET.get("join", "")
    joins = planned_visit_for(request.viewer, pk, int(join)) if join.isdecimal() and len(join) < 19 else None
    form = PlanForm(request.POST or None, initial={"day": joins.day if joins else clock.today()})
    if form.is_valid():
        try:
            plan_visit(
                actor=request.viewer,
                incident=card.incident,
                enterprise=card.enterprise,
                joins=joins,
                **form.cleaned_data,
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("It stands with the enterprise; the other bodies see it."))
            return redirect("field:enterprise", pk)
    context = {"form": form, "card": card, "joins": joins, "back_url": reverse("field:enterprise", args=[pk])}
    return render(request, "liaison/plan.html", context, status=422 if form.errors else 200)


@require_POST
def plan_cancel(request: HttpRequest, pk: int, plan_pk: int) -> HttpResponse:
    """Take one's own plan back."""
    mine(request.viewer)
    found = planned_visit_for(request.viewer, own_enterprise(request.viewer, pk).pk, plan_pk)
    cancel_planned_visit(actor=request.viewer, plan=found)
    messages.success(request, _("Cancelled. Those who joined still come."))
    return redirect("field:enterprise", pk)
