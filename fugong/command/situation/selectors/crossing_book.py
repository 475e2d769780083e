"""A crossing as a workbook: its cells, and every enterprise with the row and column it stands in."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from django.utils.translation import gettext as _

from fugong.base.areas.selectors import area_tree
from fugong.base.spreadsheets.logic.writer import Cell, SheetData, write_xlsx
from fugong.command.situation.logic.dimensions import dimension_label, key_label
from fugong.command.situation.logic.figures import Ratio
from fugong.command.situation.logic.words import scope_words, state_words
from fugong.command.situation.permissions import can_see_figures
from fugong.command.situation.selectors.crossing import ALL, Crossing
from fugong.core.viewer import Viewer


def _names() -> dict[str, str]:
    return {area.code: str(area) for area in area_tree().areas.values()}


def _cells(found: Crossing) -> Iterator[tuple[Cell, ...]]:
    asked, names, indicator = found.asked, _names(), found.figure.indicator
    for row in [*found.row_keys, ALL]:
        for column in [*found.column_keys, *([ALL] if asked.columns else [])]:
            ratio = found.cell(row, column)
            yield (
                key_label(asked.rows, row, names), key_label(asked.columns, column, names),
                ratio.numerator, ratio.denominator, indicator.value(ratio),
            )  # fmt: skip


def _members(found: Crossing) -> Iterator[tuple[Cell, ...]]:
    asked, names = found.asked, _names()
    for (row, column), members in found.members.items():
        for one in members:
            yield (
                one.code, one.name, key_label(asked.rows, row, names), key_label(asked.columns, column, names),
                state_words(one.state), one.numerator, one.denominator,
            )  # fmt: skip


def _about(found: Crossing) -> Iterator[tuple[Cell, Cell]]:
    figure, indicator, names = found.figure, found.figure.indicator, _names()
    yield _("Area"), f"{found.area.code} {found.area}"
    yield _("Day"), figure.day
    yield _("Name"), f"{indicator.label} ({indicator.code})"
    yield _("Scope"), scope_words(indicator) if indicator.is_partial else _("all enterprises")
    for trait, key in found.asked.only:
        yield dimension_label(trait), key_label(trait, key, names)
    yield _("How"), indicator.definition
    if found.stated != Ratio():
        yield _("Stated as totals, in no cell"), f"{found.stated.numerator} / {found.stated.denominator}"
    if not found.is_additive:
        yield _("Tags"), _("An enterprise may carry several tags; the sum counts it once.")


def crossing_book(viewer: Viewer, found: Crossing) -> bytes:
    """The workbook of what was crossed for the viewer. Names are text, so that nothing in them is a formula."""
    can_see_figures(viewer).require()
    indicator, asked = found.figure.indicator, found.asked
    heads = dimension_label(asked.rows), dimension_label(asked.columns)
    counts = (indicator.numerator_label, indicator.denominator_label)
    sheets = [
        SheetData(_("Crossing"), (*heads, *counts, indicator.label), _cells(found)),
        SheetData(
            _("Enterprises"), (_("Credit code"), _("Enterprise"), *heads, _("State"), *counts), _members(found)
        ),
        SheetData(_("Definition"), (_("What"), _("Said")), _about(found)),
    ]  # fmt: skip
    file = BytesIO()
    write_xlsx(file, sheets)
    return file.getvalue()
