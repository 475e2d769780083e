"""A figure by two traits at once; every cell opens to its enterprises."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from fugong.base.areas.models import Area
from fugong.command.situation.actions.exports import export_crossing
from fugong.command.situation.logic.dimensions import dimension_label, key_label
from fugong.command.situation.logic.figures import Ratio
from fugong.command.situation.logic.limits import TooLarge, require_few
from fugong.command.situation.logic.words import scope_words
from fugong.command.situation.selectors.crossing import ALL, AREA, DIMENSIONS, Asked, Crossing, crossing
from fugong.command.situation.selectors.figures import area_in_view, indicators_on, tree_of
from fugong.command.situation.web import tables
from fugong.command.situation.web.views.figures import workbook
from fugong.record.registry.selectors.traits import TRAITS

PAGE = 100
_DEFAULT = "return_rate"


def _asked(request: HttpRequest) -> Asked:
    """What the address asks for; what cannot be read is as if it were not there."""
    get = request.GET.get
    codes = [indicator.code for indicator in indicators_on(request.scope.incident, request.scope.day)]
    code = get("by", "")
    rows, columns = get("rows", "industry"), get("columns", AREA)
    rows = rows if rows in DIMENSIONS else AREA
    columns = columns if columns in DIMENSIONS and columns != rows else ""
    only = tuple((trait, get(trait, "")) for trait in TRAITS if get(trait, ""))
    return Asked(code if code in codes else _DEFAULT if _DEFAULT in codes else codes[0], rows, columns, only)


def _area(request: HttpRequest) -> Area:
    return area_in_view(request.viewer, request.scope.incident, request.scope.area_code)


def _parameters(asked: Asked) -> dict[str, str]:
    # "none" keeps a choice of no columns apart from no choice.
    return {"by": asked.code, "rows": asked.rows, "columns": asked.columns or "none", **dict(asked.only)}


def _cell(found: Crossing, row: str, column: str, here: str, query: str) -> dict[str, Any]:
    ratio = found.cell(row, column)
    opens = ratio != Ratio() or any(row in (ALL, one) and column in (ALL, other) for one, other in found.members)
    return {
        "value": found.figure.indicator.value(ratio),
        "numerator": ratio.numerator,
        "denominator": ratio.denominator,
        "url": tables.with_query(here, query, **_parameters(found.asked), row=row or "-", column=column or "-")
        + "#behind"
        if opens
        else "",
    }


def _table(found: Crossing, names: dict[str, str], here: str, query: str) -> dict[str, Any]:
    asked = found.asked
    columns = [*found.column_keys, ALL] if asked.columns else [ALL]
    return {
        "columns": [key_label(asked.columns, key, names) for key in columns],
        "lines": [
            {
                "name": key_label(asked.rows, row, names),
                "is_sum": row == ALL,
                "cells": [_cell(found, row, column, here, query) for column in columns],
            }
            for row in [*found.row_keys, ALL]
        ],
    }


def _fields(found: Crossing, request: HttpRequest, names: dict[str, str]) -> list[dict[str, Any]]:
    """The choices above the table: figure, rows, columns, and those to whom it is narrowed."""
    asked, only = found.asked, dict(found.asked.only)

    def field(name: str, label: str, chosen: str, options: list[tuple[str, str]]) -> dict[str, Any]:
        return {"name": name, "label": label, "chosen": chosen, "options": options}

    shown = [(name, dimension_label(name)) for name in DIMENSIONS]
    figures = [(one.code, one.label) for one in indicators_on(request.scope.incident, request.scope.day)]
    found_fields = [
        field("by", tables.words("figure"), asked.code, figures),
        field("rows", tables.words("rows"), asked.rows, shown),
        field("columns", tables.words("columns"), asked.columns or "none", [("none", dimension_label("")), *shown]),
    ]
    for trait in TRAITS:
        options = [(key, key_label(trait, key, names)) for key in found.choices.get(trait, []) if key]
        if options:
            chosen = only.get(trait, "")
            found_fields.append(field(trait, dimension_label(trait), chosen, [("", tables.words("all")), *options]))
    return found_fields


def _behind(request: HttpRequest, found: Crossing, names: dict[str, str], slug: str) -> dict[str, Any] | None:
    """The enterprises of the cell that was opened."""
    row, column = request.GET.get("row", ""), request.GET.get("column", "")
    if not row or not column:
        return None
    row, column = ("" if key == "-" else key for key in (row, column))
    members = found.behind(row, column)
    asked = found.asked
    parts = [key_label(asked.rows, row, names)] + ([key_label(asked.columns, column, names)] if asked.columns else [])
    return {
        "title": " · ".join(parts),
        "count": len(members),
        "rows": tables.member_rows(members[:PAGE], slug, tree_of(request.viewer)),
        "more": max(len(members) - PAGE, 0),
    }


@require_safe
def cross(request: HttpRequest, slug: str) -> HttpResponse:
    """A figure of the scope crossed by two traits."""
    scope, area, asked = request.scope, _area(request), _asked(request)
    found = crossing(request.viewer, scope.incident, scope.day, area, asked)
    if found is None:
        raise Http404
    try:
        require_few(found.too_many)
    except TooLarge as error:
        return render(request, "situation/too_large.html", {"error": error})
    indicator, names = found.figure.indicator, {a.code: str(a) for a in tree_of(request.viewer).areas.values()}
    here, query = reverse("situation:crossing", args=[slug]), scope.query()
    context = {
        "figure": found.figure,
        "indicator": indicator,
        "unit": tables.value_unit(indicator),
        "area_name": str(area),
        "partial": scope_words(indicator) if indicator.is_partial else "",
        "only": [f"{dimension_label(trait)}: {key_label(trait, key, names)}" for trait, key in found.asked.only],
        "fields": _fields(found, request, names),
        "kept": [(name, request.GET[name]) for name in ("day", "area") if request.GET.get(name)],
        "table": _table(found, names, here, query),
        "rows_label": dimension_label(asked.rows),
        "is_additive": found.is_additive,
        "stated": found.stated if found.stated != Ratio() else None,
        "behind": _behind(request, found, names, slug),
        "export_url": tables.with_query(
            reverse("situation:crossing_export", args=[slug]), query, **_parameters(asked)
        ),
        "views": tables.views_of(slug, query, "crossing"),
    }  # fmt: skip
    return render(request, "situation/crossing.html", context)


@require_POST
def crossing_export(request: HttpRequest, slug: str) -> HttpResponse:
    """The crossing as a workbook."""
    scope, area, asked = request.scope, _area(request), _asked(request)
    try:
        content = export_crossing(actor=request.viewer, incident=scope.incident, day=scope.day, area=area, asked=asked)
    except TooLarge as error:
        return render(request, "situation/too_large.html", {"error": error}, status=409)
    if content is None:
        raise Http404
    return workbook(content, f"{asked.code}-{asked.rows}-{asked.columns or 'all'}-{area.code}-{scope.day.isoformat()}")
