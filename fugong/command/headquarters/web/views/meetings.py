"""Meetings: the series, one with its agenda, run live item by item, its papers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fugong.base.areas.selectors import area_tree
from fugong.base.documents.logic.official import render_docx
from fugong.command.headquarters import permissions
from fugong.command.headquarters.actions import meetings as acting
from fugong.command.headquarters.actions.issuing import Order
from fugong.command.headquarters.enums import ItemState, MeetingKind, MeetingState
from fugong.command.headquarters.models import AgendaItem, Meeting
from fugong.command.headquarters.selectors import meetings as reading
from fugong.command.headquarters.selectors.bodies import addressees, headquarters_in, person_in
from fugong.command.headquarters.selectors.directives import indicator_in, pile_counts
from fugong.command.headquarters.selectors.papers import PAPERS, paper_of
from fugong.command.headquarters.selectors.rules import section_on
from fugong.command.headquarters.web.forms import meetings as made
from fugong.command.headquarters.web.tables import directives as tables
from fugong.command.headquarters.web.tables import meetings as meeting_tables
from fugong.command.headquarters.web.views.directives import area_of, blame
from fugong.core import clock

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_DUE = time(12, 0)


def _query(request: HttpRequest) -> str:
    query = request.scope.query()
    return f"?{query}" if query else ""


@require_safe
def meetings(request: HttpRequest, slug: str) -> HttpResponse:
    """The meetings of an area: today's two, and those before."""
    viewer, incident, area = request.viewer, request.scope.incident, area_of(request)
    section = section_on(incident, clock.today())
    page = reading.meetings_of(viewer, incident, area, request.GET.get("before", ""))
    today = {row.kind: row for row in page.rows if row.day == clock.today()}
    counts = pile_counts(viewer, incident, section.amber_hours)
    context = {
        "views": tables.views_of(viewer, slug, "meetings", request.scope.query()),
        "area": area,
        "today": [
            {
                "kind": kind.value,
                "label": section.meeting_name(kind),
                "at": section.meeting_at(kind),
                "meeting": meeting_tables.meeting_row(today[kind], section, slug) if kind in today else None,
            }
            for kind in MeetingKind
        ],
        "rows": [meeting_tables.meeting_row(row, section, slug) for row in page.rows if row.day != clock.today()],
        "next_url": f"?before={page.before}" if page.before else "",
        "may_run": permissions.can_run_meetings(viewer, area.pk),
        "has_headquarters": headquarters_in(viewer, incident, area) is not None,
        "prepare_url": reverse("headquarters:meeting_prepare", args=[slug]) + _query(request),
        "bodies_url": reverse("headquarters:bodies", args=[slug]) + _query(request),
        "red": counts["red"],
        "amber": counts["amber"],
        "waiting": counts["waiting"],
        "directives_url": reverse("headquarters:directives", args=[slug]),
    }
    return render(request, "headquarters/meetings.html", context)


