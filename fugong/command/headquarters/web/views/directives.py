"""Directives: the piles, one whole, issuing, and what is done with one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree, areas_for
from fugong.command.headquarters import permissions
from fugong.command.headquarters.actions.directives import finish_part
from fugong.command.headquarters.actions.issuing import Order, issue_directive
from fugong.command.headquarters.models import Directive
from fugong.command.headquarters.selectors import directives as reading
from fugong.command.headquarters.selectors.bodies import addressees, headquarters_in, person_in
from fugong.command.headquarters.selectors.rules import section_on
from fugong.command.headquarters.web.forms.directives import DirectiveForm
from fugong.command.headquarters.web.tables import directives as tables
from fugong.command.headquarters.web.views.doing import ACTS, offered, shown
from fugong.command.situation.selectors.figures import area_in_view
from fugong.command.situation.selectors.indicators import indicators_on
from fugong.core import clock
from fugong.record.desk.selectors.queue import requests_for
from fugong.record.registry.selectors.enterprises import enterprises_for


def _pile_label(name: str) -> str:
    return {
        "ours": _("For us"),
        "red": _("Overdue"),
        "amber": _("Near or unacknowledged"),
        "waiting": _("Reported done"),
        "issued": _("Issued here"),
        "all": _("In work"),
        "ended": _("Ended"),
    }[name]


def area_of(request: HttpRequest) -> Area:
    """The area that the page is about: the one of the scope, else the widest that the viewer covers."""
    return area_in_view(request.viewer, request.scope.incident, request.scope.area_code)


@require_safe
def directives(request: HttpRequest, slug: str) -> HttpResponse:
    """The piles of directives: what is for us, what is late, what waits to be closed."""
    viewer, incident = request.viewer, request.scope.incident
    section = section_on(incident, clock.today())
    counts = reading.pile_counts(viewer, incident, section.amber_hours)
    pile = request.GET.get("pile", "")
    if pile not in reading.PILES:
        pile = "ours" if counts["ours"] else "all"
    body = request.GET.get("body", "")
    chosen = int(body) if body.isdecimal() and len(body) < 19 else None
    page = reading.page_of(viewer, incident, pile, section.amber_hours, request.GET.get("after", ""), body=chosen)
    here = reverse("headquarters:directives", args=[slug])
    narrowed = f"&body={chosen}" if chosen is not None else ""
    area = area_of(request)
    context = {
        "views": tables.views_of(viewer, slug, "directives", request.scope.query()),
        "piles": [
            {
                "label": _pile_label(name),
                "count": counts[name],
                "url": f"{here}?pile={name}",
                "current": name == pile,
            }
            for name in reading.PILES
        ],
        "rows": [tables.directive_row(row, slug, section.amber_hours) for row in page.rows],
        "next_url": f"?pile={pile}{narrowed}&after={page.after}" if page.after else "",
        "may_issue": permissions.can_issue(viewer, area.pk),
        "new_url": reverse("headquarters:directive_new", args=[slug])
        + (f"?{request.scope.query()}" if request.scope.query() else ""),
    }
    return render(request, "headquarters/directives.html", context)


def _context(request: HttpRequest, slug: str, whole: reading.Whole) -> dict[str, Any]:
    viewer, directive = request.viewer, whole.directive
    section = section_on(directive.incident, clock.today())
    row = tables.directive_row(directive, slug, section.amber_hours)
    body = directive.owner_body
    passes = directive.is_running and body.area_id != directive.area_id and permissions.can_issue(viewer, body.area_id)
    return {
        "directive": directive,
        "row": row,
        "matter": tables.matter_link(viewer, directive, slug),
        "measured": tables.measured_row(reading.measured(viewer, directive)),
        "steps": [tables.step_row(step) for step in whole.steps],
        "parts": [
            tables.part_row(
                part,
                slug,
                may_finish=directive.is_running
                and part.done_at is None
                and bool(permissions.can_do_part(viewer, part)),
            )
            for part in whole.parts
        ],
        "passed_down": [tables.directive_row(one, slug, section.amber_hours) for one in whole.passed_down],
        "parent_url": _parent_url(request, slug, directive),
        "pass_url": _pass_url(slug, directive) if passes else "",
        "acts": [
            item | {"url": reverse("headquarters:directive_act", args=[slug, directive.pk, item["name"]])}
            for item in offered(viewer, directive)
        ],
        "list_url": reverse("headquarters:directives", args=[slug]),
        "wrong": None,
    }


def _parent_url(request: HttpRequest, slug: str, directive: Directive) -> str:
    """Where the directive from above opens, for those who see it."""
    parent = directive.parent
    if parent is None or not reading.directives_for(request.viewer, directive.incident).filter(pk=parent.pk).exists():
        return ""
    return reverse("headquarters:directive", args=[slug, parent.pk])


def _pass_url(slug: str, directive: Directive) -> str:
    area = area_tree().areas[directive.owner_body.area_id]
    return reverse("headquarters:directive_new", args=[slug]) + f"?area={area.code}&parent={directive.pk}"


@require_safe
def directive(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One directive: its light, its matter as it stands, its timeline, what can be done."""
    whole = reading.whole_directive(request.viewer, request.scope.incident, pk)
    return render(request, "headquarters/directive.html", _context(request, slug, whole))


