"""The one plan of an enterprise: read by itself, its officer and the offices; written by the last two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fugong.base.accounts.selectors import bodies_within
from fugong.base.documents.logic.official import OfficialDocument, render_docx
from fugong.base.documents.logic.pdf import PdfUnavailable, render_pdf
from fugong.core import clock
from fugong.core.roles import Role
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.liaison import permissions
from fugong.record.liaison.actions import plans as actions
from fugong.record.liaison.logic.plan_document import document_of
from fugong.record.liaison.logic.plan_words import item_words
from fugong.record.liaison.models import EnterprisePlan, PlanItem
from fugong.record.liaison.selectors.day_sheet import own_enterprise
from fugong.record.liaison.selectors.plans import (
    PlanSheet,
    plan_item_for,
    plan_sheet,
    planned_numbers,
    plans_for,
    unplanned_for,
)
from fugong.record.liaison.selectors.portfolio import officers_of
from fugong.record.liaison.web.detail import line_row, printed_item, proposal_row, sheet_row
from fugong.record.liaison.web.forms import ItemForm
from fugong.record.liaison.web.tables import field_tabs
from fugong.record.liaison.web.views.coverage import area_of
from fugong.record.liaison.web.views.field import mine
from fugong.record.registry.models import Enterprise
from fugong.record.registry.selectors.enterprises import enterprise_for
from fugong.record.registry.selectors.grants import my_enterprise, my_enterprises
from fugong.record.reporting.selectors.duties import incidents_of

_TYPES = {
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", render_docx),
    "pdf": ("application/pdf", render_pdf),
}
# So many first drafts in one request; the rest are a tap away.
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Door:
    """Whose plan is asked for, and by which way: the offices, its officer, or the enterprise itself."""

    space: str
    start: tuple[Any, ...]
    enterprise: Enterprise
    incident: Incident

    def url(self, name: str, *more: Any) -> str:
        return reverse(f"{self.space}:{name}", args=[*self.start, self.enterprise.pk, *more])

    @property
    def is_desk(self) -> bool:
        return self.space == "liaison"

    @property
    def back_url(self) -> str:
        if self.is_desk:
            return reverse("liaison:plans", args=self.start)
        return reverse("field:enterprise", args=[self.enterprise.pk]) if self.space == "field" else reverse("plan:mine")


def _open_incident(enterprise: Enterprise) -> Incident:
    incidents = incidents_of([enterprise], clock.today())[enterprise.pk]
    if not incidents:
        raise Http404
    return incidents[0]


def _door(request: HttpRequest, pk: int, slug: str | None) -> Door:
    """By the address: under an incident for the offices, else for the officer."""
    if slug is not None:
        permissions.can_see_field(request.viewer).require()
        return Door("liaison", (slug,), enterprise_for(request.viewer, pk), request.scope.incident)
    mine(request.viewer)
    enterprise = own_enterprise(request.viewer, pk)
    return Door("field", (), enterprise, _open_incident(enterprise))


def _own_door(request: HttpRequest, pk: int) -> Door:
    enterprise = my_enterprise(request.viewer, pk)
    return Door("plan", (), enterprise, _open_incident(enterprise))


def _sheet(viewer: Viewer, door: Door) -> PlanSheet | None:
    return plan_sheet(viewer, door.incident, door.enterprise, clock.today())


def _existing(viewer: Viewer, door: Door) -> EnterprisePlan:
    sheet = _sheet(viewer, door)
    if sheet is None:
        raise Http404
    return sheet.plan


def _context(door: Door, **more: Any) -> dict[str, Any]:
    area = str(door.enterprise.managing_area)
    return {"door": door, "name": door.enterprise.name, "area": area, **more}


def _page(request: HttpRequest, door: Door, may_write: bool) -> HttpResponse:
    sheet = _sheet(request.viewer, door)
    today = clock.today()
    context = _context(
        door,
        sheet=sheet,
        may_write=may_write,
        lines=[line_row(line, today, door.url("plan_item", line.item.pk) if may_write else "") for line in sheet.lines]
        if sheet
        else [],
        dropped=[line_row(line, today) for line in sheet.dropped] if sheet else [],
        proposals=[proposal_row(one) for one in sheet.proposals] if sheet and may_write else [],
        urls={name: door.url(f"plan_{name}") for name in ("draft", "facts", "agree", "item_new") if may_write},
        file_urls={form: door.url("plan_file", form) for form in _TYPES},
    )
    template = "liaison/plan_sheet.html" if door.is_desk else "liaison/my_plan_sheet.html"
    return render(request, template, context)


@require_safe
def sheet(request: HttpRequest, pk: int, slug: str | None = None) -> HttpResponse:
    """The plan with what the facts say today and newly propose."""
    door = _door(request, pk, slug)
    return _page(request, door, bool(permissions.can_write_plan(request.viewer, door.enterprise)))


@require_safe
def own_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan as the enterprise itself reads it."""
    return _page(request, _own_door(request, pk), may_write=False)


