"""One request at the desk, and what is done with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from fugong.core import clock
from fugong.record.desk import permissions
from fugong.record.desk.selectors.queue import Whole, roots_for, whole_request
from fugong.record.desk.selectors.rules import section_on
from fugong.record.desk.web import tables
from fugong.record.desk.web.forms import PartStateForm
from fugong.record.desk.web.views.doing import ACTS, offered


def _act_url(slug: str, whole: Whole, name: str) -> str:
    return reverse("desk:act", args=[slug, whole.request.number, name])


def _context(request: HttpRequest, slug: str, whole: Whole) -> dict[str, Any]:
    viewer, asked = request.viewer, whole.request
    section = section_on(asked.incident, clock.today())
    return tables.request_page(whole, section) | {
        "acts": [item | {"url": _act_url(slug, whole, item["name"])} for item in offered(viewer, whole)],
        "parts": [
            tables.part_row(
                part,
                may_move=asked.is_open and bool(permissions.can_work_on_part(viewer, asked, part.body_id)),
            )
            for part in whole.parts
        ],
        "part_states": PartStateForm().fields["state"].choices,
        "similar": [
            {
                "number": other.number,
                "title": other.title,
                "enterprise": other.enterprise.name,
                "people": other.people_waiting,
                "url": reverse("desk:detail", args=[slug, other.number]),
            }
            for other in whole.similar
        ],
        "ratings": whole.ratings,
        "roots": roots_for(viewer, asked.incident),
        "may_gather": bool(permissions.can_gather(viewer, asked.managing_area_id)),
        "gather_url": reverse("desk:gather", args=[slug]),
        "root_url": reverse("desk:root", args=[slug, asked.root_id]) if asked.root_id else "",
        "queue_url": reverse("desk:queue", args=[slug]),
        "enterprise_url": reverse("registry:detail", args=[slug, asked.enterprise_id]),
        "part_url": _act_url(slug, whole, "part-state"),
        "wrong": None,
    }


@require_safe
def detail(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """One request: its clock, its timeline, who does what, what can be done."""
    whole = whole_request(request.viewer, request.scope.incident, number)
    return render(request, "desk/request.html", _context(request, slug, whole))


@require_POST
def act(request: HttpRequest, slug: str, number: str, act: str) -> HttpResponse:
    """Do one act; what is wrong with its form is said beside it, and nothing is lost."""
    whole = whole_request(request.viewer, request.scope.incident, number, to_act=True)
    doing = ACTS.get(act)
    if doing is None:
        raise Http404(act)
    form = doing.form(request.viewer, whole.request, request.POST) if doing.form else None
    if form is not None:
        form.auto_id = f"{act}-%s"
    if form is None or form.is_valid():
        try:
            doing.run(request.viewer, whole.request, form.cleaned_data if form is not None else {})
        except ValidationError as error:
            if form is None:
                messages.error(request, " ".join(error.messages))
                return redirect("desk:detail", slug, number)
            form.add_error(None, error.messages)
        else:
            messages.success(request, doing.done)
            return redirect("desk:detail", slug, number)
    whole = whole_request(request.viewer, request.scope.incident, number)
    context = _context(request, slug, whole)
    shown = {"name": act, "label": doing.label, "icon": doing.icon, "form": form, "is_main": True, "is_open": True}
    shown["url"] = _act_url(slug, whole, act)
    context["acts"] = [shown] + [item for item in context["acts"] if item["name"] != act]
    context["wrong"] = form
    return render(request, "desk/request.html", context, status=422)
