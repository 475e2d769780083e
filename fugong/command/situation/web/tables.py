"""Rows of the board and of an opened figure, as the templates draw them."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from fugong.base.areas.selectors import AreaTree
from fugong.command.situation.logic.bulletin import BulletinFacts, coverage, exclusions, opening_words, sentence
from fugong.command.situation.logic.figures import Indicator, Ratio
from fugong.command.situation.selectors.board import AreaRow, Board
from fugong.command.situation.selectors.figures import Figure
from fugong.core.registries import Member
from fugong.record.registry.logic.reasons import reason_words
from fugong.record.reporting.enums import ReportState
from fugong.record.reporting.selectors.counts import MISSING


def with_query(url: str, query: str, **more: str) -> str:
    """The url with the scope's query and further parameters; empty ones are left out."""
    parts = "&".join(part for part in (query, urlencode({k: v for k, v in more.items() if v})) if part)
    return f"{url}?{parts}" if parts else url


def unit_label(unit: str) -> str:
    return {"enterprise": str(_("enterprises")), "person": str(_("people"))}[unit]


def state_label(state: str) -> str:
    return str(_("not reported")) if state == MISSING else str(ReportState(state).label)


def board_figures(board: Board, slug: str, query: str) -> list[dict[str, Any]]:
    """The tiles: per indicator what is counted and its rate, then how many have reported."""
    tiles = []
    for figure in board.whole:
        before = board.before.get(figure.indicator.code)
        url = with_query(reverse("situation:figure", args=[slug, figure.indicator.code]), query)
        base = f"{figure.ratio.numerator:,} / {figure.ratio.denominator:,}"
        change = figure.ratio.numerator - before.numerator if before else None
        tiles += [
            {
                "label": figure.indicator.numerator_label,
                "value": figure.ratio.numerator,
                "unit": unit_label(figure.unit),
                "base": f"{figure.indicator.denominator_label} {figure.ratio.denominator:,}",
                "change": change,
                "url": url,
                "rate": False,
            },
            {
                "label": figure.indicator.label,
                "value": figure.value,
                "unit": "%",
                "base": base,
                "change": figure.ratio.change_from(before, figure.indicator.places) if before else None,
                "url": url,
                "rate": True,
            },
        ]
    first = board.whole[0].indicator.code if board.whole else ""
    if first:
        tiles.append(
            {
                "label": str(_("Reported today")),
                "value": board.reported,
                "unit": unit_label("enterprise"),
                "base": _("of %(expected)s expected") % {"expected": f"{board.expected:,}"},
                "change": board.reported - board.reported_before if board.reported_before else None,
                "url": with_query(reverse("situation:figure", args=[slug, first]), query, state=MISSING),
                "rate": False,
            }
        )
    return tiles


def _cell(ratio: Ratio, indicator: Indicator) -> dict[str, Any]:
    value = ratio.rounded(indicator.places)
    return {"numerator": ratio.numerator, "denominator": ratio.denominator, "value": value}


def board_rows(board: Board, slug: str, day_query: str) -> list[dict[str, Any]]:
    """One row per area; its link narrows the board to it."""
    here = reverse("situation:board", args=[slug])
    return [
        {
            "name": str(row.area) if row.area else str(_("Others, in no reporting area")),
            "url": with_query(here, day_query, area=row.area.code) if row.area else "",
            "cells": [_cell(row.ratios[indicator.code], indicator) for indicator in board.indicators],
        }
        for row in board.rows
    ]


def total_row(board: Board, name: str) -> dict[str, Any]:
    return {"name": name, "cells": [_cell(figure.ratio, figure.indicator) for figure in board.whole]}


def missing_rows(board: Board, slug: str, tree: AreaTree) -> list[dict[str, Any]]:
    return [
        {
            "name": row.name,
            "area_name": str(tree.areas[row.area_id]),
            "url": reverse("registry:detail", args=[slug, row.pk]),
            "last_day": row.last_day,
            "last_state": state_label(row.last_state) if row.last_state else "",
        }
        for row in board.missing
    ]


def figure_rows(rows: list[AreaRow], indicator: Indicator) -> list[dict[str, Any]]:
    return [
        {
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
            "state_label": state_label(member.state),
        }
        for member in members
    ]


def _reasons(excluded: dict[str, int]) -> str:
    """moved away 2, closed for the season 1: the most frequent reason first."""
    ordered = sorted(excluded.items(), key=lambda item: (-item[1], item[0]))
    return _(", ").join(f"{reason_words(code)} {number:,}" for code, number in ordered)


def chain_of(states: dict[str, int], excluded: dict[str, int]) -> list[dict[str, Any]]:
    """From the enterprises in the register to those open, step by step. `excluded`: reason → how many."""
    expected, missing, closed = sum(states.values()), states.get(MISSING, 0), states.get(ReportState.CLOSED, 0)
    left_out = sum(excluded.values())
    return [
        {"label": _("In the register"), "count": expected + left_out, "kind": "st", "note": _("in business that day")},
        {"label": _("Not counted"), "count": left_out, "kind": "cut", "note": _reasons(excluded)},
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
        (str(_("Numerator")), indicator.numerator_label),
        (str(_("Denominator")), indicator.denominator_label),
        (str(_("How")), indicator.definition),
        (
            str(_("Rounding")),
            _("half up to %(places)d places; changes from unrounded values") % {"places": indicator.places},
        ),
    ]


class Piece(NamedTuple):
    """A piece of the bulletin's text; `url` opens the figure that it is."""

    text: str
    url: str = ""


def bulletin_paragraphs(facts: BulletinFacts, slug: str, query: str) -> list[list[Piece]]:
    """The text in pieces, figures with the address that opens them; the words are those of the document."""
    first = [Piece(opening_words(facts))]
    for statement in facts.statements:
        url = with_query(reverse("situation:figure", args=[slug, statement.indicator.code]), query)
        first += [Piece(text, url if is_figure else "") for text, is_figure in sentence(statement)]
    return [[*first, Piece(coverage(facts.states) + exclusions(facts.excluded))]]
