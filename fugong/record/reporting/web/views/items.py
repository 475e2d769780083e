"""What an area asks its enterprises besides the playbook."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fugong.core import clock
from fugong.record.reporting import permissions
from fugong.record.reporting.actions.items import Question, ask_item, end_item
from fugong.record.reporting.selectors.duties import report_section
from fugong.record.reporting.selectors.items import item_for, items_seen, key_of
from fugong.record.reporting.selectors.missing import report_area
from fugong.record.reporting.web.forms import ItemForm


def _page(request: HttpRequest, slug: str, form: ItemForm | None = None) -> HttpResponse:
    permissions.can_see_missing(request.viewer).require()
    scope, viewer = request.scope, request.viewer
    area = report_area(viewer, scope.incident, scope.area_code)
    query = urlencode({"day": scope.day.isoformat(), "area": area.code})
    today = clock.today()
    context = {
        "area_name": str(area),
        "items": [
            {
                "item": item,
                "key": key_of(item),
                "is_over": item.valid_to is not None and item.valid_to < today,
                "end_url": reverse("reports:end_item", args=[slug, item.pk])
                if permissions.can_ask_item(viewer, item.area_id) and (item.valid_to is None or item.valid_to > today)
                else "",
            }
            for item in items_seen(viewer, scope.incident)
        ],
        "playbook_items": report_section(scope.incident, today).items,
        "form": form or ItemForm(initial={"valid_from": today}),
        "may_ask": bool(permissions.can_ask_item(viewer, area.pk)),
        "ask_url": f"{reverse('reports:ask_item', args=[slug])}?{query}",
        "back_url": f"{reverse('reports:missing', args=[slug])}?{query}",
    }
    return render(request, "reporting/items.html", context, status=422 if form else 200)


@require_safe
def items(request: HttpRequest, slug: str) -> HttpResponse:
    """The questions of the viewer's areas, and a form for another one."""
    return _page(request, slug)


def _done(request: HttpRequest, slug: str, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect(f"{reverse('reports:items', args=[slug])}?{urlencode(_query(request))}")


def _query(request: HttpRequest) -> dict[str, Any]:
    return {"area": request.scope.area_code} if request.scope.area_code else {}


@require_POST
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask a further question in the scope's area."""
    area = report_area(request.viewer, request.scope.incident, request.scope.area_code)
    permissions.can_ask_item(request.viewer, area.pk).require()
    form = ItemForm(request.POST)
    if form.is_valid():
        try:
            ask_item(
                actor=request.viewer,
                incident=request.scope.incident,
                area=area,
                question=Question(**form.cleaned_data),
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            return _done(request, slug, _("The question stands in the reports from that day on."))
    return _page(request, slug, form)


@require_POST
def end(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Stop asking after today."""
    item = item_for(request.viewer, request.scope.incident, pk)
    last_day = max(clock.today(), item.valid_from)
    ended = end_item(actor=request.viewer, item=item, last_day=last_day)
    assert ended.valid_to is not None
    return _done(request, slug, _("The question is asked until %(day)s.") % {"day": ended.valid_to.isoformat()})