@require_safe
def mine_choice(request: HttpRequest) -> HttpResponse:
    """Straight to the plan of the one enterprise, or the choice among several."""
    if not request.viewer.has(Role.REPORTER):
        raise Http404
    enterprises = list(my_enterprises(request.viewer))
    if len(enterprises) == 1:
        return redirect("plan:plan_sheet", enterprises[0].pk)
    rows = [{"name": one.name, "url": reverse("plan:plan_sheet", args=[one.pk])} for one in enterprises]
    return render(request, "liaison/plan_choice.html", {"rows": rows})


@require_POST
def draft(request: HttpRequest, pk: int, slug: str | None = None) -> HttpResponse:
    """Make the first draft from the facts."""
    door = _door(request, pk, slug)
    actions.draft_plans(actor=request.viewer, incident=door.incident, enterprises=[door.enterprise])
    messages.success(request, _("Drafted from the facts. Give each item an owner and a day."))
    return redirect(door.url("plan_sheet"))


@require_POST
def facts(request: HttpRequest, pk: int, slug: str | None = None) -> HttpResponse:
    """Take in what the facts propose (one of it, or all), or leave one out with the reason."""
    door = _door(request, pk, slug)
    plan = _existing(request.viewer, door)
    source, key = request.POST.get("source", ""), request.POST.get("key", "")
    if "leave_out" in request.POST:
        try:
            reason = request.POST.get("reason", "")[:200]
            actions.leave_out_fact(actor=request.viewer, plan=plan, source=source, key=key, reason=reason)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Left out. It is not proposed again."))
        return redirect(door.url("plan_sheet"))
    chosen = {(source, key)} if source else None
    number = actions.take_in_facts(actor=request.viewer, plan=plan, facts=chosen)
    words = ngettext("%(number)d item added.", "%(number)d items added.", number) % {"number": number}
    messages.success(request, words)
    return redirect(door.url("plan_sheet"))


@require_POST
def agree(request: HttpRequest, pk: int, slug: str | None = None) -> HttpResponse:
    """Say that the plan stands."""
    door = _door(request, pk, slug)
    try:
        actions.agree_to_plan(actor=request.viewer, plan=_existing(request.viewer, door))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Agreed. It is printed without the mark of a draft."))
    return redirect(door.url("plan_sheet"))


def _form(door: Door, request: HttpRequest, item: PlanItem | None) -> ItemForm:
    bodies = bodies_within(door.enterprise.managing_area)
    officers = officers_of(request.viewer, door.incident, door.enterprise)
    return ItemForm(bodies, officers, item, request.POST or None)


