"""Rows of the board and of an opened figure, as the templates draw them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fugong.base.areas.selectors import AreaTree
from fugong.command.situation.logic.figures import Indicator, Ratio, half_up
from fugong.command.situation.logic.words import base_label, scope_words, state_words, why_out
from fugong.command.situation.selectors.board import AreaRow, Board
from fugong.command.situation.selectors.figures import Figure
from fugong.core import clock
from fugong.core.registries import Member
from fugong.core.templatetags.fugong import figure as figure_filter
from fugong.core.templatetags.fugong import signed, with_unit
from fugong.core.text import in_language
from fugong.record.reporting.enums import ReportState
from fugong.record.reporting.selectors.counts import MISSING


def with_query(url: str, query: str, **more: str) -> str:
    """The url with the scope's query and further parameters; empty ones are left out."""
    parts = "&".join(part for part in (query, urlencode({k: v for k, v in more.items() if v})) if part)
    return f"{url}?{parts}" if parts else url


def day_query(day: date) -> str:
    """The part of an address that keeps the day; "" for today."""
    return urlencode({"day": day.isoformat()}) if day != clock.today() else ""


def words(name: str) -> str:
    """The labels of the choices above a crossing."""
    return {
        "figure": str(_("Indicator")),
        "rows": str(_("By rows")),
        "columns": str(_("By columns")),
        "all": str(_("all")),
    }[name]


def views_of(slug: str, query: str, current: str) -> list[dict[str, Any]]:
    """The views of the situation, as tabs of its pages."""
    listed = (
        ("board", _("Overview"), "situation:board"),
        ("crossing", _("Crossing"), "situation:crossing"),
        ("missing", _("Not reported"), "reports:missing"),
        ("definitions", _("Definitions"), "situation:definitions"),
    )
    return [
        {"label": label, "url": with_query(reverse(url_name, args=[slug]), query), "current": name == current}
        for name, label, url_name in listed
    ]


def in_chinese() -> bool:
    return str(get_language()).startswith("zh")


def unit_label(unit: str) -> str:
    return {"enterprise": str(_("enterprises")), "person": str(_("people")), "second": str(_("seconds"))}[unit]


def base_words(figure: Figure) -> str:
    """277,400 / 322,970; minutes instead of seconds."""
    whole = f"{figure.ratio.denominator:,}"
    if figure.unit == "second":
        minutes = half_up(Fraction(figure.ratio.numerator) / 60, 0)
        return str(_("%(minutes)s min / %(enterprises)s enterprises") % {"minutes": minutes, "enterprises": whole})
    part = half_up(Fraction(figure.ratio.numerator), 0)
    return f"{part:,} / {whole}"


def value_unit(indicator: Indicator) -> str:
    return "%" if indicator.is_rate else str(_("min"))


def target_words(figure: Figure, target: Decimal | None) -> tuple[str, bool]:
    """The target with the distance to it, and whether the figure falls short of it."""
    if target is None or figure.value is None:
        return "", False
    exact = figure.ratio.times(figure.indicator.measured.factor)
    short = exact is not None and exact < Fraction(target)
    places = {"target": f"{target.normalize():f}", "gap": half_up(abs(Fraction(target) - (exact or 0)), 2)}
    return str((_("target %(target)s, %(gap)s short") if short else _("target %(target)s reached")) % places), short


def board_figures(board: Board, slug: str, query: str) -> list[dict[str, Any]]:
    """A tile per indicator: value, base, change against the same moment of the day before, target."""
    tiles = []
    for figure in board.whole:
        indicator, before = figure.indicator, board.before.get(figure.indicator.code)
        words, short = target_words(figure, board.targets.get((indicator.code, board.area.pk)))
        tiles.append(
            {
                "code": indicator.code,
                "label": indicator.label,
                "value": figure.value,
                "unit": value_unit(indicator),
                "base": base_words(figure),
                "base_label": indicator.denominator_label,
                "change": indicator.change(figure.ratio, before) if before is not None else None,
                "rate": indicator.is_rate,
                "target": words,
                "short": short,
                "url": with_query(reverse("situation:figure", args=[slug, indicator.code]), query),
            }
        )
    return tiles


def brief_text(board: Board, area_name: str, day: date, moment: str) -> str:
    """The figures as plain lines for a chat group: each with its base and its change."""
    lines = [str(_("%(area)s, %(day)s %(moment)s") % {"area": area_name, "day": f"{day:%Y-%m-%d}", "moment": moment})]
    for tile in board_figures(board, "-", ""):
        value = figure_filter(tile["value"])
        line = f"{tile['label']} {with_unit(value, tile['unit'])}" if value != "—" else f"{tile['label']} —"
        parts = [tile["base"]]
        if tile["change"] is not None:
            parts.append(str(_("%(change)s on yesterday") % {"change": signed(tile["change"])}))
        if tile["target"]:
            parts.append(tile["target"])
        lines.append(f"{line} ({'; '.join(parts)})" if not in_chinese() else f"{line}（{'；'.join(parts)}）")
    lines.append(str(_("Not reported: %(count)s") % {"count": f"{board.missing_total:,}"}))
    return "\n".join(lines)


