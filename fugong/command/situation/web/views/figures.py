from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from fugong.base.areas.models import Area
from fugong.command.situation.selectors.board import area_rows
from fugong.command.situation.selectors.figures import area_in_view, figures_on, members_of, ratios_before, tree_of
from fugong.command.situation.web import tables
from fugong.core.registries import Slice
from fugong.record.reporting.enums import WORKING, ReportState
from fugong.record.reporting.logic.tally import summed
from fugong.record.reporting.selectors.counts import MISSING, excluded_of, states_of

PAGE = 50
_DIGITS = 18  # of an id that can be
_GROUPS: dict[str, frozenset[str]] = {
    "": frozenset(WORKING),
    MISSING: frozenset({MISSING}),
    "closed": frozenset({ReportState.CLOSED}),
}


def _area(request: HttpRequest) -> Area:
    return area_in_view(request.viewer, request.scope.incident, request.scope.area_code)


def _after(key: str) -> tuple[str, int] | None:
    """Name and id behind which a page begins; None, the first page, for a key that cannot be read."""
    pk, _separator, name = key.partition("~")
    return (name, int(pk)) if name and pk.isdecimal() and len(pk) <= _DIGITS else None


def _tabs(request: HttpRequest, counts: dict[str, int], here: str, state: str) -> list[dict[str, Any]]:
    labels = {"": ReportState.OPEN, MISSING: MISSING, "closed": ReportState.CLOSED}
    return [
        {
            "label": tables.state_label(labels[group]),
            "count": sum(counts.get(one, 0) for one in states),
            "url": tables.with_query(here, request.scope.query(), state=group),
            "current": group == state,
        }
        for group, states in _GROUPS.items()
    ]


@require_safe
def figure(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """A figure opened: its equation, its areas, its enterprises, its definition."""
    scope, area = request.scope, _area(request)
    every = figures_on(request.viewer, scope.incident, scope.day, area)
    figures_of_area = [f for f in every if f.area.pk == area.pk]
    figures = [f for f in every if f.indicator.code == code]
    if not figures:
        raise Http404
    whole = next(item for item in figures if item.area.pk == area.pk)
    before = ratios_before(request.viewer, scope.incident, scope.day, area).get(code)
    counting = whole.indicator.counting(scope.incident.pk, scope.day)
    by_area = states_of(counting)
    tree = tree_of(request.viewer)
    ids = tree.within(area)
    state = request.GET.get("state", "")
    wanted = Slice(_GROUPS.get(state, _GROUPS[""]), _after(request.GET.get("after", "")), PAGE + 1)
    members = members_of(request.viewer, scope.incident, scope.day, area, whole.indicator, wanted)
    here = reverse("situation:figure", args=[slug, code])
    key = f"{members[PAGE - 1].enterprise_id}~{members[PAGE - 1].name}" if len(members) > PAGE else ""
    states = summed(by_area, ids)
    missing = {pk: counts.get(MISSING, 0) for pk, counts in by_area.items()}
    context = {
        "figure": {
            "label": whole.indicator.label,
            "value": whole.value,
            "unit": tables.value_unit(whole.indicator),
            "numerator": whole.ratio.numerator,
            "numerator_label": whole.indicator.numerator_label,
            "denominator": whole.ratio.denominator,
            "denominator_label": whole.indicator.denominator_label,
            "unrounded": whole.ratio.rounded(6) if whole.indicator.is_rate else None,
            "change": whole.indicator.change(whole.ratio, before) if before is not None else None,
        },
        "chain": tables.chain_of(states, summed(excluded_of(counting), ids), whole.indicator),
        "areas": tables.figure_rows(area_rows(figures, area, missing), whole.indicator),
        "enterprises": tables.member_rows(members[:PAGE], slug, tree),
        "tabs": _tabs(request, states, here, state),
        "definition": tables.definition_of(whole),
        "others": tables.other_definitions(figures_of_area, whole, slug, scope.query()),
        "day": scope.day,
        "as_of": whole.as_of,
        "next_url": tables.with_query(here, scope.query(), state=state, after=key) if key else "",
    }
    return render(request, "situation/figure.html", context)