def _item_page(request: HttpRequest, door: Door, form: ItemForm, context: dict[str, Any]) -> HttpResponse:
    template = "liaison/plan_item.html" if door.is_desk else "liaison/my_plan_item.html"
    return render(request, template, context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def item_new(request: HttpRequest, pk: int, slug: str | None = None) -> HttpResponse:
    """Write something into the plan that no fact asks for."""
    door = _door(request, pk, slug)
    permissions.can_write_plan(request.viewer, door.enterprise).require()
    plan = _existing(request.viewer, door)
    form = _form(door, request, None)
    if form.is_valid() and form.sent(lambda: actions.add_item(actor=request.viewer, plan=plan, wanted=form.wanted())):
        return redirect(door.url("plan_sheet"))
    context = _context(door, form=form, item=None, words=None, what=_("New item"), back_url=door.url("plan_sheet"))
    return _item_page(request, door, form, context)


@require_http_methods(["GET", "HEAD", "POST"])
def item(request: HttpRequest, pk: int, item_pk: int, slug: str | None = None) -> HttpResponse:
    """Who sees to an item until when, in which words."""
    door = _door(request, pk, slug)
    permissions.can_write_plan(request.viewer, door.enterprise).require()
    found = plan_item_for(request.viewer, door.incident, door.enterprise, item_pk)
    form = _form(door, request, found)
    if form.is_valid() and form.sent(
        lambda: actions.change_item(actor=request.viewer, item=found, wanted=form.wanted())
    ):
        return redirect(door.url("plan_sheet"))
    context = _context(
        door,
        form=form,
        item=found,
        words=item_words(found.source, found.key, found.figures, "", "") if found.source else None,
        what=_("Item of the plan"),
        end_url=door.url("plan_item_end", found.pk),
        back_url=door.url("plan_sheet"),
    )
    return _item_page(request, door, form, context)


@require_POST
def item_end(request: HttpRequest, pk: int, item_pk: int, slug: str | None = None) -> HttpResponse:
    """Take an item out of the plan, or say that it is done where no fact can tell."""
    door = _door(request, pk, slug)
    found = plan_item_for(request.viewer, door.incident, door.enterprise, item_pk)
    try:
        if "settle" in request.POST:
            actions.settle_item(actor=request.viewer, item=found)
        else:
            actions.drop_item(actor=request.viewer, item=found, reason=request.POST.get("reason", "")[:200])
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(door.url("plan_item", item_pk))
    messages.success(request, _("Noted."))
    return redirect(door.url("plan_sheet"))


def _document(viewer: Viewer, sheet: PlanSheet) -> OfficialDocument:
    plan, today = sheet.plan, clock.today()
    agreed = ""
    if plan.agreed_at is not None:
        agreed = f"{plan.agreed_by_name}于{clock.day_of(plan.agreed_at)}核定。"
    items = [printed_item(line) for line in sheet.lines]
    organisation = viewer.body_name or viewer.name
    return document_of(plan.enterprise.name, organisation, today, items, done=sheet.done, agreed=agreed)


def _file(request: HttpRequest, door: Door, form: str) -> HttpResponse:
    if form not in _TYPES:
        raise Http404
    content_type, written = _TYPES[form]
    with translation.override("zh-hans"):  # an official document is Chinese, whoever prints it
        sheet = _sheet(request.viewer, door)
        if sheet is None:
            raise Http404
        document = _document(request.viewer, sheet)
    try:
        content = written(document)
    except PdfUnavailable:
        messages.error(request, _("This server cannot make PDF files. Take the .docx file."))
        return redirect(door.url("plan_sheet"))
    actions.take_plan(actor=request.viewer, plan=sheet.plan, form=form)
    headers = {"Content-Disposition": f'attachment; filename="plan-{door.enterprise.pk}.{form}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)


@require_POST
def file(request: HttpRequest, pk: int, form: str, slug: str | None = None) -> HttpResponse:
    """The plan as an official document, to print or to edit."""
    return _file(request, _door(request, pk, slug), form)


@require_POST
def own_file(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The same for the enterprise itself."""
    return _file(request, _own_door(request, pk), form)


def _query(values: dict[str, str]) -> str:
    given = {name: value for name, value in values.items() if value}
    return f"?{urlencode(given)}" if given else ""


@require_safe
def plans(request: HttpRequest, slug: str) -> HttpResponse:
    """The plans of an area, each as its facts stand today."""
    viewer, incident, area = request.viewer, request.scope.incident, area_of(request)
    permissions.can_see_field(viewer).require()
    kept = {"area": request.scope.area_code, "q": request.GET.get("q", "").strip()[:50]}
    own = {"own": "1"} if request.GET.get("own") == "1" else {}
    body_ids = viewer.body_ids if own else frozenset[int]()
    page = plans_for(viewer, incident, area, kept["q"], body_ids, request.GET.get("after", ""))
    planned, missing = planned_numbers(viewer, incident, area)
    context = {
        "rows": [sheet_row(one, slug, clock.today()) for one in page.rows],
        "planned": planned,
        "missing": missing,
        "text": kept["q"],
        "own": bool(own),
        "whole_url": _query(kept) or "?",
        "own_url": _query({**kept, "own": "1"}) if viewer.body_ids else "",
        "area_name": str(area),
        "area_code": request.scope.area_code,
        "next_url": _query({**kept, **own, "after": page.after}) if page.after else "",
        "tabs": field_tabs(slug, "plans"),
        "may_draft": permissions.can_assign(viewer, [area.pk]),
        "draft_url": reverse("liaison:plans_draft", args=[slug]) + _query({"area": request.scope.area_code}),
    }
    return render(request, "liaison/plans.html", context)


@require_POST
def plans_draft(request: HttpRequest, slug: str) -> HttpResponse:
    """Make first drafts for the enterprises of the area that have none, a number at a time."""
    viewer, incident, area = request.viewer, request.scope.incident, area_of(request)
    permissions.can_see_field(viewer).require()
    permissions.can_assign(viewer, [area.pk]).require()
    enterprises = unplanned_for(viewer, incident, area, _AT_ONCE)
    number = actions.draft_plans(actor=viewer, incident=incident, enterprises=enterprises)
    words = _("%(number)d drafts made from the facts; %(rest)d enterprises have none yet.")
    _planned, rest = planned_numbers(viewer, incident, area)
    messages.success(request, words % {"number": number, "rest": rest})
    return redirect(reverse("liaison:plans", args=[slug]) + _query({"area": request.scope.area_code}))