def _cell(ratio: Ratio, indicator: Indicator) -> dict[str, Any]:
    value = indicator.value(ratio)
    return {"numerator": ratio.numerator, "denominator": ratio.denominator, "value": value}


def missing_rows(board: Board, slug: str, tree: AreaTree) -> list[dict[str, Any]]:
    return [
        {
            "name": row.name,
            "area_name": str(tree.areas[row.area_id]),
            "url": reverse("registry:detail", args=[slug, row.pk]),
            "last_day": row.last_day,
            "last_state": state_words(row.last_state) if row.last_state else "",
        }
        for row in board.missing
    ]


def figure_rows(rows: list[AreaRow], indicator: Indicator, here: str, day_query: str) -> list[dict[str, Any]]:
    return [
        {
            "url": with_query(here, day_query, area=row.area.code) if row.area else "",
            "name": str(row.area) if row.area else str(_("Others, in no reporting area")),
            "missing": row.missing,
            **_cell(row.ratios[indicator.code], indicator),
        }
        for row in rows
    ]


def member_rows(members: list[Member], slug: str, tree: AreaTree) -> list[dict[str, Any]]:
    return [
        {
            "name": member.name,
            "url": reverse("registry:detail", args=[slug, member.enterprise_id]),
            "area_name": str(tree.areas[member.area_id]),
            "numerator": member.numerator,
            "denominator": member.denominator,
            "state_label": state_words(member.state),
        }
        for member in members
    ]


def _reasons(excluded: dict[str, int], indicator: Indicator | None) -> str:
    """moved away 2, closed for the season 1: the most frequent reason first."""
    ordered = sorted(excluded.items(), key=lambda item: (-item[1], item[0]))
    return _(", ").join(f"{why_out(code, indicator)} {number:,}" for code, number in ordered)


def chain_of(
    states: dict[str, int], excluded: dict[str, int], indicator: Indicator | None = None
) -> list[dict[str, Any]]:
    """From the enterprises in the register to those open, step by step. `excluded`: reason → how many."""
    expected, missing, closed = sum(states.values()), states.get(MISSING, 0), states.get(ReportState.CLOSED, 0)
    left_out = sum(excluded.values())
    return [
        {"label": _("In the register"), "count": expected + left_out, "kind": "st", "note": _("in business that day")},
        {"label": _("Not counted"), "count": left_out, "kind": "cut", "note": _reasons(excluded, indicator)},
        {"label": _("Expected"), "count": expected, "kind": "st", "note": ""},
        {"label": _("Not reported"), "count": missing, "kind": "cut", "note": _("not carried over from yesterday")},
        {"label": _("Reported"), "count": expected - missing, "kind": "st", "note": ""},
        {"label": _("Closed"), "count": closed, "kind": "cut", "note": ""},
        {"label": _("Open"), "count": expected - missing - closed, "kind": "end", "note": _("wholly or in part")},
    ]


def definition_of(figure: Figure) -> list[tuple[str, str]]:
    indicator = figure.indicator
    return [
        (str(_("Name")), f"{indicator.label} ({indicator.code})"),
        *([(str(_("Scope")), scope_words(indicator))] if indicator.is_partial else []),
        *([(str(_("Totals")), indicator.totals)] if indicator.totals else []),
        *(
            [(str(_("Leaves out")), _(", ").join(in_language(dict(one.reason)) for one in indicator.exclusions))]
            if indicator.exclusions
            else []
        ),
        (str(_("Numerator")), indicator.numerator_label),
        (str(_("Denominator")), indicator.denominator_label),
        (str(_("How")), indicator.definition),
        (str(_("Base")), base_label(indicator)),
        *([(str(_("As of")), f"{indicator.as_of:%H:%M}")] if indicator.as_of else []),
        *(
            [(str(_("Stated")), f"{indicator.stated_by}, {indicator.since:%Y-%m-%d}")]
            if indicator.since is not None
            else []
        ),
        (
            str(_("Rounding")),
            _("half up to %(places)d places; changes from unrounded values") % {"places": indicator.places},
        ),
    ]


def other_definitions(figures: list[Figure], opened: Figure, slug: str, query: str) -> list[dict[str, Any]]:
    """The figures of the same metric that stand beside the opened one on the same day; neither overwrites the other."""
    return [
        {
            "label": figure.indicator.label,
            "value": figure.value,
            "unit": value_unit(figure.indicator),
            "base": base_words(figure),
            "url": with_query(reverse("situation:figure", args=[slug, figure.indicator.code]), query),
        }
        for figure in figures
        if figure.indicator.metric == opened.indicator.metric and figure.indicator.code != opened.indicator.code
    ]
