"""The board on the desk and in the hand, and the number that tells a page to look again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from fugong.base.areas.models import Area
from fugong.command.situation.logic.figures import Indicator
from fugong.command.situation.logic.limits import COUNTED_AT_ONCE
from fugong.command.situation.permissions import can_draft_bulletin
from fugong.command.situation.selectors.board import Board
from fugong.command.situation.selectors.board import board as read_board
from fugong.command.situation.selectors.figures import area_in_view, tree_of
from fugong.command.situation.selectors.rollup import Freshness, freshness
from fugong.command.situation.selectors.scope_changes import ScopeChanges, scope_changes
from fugong.command.situation.web import charts, tables
from fugong.core import clock
from fugong.core.agendas import wall_lists

# The same hour of the day before moves on; a board that nothing changes is made anew this often (seconds).
_MINUTES = 300
_DEFAULT = "return_rate"
_FIGURES_ON_WALL, _ON_WALL = 5, 3


def _area(request: HttpRequest) -> Area:
    return area_in_view(request.viewer, request.scope.incident, request.scope.area_code)


def _seen(request: HttpRequest, area: Area, fresh: Freshness) -> tuple[Board, ScopeChanges | None]:
    """The board of an area, remembered under the version of its figures; what is late is read anew."""
    scope, viewer = request.scope, request.viewer
    key = f"board:{scope.incident.pk}:{area.pk}:{scope.day}:{clock.today()}:{fresh.version}"
    found = cache.get(key) if fresh.is_kept else None
    if found is None:
        seen = read_board(viewer, scope.incident, scope.day, area)
        # Of a very large register the enterprises of two days are not read for one page.
        is_small = seen.reported.denominator <= COUNTED_AT_ONCE
        found = seen, scope_changes(viewer, scope.incident, scope.day, area) if is_small else None
        if fresh.is_kept:
            cache.set(key, found, _MINUTES)
    return found


def _chosen(board: Board, code: str) -> Indicator:
    """The figure that map, trend and ranking show: the one asked for, else the return rate, else the first."""
    by_code = {indicator.code: indicator for indicator in board.indicators}
    if not by_code:
        raise Http404
    return by_code.get(code) or by_code.get(_DEFAULT) or next(iter(by_code.values()))


@dataclass(frozen=True, slots=True)
class _Drawn:
    """The body of a board as HTML, and what its head says of it."""

    body: str
    chosen: str
    counted_at: datetime
    compared_at: datetime | None


def _drawn(request: HttpRequest, area: Area, slug: str, fresh: Freshness) -> _Drawn:
    """The body of the board, drawn once per version of its figures, language and figure asked for; never by user.

    What nobody has drawn yet, or what is late, is drawn anew.
    """
    scope, by = request.scope, request.GET.get("by", "")
    version = f"{scope.incident.pk}:{area.pk}:{scope.day}:{clock.today()}:{fresh.version}"
    asked = hashlib.sha256(f"{scope.query()} {by}".encode()).hexdigest()
    key = f"board-body:{version}:{get_language()}:{asked}"
    found: _Drawn | None = cache.get(key) if fresh.is_kept else None
    if found is None:
        seen, changes = _seen(request, area, fresh)
        chosen = _chosen(seen, by)
        context = _body(request, area, slug, seen, changes, chosen)
        body = render_to_string("situation/includes/board_body.html", context)
        found = _Drawn(body, chosen.code, seen.as_of, seen.compared.until)
        if fresh.is_kept:
            cache.set(key, found, _MINUTES)
    return found


def _body(
    request: HttpRequest, area: Area, slug: str, seen: Board, changes: ScopeChanges | None, chosen: Indicator
) -> dict[str, Any]:
    scope, tree = request.scope, tree_of(request.viewer)
    day_query, here = tables.day_query(scope.day), reverse("situation:board", args=[slug])
    figures = tables.board_figures(seen, slug, scope.query())
    return {
        "figures": figures,
        "chosen": chosen,
        "choices": [
            {
                "label": indicator.label,
                "url": tables.with_query(here, scope.query(), by=indicator.code),
                "current": indicator.code == chosen.code,
            }
            for indicator in seen.indicators
        ],
        "unit": tables.value_unit(chosen),
        "map": charts.map_context(seen, chosen, slug, day_query, tree),
        "trend": charts.trend_context(seen, chosen),
        "trend_table": charts.trend_table(seen, chosen),
        "ranking": charts.ranked(seen, chosen, slug, day_query),
        "total": next(figure for figure in figures if figure["code"] == chosen.code),
        "area_name": str(area),
        "missing": tables.missing_rows(seen, slug, tree),
        "missing_total": seen.missing_total,
        "missing_url": tables.with_query(reverse("reports:missing", args=[slug]), scope.query()),
        "changes": changes,
        "came": _changes(changes.came if changes else [], slug),
        "left": _changes(changes.left if changes else [], slug),
    }


@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """How things stand in an area on a day."""
    scope, area = request.scope, _area(request)
    fresh = freshness(request.viewer, scope.incident, area, scope.day)
    drawn, query = _drawn(request, area, slug, fresh), scope.query()
    context: dict[str, Any] = {
        # Drawn by our own template, which escapes what people typed.
        "body": mark_safe(drawn.body),  # noqa: S308
        "compared_at": drawn.compared_at,
        "counted_at": drawn.counted_at,
        "brief_url": tables.with_query(reverse("situation:brief", args=[slug]), query),
        "bulletin_url": tables.with_query(reverse("situation:bulletin", args=[slug]), query),
        "can_bulletin": can_draft_bulletin(request.viewer),
        "wall_url": tables.with_query(reverse("situation:wall", args=[slug]), query, by=drawn.chosen),
        "views": tables.views_of(slug, query, "board"),
        **_polled(slug, query, fresh),
    }
    return render(request, "situation/board.html", context)


def _polled(slug: str, query: str, fresh: Freshness) -> dict[str, Any]:
    """What a page that keeps itself fresh asks, and the number that it begins with."""
    return {
        "version_url": tables.with_query(reverse("situation:version", args=[slug]), query),
        "version": fresh.version,
    }


@require_safe
def wall(request: HttpRequest, slug: str) -> HttpResponse:
    """The screen of a headquarters: five figures, map, trend, who is behind; no enterprise, no person."""
    scope, area = request.scope, _area(request)
    fresh = freshness(request.viewer, scope.incident, area, scope.day)
    seen, _changed = _seen(request, area, fresh)
    chosen = _chosen(seen, request.GET.get("by", ""))
    ranking = [row for row in charts.ranked(seen, chosen, slug, "") if row["exact"] is not None]
    gone = sorted(
        ((row.missing, charts.short(row.area)) for row in seen.rows if row.area and row.missing), reverse=True
    )
    context = {
        "title": str(area),
        "incident_name": str(scope.incident),
        "day": scope.day,
        "moment": timezone.localtime(clock.now()).strftime("%H:%M") if scope.day == clock.today() else "",
        "figures": _wall_figures(tables.board_figures(seen, slug, scope.query()), chosen),
        "chosen": chosen,
        "unit": tables.value_unit(chosen),
        "map": charts.map_context(seen, chosen, slug, "", tree_of(request.viewer)),
        "trend": charts.trend_context(seen, chosen),
        "lists": (lists := _wall_lists(request, area)),
        "behind": ranking[: -_ON_WALL - 1 : -1],
        # Three directives say more than who is missing: their number stands among the figures.
        "missing": [] if lists else [{"name": name, "count": count} for count, name in gone[:_ON_WALL]],
        "missing_total": seen.missing_total,
        "definition": chosen.columns_label,
        "counted_at": seen.as_of,
        "board_url": tables.with_query(reverse("situation:board", args=[slug]), scope.query()),
        **_polled(slug, scope.query(), fresh),
    }
    return render(request, "situation/wall.html", context)


def _wall_lists(request: HttpRequest, area: Area) -> list[dict[str, Any]]:
    """What other rooms show on the screen; a list without lines stays away."""
    found = []
    for wall_list in sorted(wall_lists.values(), key=lambda entry: entry.order):
        lines, total = wall_list.lines(request.viewer, request.scope.incident.pk, area.pk)
        if lines:
            found.append({"title": wall_list.title, "lines": lines, "total": total})
    return found


def _wall_figures(tiles: list[dict[str, Any]], chosen: Indicator) -> list[dict[str, Any]]:
    """At most five, the chosen one among them."""
    kept = [tile for tile in tiles if tile["code"] == chosen.code or tile["rate"]][:_FIGURES_ON_WALL]
    if chosen.code not in [tile["code"] for tile in kept]:
        kept[-1:] = [tile for tile in tiles if tile["code"] == chosen.code]
    return kept


def _changes(listed: list[Any], slug: str) -> list[dict[str, str]]:
    return [
        {
            "name": change.name,
            "url": reverse("registry:detail", args=[slug, change.pk]),
            "why": charts.why_words(change.why),
        }
        for change in listed
    ]


@require_safe
def brief(request: HttpRequest, slug: str) -> HttpResponse:
    """The figures of the morning on one screen of a phone, and as text for a chat group."""
    scope, area = request.scope, _area(request)
    fresh = freshness(request.viewer, scope.incident, area, scope.day)
    seen, _changed = _seen(request, area, fresh)
    moment = timezone.localtime(clock.now()).strftime("%H:%M") if scope.day == clock.today() else ""
    context = {
        "figures": tables.board_figures(seen, slug, scope.query()),
        "compared_at": seen.compared.until,
        "missing_total": seen.missing_total,
        "text": tables.brief_text(seen, str(area), scope.day, moment),
        "board_url": tables.with_query(reverse("situation:board", args=[slug]), scope.query()),
        "area_name": str(area),
        "day": scope.day,
        "moment": moment,
    }
    return render(request, "situation/brief.html", context)


@require_safe
def version(request: HttpRequest, slug: str) -> HttpResponse:
    """The number of an area's figures, 304 while it is the one that the page has."""
    fresh = freshness(request.viewer, request.scope.incident, _area(request), request.scope.day)
    tag = f'"{fresh.version}-{int(fresh.is_kept)}"'
    if request.headers.get("If-None-Match") == tag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = JsonResponse({"version": fresh.version, "as_of": fresh.as_of})
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response
