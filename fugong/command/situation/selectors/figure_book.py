"""An opened figure as a workbook: the definition, the areas, every enterprise, who is left out, what was corrected."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from django.utils.translation import gettext as _

from fugong.base.spreadsheets.logic.writer import Cell, SheetData, write_xlsx
from fugong.command.situation.logic.words import base_label, scope_words, state_words, why_out
from fugong.command.situation.selectors.figures import members_of, tree_of
from fugong.command.situation.selectors.opened import OpenedFigure
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.reporting.selectors.behind import corrections_of, left_out_enterprises


def _definition(opened: OpenedFigure) -> Iterator[tuple[Cell, Cell]]:
    figure, indicator = opened.figure, opened.figure.indicator
    yield _("Area"), f"{figure.area.code} {figure.area}"
    yield _("Day"), figure.day
    yield _("as of"), clock.local(figure.as_of)
    yield _("Name"), f"{indicator.label} ({indicator.code})"
    yield indicator.numerator_label, figure.ratio.numerator
    yield indicator.denominator_label, figure.ratio.denominator
    yield _("Value"), figure.value
    yield _("How"), indicator.definition
    yield _("Scope"), scope_words(indicator) if indicator.is_partial else _("all enterprises")
    yield _("Base"), base_label(indicator)
    yield _("Decimals"), indicator.places


def _areas(opened: OpenedFigure) -> Iterator[tuple[Cell, ...]]:
    indicator = opened.figure.indicator
    for row in opened.rows:
        ratio = row.ratios[indicator.code]
        code, name = (row.area.code, str(row.area)) if row.area else ("", _("Others, in no reporting area"))
        yield code, name, ratio.numerator, ratio.denominator, indicator.value(ratio), row.missing
    whole = opened.figure
    yield whole.area.code, str(whole.area), whole.ratio.numerator, whole.ratio.denominator, whole.value, None


def figure_book(viewer: Viewer, incident: Incident, opened: OpenedFigure) -> bytes:
    """The workbook. Sums of its sheets are the figure; names are text, so that nothing in them is a formula."""
    figure, indicator, tree = opened.figure, opened.figure.indicator, tree_of(viewer)
    members = members_of(viewer, incident, figure.day, figure.area, indicator)
    sheets = [
        SheetData(_("Figure"), (_("What"), _("Said")), _definition(opened)),
        SheetData(
            _("By area"),
            (_("Code"), _("Area"), indicator.numerator_label, indicator.denominator_label, indicator.label,
             _("Not reported")),
            _areas(opened),
        ),
        SheetData(
            _("Enterprises"),
            (_("Credit code"), _("Enterprise"), _("Area"), _("State"), indicator.numerator_label,
             indicator.denominator_label),
            ((one.code, one.name, str(tree.areas[one.area_id]), state_words(one.state), one.numerator, one.denominator)
             for one in members),
        ),
        SheetData(
            _("Not counted"),
            (_("Credit code"), _("Enterprise"), _("Area"), _("Why")),
            ((one.code, one.name, str(tree.areas[one.area_id]), why_out(one.why, indicator))
             for one in left_out_enterprises(opened.counting)),
        ),
        SheetData(
            _("Corrected"),
            (_("Enterprise"), _("Area"), _("State before"), _("On post before"), _("Roster before"), _("said at"),
             _("State"), _("On post"), _("Roster"), _("corrected at")),
            ((one.name, str(tree.areas[one.area_id]), state_words(one.before["state"]), one.before["on_post"],
              one.before["roster"], clock.local(one.said_at), state_words(one.state), one.on_post, one.roster,
              clock.local(one.corrected_at))
             for one in corrections_of(opened.counting, max(opened.corrections, 1))),
        ),
    ]  # fmt: skip
    if opened.totals:
        sheets.append(
            SheetData(
                _("Stated as totals"),
                (_("Area"), _("Part of the economy"), _("Enterprises open"), _("Enterprises in all"),
                 _("People on post"), _("People on the roster"), _("Source")),
                ((str(total.area), total.scope, total.enterprises_open, total.enterprises, total.on_post, total.roster,
                  total.source) for total in opened.totals),
            )
        )  # fmt: skip
    file = BytesIO()
    write_xlsx(file, sheets)
    return file.getvalue()