@require_POST
def prepare(request: HttpRequest, slug: str) -> HttpResponse:
    """Make today's agenda now, or make it anew."""
    kind = request.POST.get("kind", "")
    if kind not in MeetingKind.values:
        raise Http404(kind)
    try:
        found = acting.prepare_meeting(
            actor=request.viewer, incident=request.scope.incident, area=area_of(request), kind=kind
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(reverse("headquarters:meetings", args=[slug]) + _query(request))
    return redirect("headquarters:meeting", slug, found.pk)


def _chosen(items: list[AgendaItem], wanted: str) -> AgendaItem | None:
    """The item on the screen: the one asked for, else the first that is open, else the first."""
    asked = next((item for item in items if str(item.pk) == wanted), None)
    opened = next((item for item in items if item.state == ItemState.OPEN), None)
    return asked or opened or (items[0] if items else None)


def _decision_form(request: HttpRequest, meeting: Meeting, item: AgendaItem, data: Any = None) -> made.DecisionForm:
    viewer, incident = request.viewer, meeting.incident
    code = item.matter.get("figure", "")
    indicator = indicator_in(viewer, incident, code) if code else None
    noon = datetime.combine(clock.today() + timedelta(days=1), _DUE, ZoneInfo(settings.TIME_ZONE))
    initial = {"due_at": clock.local(noon), "target": item.matter.get("target", "")}
    return made.DecisionForm(
        addressees(viewer, incident, meeting.area),
        indicator.label if indicator else "",
        data,
        initial=initial,
        auto_id="decide-%s",
    )


def _context(request: HttpRequest, slug: str, meeting: Meeting, wanted: str = "") -> dict[str, Any]:
    viewer = request.viewer
    section = section_on(meeting.incident, meeting.day)
    items = reading.agenda_of(viewer, meeting)
    item = _chosen(items, wanted or request.GET.get("item", ""))
    may_run = bool(permissions.can_run_meetings(viewer, meeting.area_id))
    runs = may_run and meeting.state == MeetingState.RUNNING
    directives = [one for row in items for one in row.directives.all()]
    shown = meeting_tables.item_page(viewer, item, slug, section) if item else None
    may_decide = runs and item is not None and item.state in (ItemState.OPEN, ItemState.DECIDED)
    return {
        "meeting": meeting,
        "row": meeting_tables.meeting_row(meeting, section, slug),
        "groups": meeting_tables.agenda_groups(items, item, slug),
        "count": len(items),
        "item": shown,
        "decide": _decision_form(request, meeting, item) if may_decide and item else None,
        "ends": meeting_tables.ends(slug, meeting, item) if runs and item and item.state == ItemState.OPEN else [],
        "forms": {
            "outcome": made.OutcomeForm(auto_id="outcome-%s"),
            "carry": made.CarryForm(auto_id="carry-%s"),
        },
        "opening": made.OpeningForm(auto_id="open-%s", initial={"chair": viewer.name})
        if may_run and meeting.state == MeetingState.PREPARED
        else None,
        "adding": made.ItemForm(auto_id="add-%s") if may_run and not meeting.is_closed else None,
        "directives": [tables.directive_row(one, slug, section.amber_hours) for one in directives],
        "may_run": may_run,
        "papers": meeting_tables.papers(slug, meeting),
        "act_url": reverse("headquarters:meeting_act", args=[slug, meeting.pk, "open"]).removesuffix("open/"),
        "decide_url": reverse("headquarters:item_act", args=[slug, meeting.pk, item.pk, "decide"]) if item else "",
        "list_url": reverse("headquarters:meetings", args=[slug]) + f"?area={meeting.area.code}",
        "wrong": None,
    }


@require_safe
def meeting(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One meeting: its agenda, one item with its figures, what is decided."""
    found = reading.meeting_for(request.viewer, request.scope.incident, pk)
    return render(request, "headquarters/meeting.html", _context(request, slug, found))


def _again(
    request: HttpRequest, slug: str, meeting: Meeting, key: str, form: forms.Form, item: str = ""
) -> HttpResponse:
    """The page with what is wrong said beside the form; nothing is lost."""
    context = _context(request, slug, meeting, item)
    if key in context["forms"]:
        context["forms"][key] = form
    else:
        context[key] = form
    context["wrong"] = form
    return render(request, "headquarters/meeting.html", context, status=422)


@require_POST
def act(request: HttpRequest, slug: str, pk: int, act: str) -> HttpResponse:
    """Open it, add an item, adjourn."""
    viewer = request.viewer
    found = reading.meeting_for(viewer, request.scope.incident, pk)
    permissions.can_run_meetings(viewer, found.area_id).require()
    runs: dict[str, tuple[str, type[forms.Form] | None, Callable[..., object], str]] = {
        "open": ("opening", made.OpeningForm, acting.open_meeting, _("The meeting is open.")),
        "add": ("adding", made.ItemForm, acting.add_item, _("It is on the agenda.")),
        "close": ("", None, acting.close_meeting, _("Adjourned. What was left open comes first next time.")),
    }
    if act not in runs:
        raise Http404(act)
    key, kind, run, done = runs[act]
    form = kind(request.POST, auto_id=f"{act}-%s") if kind else None
    if form is not None and not form.is_valid():
        return _again(request, slug, found, key, form)
    try:
        run(actor=viewer, meeting=found, **(form.cleaned_data if form is not None else {}))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, done)
    return redirect("headquarters:meeting", slug, pk)


_ENDS = {
    "agree": ("outcome", made.OutcomeForm, ItemState.CONSULTED),
    "note": ("outcome", made.OutcomeForm, ItemState.NOTED),
    "carry": ("carry", made.CarryForm, ItemState.CARRIED),
}


@require_POST
def item_act(request: HttpRequest, slug: str, pk: int, item: int, act: str) -> HttpResponse:
    """Decide an item: a directive, a result in words, or carried over; then the next one is on the screen."""
    viewer = request.viewer
    meeting = reading.meeting_for(viewer, request.scope.incident, pk)
    permissions.can_run_meetings(viewer, meeting.area_id).require()
    found = reading.item_for(viewer, meeting, item)
    if act == "decide":
        return _decide(request, slug, meeting, found)
    if act not in _ENDS:
        raise Http404(act)
    key, kind, state = _ENDS[act]
    form = kind(request.POST, auto_id=f"{key}-%s")
    if not form.is_valid():
        return _again(request, slug, meeting, key, form, str(found.pk))
    try:
        acting.end_item(actor=viewer, item=found, state=state, outcome=form.cleaned_data["text"])
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("headquarters:meeting", slug, pk)


def _decide(request: HttpRequest, slug: str, meeting: Meeting, item: AgendaItem) -> HttpResponse:
    form = _decision_form(request, meeting, item, request.POST)
    if form.is_valid():
        try:
            directive = acting.decide_item(actor=request.viewer, item=item, order=_order(request, item, form))
        except ValidationError as error:
            blame(form, error)
        else:
            words = _("Directive %(number)s is issued, its owner is told.") % {"number": directive.number}
            messages.success(request, words)
            stay = f"?item={item.pk}" if request.POST.get("more") else ""
            return redirect(reverse("headquarters:meeting", args=[slug, meeting.pk]) + stay)
    return _again(request, slug, meeting, "decide", form, str(item.pk))


def _order(request: HttpRequest, item: AgendaItem, form: made.DecisionForm) -> Order:
    """The decision with the matter of its item. Raises `ValidationError` naming the field."""
    said = form.cleaned_data
    owner = person_in(request.viewer, said["owner_body"], said["person"]) if said["person"].strip() else None
    if said["person"].strip() and owner is None:
        words = _("Nobody called “%(name)s” serves in this body. Correct the name, or leave it empty.")
        raise ValidationError({"person": words % {"name": said["person"].strip()}})
    target: Decimal | None = said.get("target")
    code = item.matter.get("area", "")
    return Order(
        title=said["title"],
        text=said["text"],
        owner_body=said["owner_body"],
        owner=owner,
        due_at=said["due_at"],
        area=area_tree().by_code(code) if code else None,
        figure=item.matter.get("figure", "") if target is not None else "",
        target=target,
    )


@require_POST
def paper(request: HttpRequest, slug: str, pk: int, paper: str) -> HttpResponse:
    """Minutes or directive sheet as an editable document."""
    viewer = request.viewer
    if paper not in PAPERS:
        raise Http404(paper)
    meeting = reading.meeting_for(viewer, request.scope.incident, pk)
    document = paper_of(viewer, meeting, paper)
    acting.take_paper(actor=viewer, meeting=meeting, paper=paper)
    response = HttpResponse(render_docx(document), content_type=_DOCX)
    response["Content-Disposition"] = f'attachment; filename="{paper}-{meeting.day:%Y%m%d}-{meeting.number}.docx"'
    return response
