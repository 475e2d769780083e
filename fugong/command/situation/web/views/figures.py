from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fugong.base.areas.models import Area
from fugong.command.situation.actions.exports import export_figure
from fugong.command.situation.logic.limits import TooLarge
from fugong.command.situation.selectors.figures import area_in_view, members_of, tree_of
from fugong.command.situation.selectors.opened import OpenedFigure, opened_figure
from fugong.command.situation.web import tables
from fugong.command.situation.web.views import opened as lists
from fugong.core.registries import Slice
from fugong.record.reporting.selectors.behind import corrections_of, left_out_enterprises

PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DIGITS = 18  # of an id that can be


def _area(request: HttpRequest) -> Area:
    return area_in_view(request.viewer, request.scope.incident, request.scope.area_code)


def _after(key: str) -> tuple[str, int] | None:
    """Name and id behind which a page begins; None, the first page, for a key that cannot be read."""
    pk, _separator, name = key.partition("~")
    return (name, int(pk)) if name and pk.isdecimal() and len(pk) <= _DIGITS else None


def _listed(request: HttpRequest, found: OpenedFigure, slug: str, state: str) -> dict[str, Any]:
    """The rows of one list of the figure, a page of them, and the key behind which the next begins."""
    area, tree = found.figure.area, tree_of(request.viewer)
    after = _after(request.GET.get("after", ""))
    if state == lists.TOTALS:
        return {"kind": "totals", "totals": lists.total_rows(found.totals)}
    if state == lists.LATER:
        rows = lists.correction_rows(corrections_of(found.counting, PAGE), slug, tree)
        return {"kind": "corrections", "corrections": rows, "more": max(found.corrections - PAGE, 0)}
    if state == lists.LEFT_OUT:
        left = left_out_enterprises(found.counting, PAGE + 1, after)
        key = f"{left[PAGE - 1].pk}~{left[PAGE - 1].name}" if len(left) > PAGE else ""
        rows = lists.left_out_rows(left[:PAGE], found.figure.indicator, slug, tree)
        return {"kind": "left_out", "left_out": rows, "key": key}
    wanted = Slice(lists.GROUPS[state], after, PAGE + 1)
    members = members_of(
        request.viewer, request.scope.incident, request.scope.day, area, found.figure.indicator, wanted
    )
    key = f"{members[PAGE - 1].enterprise_id}~{members[PAGE - 1].name}" if len(members) > PAGE else ""
    return {"kind": "members", "enterprises": tables.member_rows(members[:PAGE], slug, tree), "key": key}


def _figure(found: OpenedFigure) -> dict[str, Any]:
    whole, indicator = found.figure, found.figure.indicator
    return {
        "label": indicator.label,
        "value": whole.value,
        "unit": tables.value_unit(indicator),
        "numerator": whole.ratio.numerator,
        "numerator_label": indicator.numerator_label,
        "denominator": whole.ratio.denominator,
        "denominator_label": indicator.denominator_label,
        "unrounded": whole.ratio.rounded(6) if indicator.is_rate else None,
        "change": indicator.change(whole.ratio, found.before) if found.before is not None else None,
        "partial": tables.scope_words(indicator) if indicator.is_partial else "",
    }


@require_safe
def figure(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """A figure opened: its equation, its areas, its enterprises, its definition, what could still change it."""
    scope, area = request.scope, _area(request)
    found = opened_figure(request.viewer, scope.incident, scope.day, area, code)
    if found is None:
        raise Http404
    asked = request.GET.get("state", "")
    known = asked in lists.GROUPS or asked in (lists.LEFT_OUT, lists.LATER) or (asked == lists.TOTALS and found.totals)
    state = asked if known else ""
    here, query = reverse("situation:figure", args=[slug, code]), scope.query()
    listed = _listed(request, found, slug, state)
    key = listed.get("key", "")
    context = listed | {
        "figure": _figure(found),
        "chain": tables.chain_of(found.expected, found.excluded, found.figure.indicator),
        "areas": tables.figure_rows(found.rows, found.figure.indicator, here, tables.day_query(scope.day)),
        "tabs": lists.tabs(found, here, query, state),
        "definition": tables.definition_of(found.figure),
        "definitions_url": tables.with_query(reverse("situation:definitions", args=[slug]), query) + f"#{code}",
        "others": tables.other_definitions(found.beside, found.figure, slug, query),
        "effect": lists.effect_context(found),
        "bulletins": lists.bulletin_links(found, slug),
        "citation": lists.citation(found, str(area)),
        "day": scope.day,
        "as_of": found.figure.as_of,
        "next_url": tables.with_query(here, query, state=state, after=key) if key else "",
        "board_url": tables.with_query(reverse("situation:board", args=[slug]), query),
        "export_url": tables.with_query(reverse("situation:figure_export", args=[slug, code]), query),
    }
    return render(request, "situation/figure.html", context)


@require_POST
def figure_export(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """The figure with everything behind it as a workbook."""
    scope, area = request.scope, _area(request)
    try:
        content = export_figure(actor=request.viewer, incident=scope.incident, day=scope.day, area=area, code=code)
    except TooLarge as error:
        return render(request, "situation/too_large.html", {"error": error}, status=409)
    if content is None:
        raise Http404
    return workbook(content, f"{code}-{area.code}-{scope.day.isoformat()}")


def workbook(content: bytes, name: str) -> HttpResponse:
    """An answer that is saved as a file."""
    disposition = f"attachment; filename*=utf-8''{quote(_('figure'))}-{quote(name)}.xlsx"
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": disposition})
