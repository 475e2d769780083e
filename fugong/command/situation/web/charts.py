"""The board's map, trend and ranking as the templates draw them: SVG from the server, no script."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fugong.base.areas.models import Area
from fugong.base.areas.selectors import AreaTree
from fugong.command.situation.logic.figures import Indicator, Ratio
from fugong.command.situation.logic.place_map import Classes, classes_of, map_of
from fugong.command.situation.logic.trend import Chart, chart
from fugong.command.situation.selectors.board import AreaRow, Board
from fugong.command.situation.web.tables import with_query
from fugong.record.registry.logic.reasons import reason_words

_METER = 100


def short(area: Area) -> str:
    """The usual short form in Chinese, as on maps; the English name has none."""
    return area.short_name if area.short_name and str(get_language()).startswith("zh") else str(area)


COMPARED_LINES = 2


def _exact(indicator: Indicator, ratio: Ratio) -> Fraction | None:
    return ratio.times(indicator.measured.factor)


def ranked(board: Board, indicator: Indicator, slug: str, day_query: str) -> list[dict[str, Any]]:
    """The areas by their unrounded value, the greatest first; equal values share a place, 0 of 0 has none."""
    here = reverse("situation:figure", args=[slug, indicator.code])
    whole = next(figure.ratio for figure in board.whole if figure.indicator.code == indicator.code)
    rows = [row for row in board.rows if row.area is not None]
    known = sorted(
        (row for row in rows if _exact(indicator, row.ratios[indicator.code]) is not None),
        key=lambda row: (-(_exact(indicator, row.ratios[indicator.code]) or 0), row.area.code if row.area else ""),
    )
    unknown = [row for row in rows if row not in known]
    top = max([Fraction(100), *(_exact(indicator, row.ratios[indicator.code]) or Fraction(0) for row in known)])
    listed: list[dict[str, Any]] = []
    for place, row in enumerate(known, start=1):
        value = _exact(indicator, row.ratios[indicator.code])
        same = listed and listed[-1]["exact"] == value
        listed.append(
            _ranked(board, indicator, row, here, day_query, top)
            | {"place": listed[-1]["place"] if same else place, "exact": value}
        )
    listed += [_ranked(board, indicator, row, here, day_query, top) | {"place": None, "exact": None} for row in unknown]
    mean = _exact(indicator, whole)
    for item in listed:
        item["tick"] = None if mean is None else round(float(mean / top) * _METER, 1)
    return listed


def _ranked(
    board: Board, indicator: Indicator, row: AreaRow, here: str, day_query: str, top: Fraction
) -> dict[str, Any]:
    assert row.area is not None
    ratio, before = row.ratios[indicator.code], row.before.get(indicator.code)
    exact = _exact(indicator, ratio)
    target = board.targets.get((indicator.code, row.area.pk))
    return {
        "name": short(row.area),
        "url": with_query(here, day_query, area=row.area.code),
        "value": indicator.value(ratio),
        "meter": 0 if exact is None else round(float(exact / top) * _METER, 1),
        "numerator": ratio.numerator,
        "denominator": ratio.denominator,
        "change": None if before is None else indicator.change(ratio, before),
        "short": target is not None and exact is not None and exact < Fraction(target),
    }


def map_context(board: Board, indicator: Indicator, slug: str, day_query: str, tree: AreaTree) -> dict[str, Any] | None:
    """The place with the value of each area, zones without an outline as chips; None where no map shows these areas."""
    rows = {row.area.code: row for row in board.rows if row.area is not None}
    codes = {code: code for code in rows}
    for area in tree.areas.values():
        # A map may be older than the areas: an abolished code shows the one that took it over.
        successor = tree.areas.get(area.successor_id) if area.successor_id else None
        if successor is not None and successor.code in rows:
            codes[area.code] = successor.code
    place = map_of(codes)
    if place is None:
        return None
    exact = {code: _exact(indicator, row.ratios[indicator.code]) for code, row in rows.items()}
    classes = classes_of(exact.values())
    here = reverse("situation:figure", args=[slug, indicator.code])

    def item(code: str) -> dict[str, Any]:
        row, value = rows[code], exact[code]
        assert row.area is not None
        return {
            "name": short(row.area),
            "value": indicator.value(row.ratios[indicator.code]),
            "cls": classes.of(value),
            "url": with_query(here, day_query, area=code),
        }

    drawn = [{"path": shape.path, "x": shape.x, "y": shape.y, **item(shape.code)} for shape in place.shapes]
    shown = {shape.code for shape in place.shapes}
    return {
        "width": place.width,
        "height": place.height,
        "shapes": drawn,
        "chips": [item(code) for code in rows if code not in shown],
        "legend": legend(classes),
    }


def legend(classes: Classes) -> list[tuple[int, str]]:
    """Class → its printed limits."""
    if not classes.limits:
        return []
    first = (1, f"<{classes.limits[0]}")
    return [first, *((number, f"≥{limit}") for number, limit in enumerate(classes.limits, start=2))]


def trend_context(board: Board, indicator: Indicator) -> Chart:
    """The chosen indicator over the days up to this one, others of its kind in grey beside it."""
    days = sorted({day for found in board.trend.values() for day in found})
    first, last = (days[0], days[-1]) if days else (board.whole[0].day, board.whole[0].day)
    span = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    others = [
        other for other in board.indicators
        if other.code != indicator.code and other.is_rate and indicator.is_rate and not other.measured.may_exceed
        and other.metric in ("opening", "return") and other.base == "roster"
    ][:COMPARED_LINES]  # fmt: skip

    def values(one: Indicator) -> list[Decimal | None]:
        found = board.trend.get(one.code, {})
        return [one.value(found[day]) if day in found else None for day in span]

    lines = [(one.label, values(one)) for one in (indicator, *others)]
    return chart(span, lines, board.targets.get((indicator.code, board.area.pk)))


def why_words(why: str) -> str:
    """Why an enterprise came into the count or left it."""
    if why.startswith("decision:"):
        return reason_words(why.removeprefix("decision:"))
    return {
        "merged": _("merged into another"),
        "closed": _("closed for good"),
        "moved": _("managed elsewhere"),
        "established": _("founded on this day"),
        "counted": _("newly counted"),
    }[why]


def trend_table(board: Board, indicator: Indicator) -> dict[str, Any]:
    """The trend as a table: the latest day first, with what each value is made of."""
    found = board.trend.get(indicator.code, {})
    return {
        "columns": indicator.columns_label,
        "rows": [
            {
                "day": day,
                "value": indicator.value(found[day]),
                "numerator": found[day].numerator,
                "denominator": found[day].denominator,
            }
            for day in sorted(found, reverse=True)
        ],
    }
