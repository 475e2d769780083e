"""The lists of an opened figure, as the templates draw them and as its workbook holds them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from fugong.base.areas.selectors import AreaTree
from fugong.command.situation.logic.figures import Indicator
from fugong.command.situation.logic.words import state_words, why_out
from fugong.command.situation.selectors.opened import OpenedFigure
from fugong.command.situation.web.detail import heading_of
from fugong.command.situation.web.tables import base_words, in_chinese, value_unit, with_query
from fugong.core.templatetags.fugong import figure as shown
from fugong.core.templatetags.fugong import with_unit
from fugong.record.reporting.enums import WORKING, ReportState
from fugong.record.reporting.models import AreaTotal
from fugong.record.reporting.selectors.behind import Correction, LeftOut
from fugong.record.reporting.selectors.counts import MISSING

LEFT_OUT, LATER, TOTALS = "out", "later", "totals"
GROUPS: dict[str, frozenset[str]] = {
    "": frozenset(WORKING),
    "closed": frozenset({ReportState.CLOSED}),
    MISSING: frozenset({MISSING}),
}
_SCALE = 320


def tabs(opened: OpenedFigure, here: str, query: str, current: str) -> list[dict[str, Any]]:
    """The lists of a figure with how many rows each has; those of totals only where totals count."""
    labels = {"": ReportState.OPEN, MISSING: MISSING, "closed": ReportState.CLOSED}
    found = [
        (group, state_words(labels[group]), sum(opened.behind.get(one, 0) for one in states))
        for group, states in GROUPS.items()
    ]
    found.append((LEFT_OUT, _("Not counted"), sum(opened.excluded.values())))
    found.append((LATER, _("Corrected"), opened.corrections))
    if opened.totals:
        found.append((TOTALS, _("Stated as totals"), len(opened.totals)))
    return [
        {"label": label, "count": count, "url": with_query(here, query, state=group), "current": group == current}
        for group, label, count in found
    ]


def left_out_rows(rows: list[LeftOut], indicator: Indicator, slug: str, tree: AreaTree) -> list[dict[str, Any]]:
    return [
        {
            "name": row.name,
            "code": row.code,
            "url": reverse("registry:detail", args=[slug, row.pk]),
            "area_name": str(tree.areas[row.area_id]),
            "why": why_out(row.why, indicator),
        }
        for row in rows
    ]


def _said(state: str, on_post: Any, roster: Any) -> str:
    return f"{state_words(state)} {on_post:,} / {roster:,}"


def correction_rows(rows: list[Correction], slug: str, tree: AreaTree) -> list[dict[str, Any]]:
    return [
        {
            "name": row.name,
            "url": reverse("registry:detail", args=[slug, row.pk]),
            "area_name": str(tree.areas[row.area_id]),
            "before": _said(row.before["state"], row.before["on_post"], row.before["roster"]),
            "said_at": row.said_at,
            "said_by": row.said_by,
            "now": _said(row.state, row.on_post, row.roster),
            "corrected_at": row.corrected_at,
            "corrected_by": row.corrected_by,
        }
        for row in rows
    ]


def total_rows(totals: list[AreaTotal]) -> list[dict[str, Any]]:
    return [
        {
            "area_name": str(total.area),
            "scope": total.scope or _("the whole economy"),
            "enterprises": (total.enterprises_open, total.enterprises),
            "people": (total.on_post, total.roster),
            "unit": total.get_people_unit_display() if total.people_unit else "",
            "source": total.source,
        }
        for total in totals
    ]


def effect_context(opened: OpenedFigure) -> dict[str, Any] | None:
    """What the missing could change, in values and as places on a bar from the least to the greatest."""
    if opened.effect is None:
        return None
    indicator = opened.figure.indicator
    low, high = (indicator.value(ratio) for ratio in opened.effect)
    exact = [ratio.exact for ratio in (*opened.effect, opened.figure.ratio)]
    if low is None or high is None or None in exact:
        return None
    return {
        "low": low,
        "high": high,
        "missing": opened.behind.get(MISSING, 0),
        "people": opened.people,
        "bar": _bar([one or Fraction(0) for one in exact]),
    }


def _bar(exact: list[Fraction]) -> dict[str, float]:
    """Where the range begins and ends and the figure stands, on a line with some room at both ends."""
    low, high, value = exact
    room = max(high - low, Fraction(1, 100)) / 4
    left, span = low - room, high - low + 2 * room
    places = {
        name: round(float((place - left) / span) * _SCALE, 1)
        for name, place in (("low", low), ("high", high), ("at", value))
    }
    return places | {"width": max(round(places["high"] - places["low"], 1), 1)}


def bulletin_links(opened: OpenedFigure, slug: str) -> list[dict[str, Any]]:
    """The published bulletins of the day and, for each, where its later corrections stand."""
    return [
        {
            "label": heading_of(bulletin),
            "at": bulletin.published_at,
            "url": reverse("situation:bulletin_page", args=[slug, bulletin.pk]),
        }
        for bulletin in opened.bulletins
    ]


def citation(opened: OpenedFigure, area_name: str) -> str:
    """The figure as one sentence to quote: value, base, day, hour, definition."""
    figure = opened.figure
    value = with_unit(shown(figure.value), value_unit(figure.indicator)) if figure.value is not None else "—"
    places = {
        "area": area_name,
        "day": f"{figure.day:%Y-%m-%d}",
        "name": figure.indicator.label,
        "value": value,
        "base": base_words(figure),
        "code": figure.indicator.code,
    }
    sentence = _("%(area)s, %(day)s: %(name)s %(value)s (%(base)s; definition %(code)s)") % places
    return sentence if not in_chinese() else sentence.replace(" / ", "/")