@require_POST
def act(request: HttpRequest, slug: str, pk: int, act: str) -> HttpResponse:
    """Do one act; what is wrong with its form is said beside it, and nothing is lost."""
    found = reading.directive_for(request.viewer, request.scope.incident, pk)
    doing = ACTS.get(act)
    if doing is None:
        raise Http404(act)
    form = doing.form(request.viewer, found, request.POST) if doing.form else None
    if form is not None:
        form.auto_id = f"{act}-%s"
    if form is None or form.is_valid():
        try:
            doing.run(request.viewer, found, form.cleaned_data if form is not None else {})
        except ValidationError as error:
            if form is None:
                messages.error(request, " ".join(error.messages))
                return redirect("headquarters:directive", slug, pk)
            blame(form, error)
        else:
            messages.success(request, doing.done)
            return redirect("headquarters:directive", slug, pk)
    whole = reading.whole_directive(request.viewer, request.scope.incident, pk)
    context = _context(request, slug, whole)
    wrong = shown(act, doing, form, is_open=True)
    wrong["url"] = reverse("headquarters:directive_act", args=[slug, pk, act])
    context["acts"] = [wrong] + [item for item in context["acts"] if item["name"] != act]
    context["wrong"] = form
    return render(request, "headquarters/directive.html", context, status=422)


def blame(form: forms.Form, error: ValidationError) -> None:
    """Put the faults beside the fields that they name, the others above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error.messages)
        return
    for name, faults in error.message_dict.items():
        form.add_error(name if name in form.fields else None, faults)


@require_POST
def part(request: HttpRequest, slug: str, pk: int, part: int) -> HttpResponse:
    """A body has done its part."""
    found = reading.directive_for(request.viewer, request.scope.incident, pk)
    try:
        finish_part(
            actor=request.viewer,
            part=reading.part_for(request.viewer, found, part),
            note=request.POST.get("note", "")[:300],
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The part is done."))
    return redirect("headquarters:directive", slug, pk)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Issue a directive alone, without a meeting; `?parent=` passes one on, other words prefill its matter."""
    viewer, incident, area = request.viewer, request.scope.incident, area_of(request)
    permissions.can_issue(viewer, area.pk).require()
    issuer = headquarters_in(viewer, incident, area)
    parent = _parent(request)
    form = _form(request, area, parent)
    if request.method == "POST" and form.is_valid():
        try:
            if issuer is None:
                raise ValidationError(
                    _("The area has no headquarters for this incident. Its administrator sets it up.")
                )
            issued = issue_directive(
                actor=viewer,
                incident=incident,
                area=area,
                issuer_body=issuer,
                order=order_of(request, form),
                parent=parent,
            )
        except ValidationError as error:
            blame(form, error)
        else:
            messages.success(
                request, _("Directive %(number)s is issued, its owner is told.") % {"number": issued.number}
            )
            return redirect("headquarters:directive", slug, issued.pk)
    context = {
        "form": form,
        "issuer": issuer,
        "parent": parent,
        "area": area,
        "list_url": reverse("headquarters:directives", args=[slug]),
        "bodies_url": reverse("headquarters:bodies", args=[slug]),
    }
    return render(request, "headquarters/directive_new.html", context, status=422 if form.errors else 200)


def _parent(request: HttpRequest) -> Directive | None:
    pk = request.GET.get("parent", "")
    if not pk.isdecimal() or len(pk) > 18:
        return None
    return reading.directive_for(request.viewer, request.scope.incident, int(pk))


def _form(request: HttpRequest, area: Area, parent: Directive | None) -> DirectiveForm:
    initial: dict[str, Any] = {
        name: request.GET[name]
        for name in ("enterprise", "request", "figure", "target", "title")
        if name in request.GET
    }
    if parent is not None:
        initial |= {"title": parent.title, "text": parent.text, "due_at": clock.local(parent.due_at)}
    tree = area_tree()
    return DirectiveForm(
        addressees(request.viewer, request.scope.incident, area),
        areas_for(request.viewer).filter(pk__in=tree.within(area)).order_by("path"),
        indicators_on(request.scope.incident, clock.today()),
        request.POST if request.method == "POST" else None,
        initial=initial,
    )


def order_of(request: HttpRequest, form: DirectiveForm) -> Order:
    """What was typed, with body, person and matter found. Raises `ValidationError` naming the field."""
    said, viewer, incident = form.cleaned_data, request.viewer, request.scope.incident
    owner = None
    if said["person"].strip():
        owner = person_in(viewer, said["owner_body"], said["person"])
        if owner is None:
            words = _("Nobody called “%(name)s” serves in this body. Correct the name, or leave it empty.")
            raise ValidationError({"person": words % {"name": said["person"].strip()}})
    enterprise = asked = None
    if code := said["enterprise"].strip().upper():
        enterprise = enterprises_for(viewer).filter(uscc=code).first()
        if enterprise is None:
            raise ValidationError({"enterprise": _("No enterprise of your areas has this credit code.")})
    if number := said["request"].strip():
        asked = requests_for(viewer, incident).filter(number=number).first()
        if asked is None:
            raise ValidationError({"request": _("There is no request with this number in your areas.")})
    return Order(
        title=said["title"],
        text=said["text"],
        owner_body=said["owner_body"],
        owner=owner,
        due_at=said["due_at"],
        enterprise=enterprise,
        request=asked,
        area=said["area"],
        figure=said["figure"],
        target=said["target"],
    )
