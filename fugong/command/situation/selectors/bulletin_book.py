"""A bulletin as a file; as a workbook: its figures by area, who is behind them, and what a revision changed."""

from __future__ import annotations

import io
from collections.abc import Iterator

from fugong.base.documents.logic.official import render_docx
from fugong.base.documents.logic.pdf import render_pdf
from fugong.base.spreadsheets.logic.writer import Cell, SheetData, write_xlsx
from fugong.command.situation.enums import OutputForm
from fugong.command.situation.logic.bulletin import percent
from fugong.command.situation.logic.bulletin_figures import FrozenFigures
from fugong.command.situation.logic.bulletin_members import MemberLine
from fugong.command.situation.models import Bulletin
from fugong.command.situation.selectors.bulletins import document_for, figures_of, members_frozen, named, revised
from fugong.core.viewer import Viewer

STATES = {
    "open": "开工",
    "partial": "部分开工",
    "closed": "未开工",
    "missing": "缺报",
    "excluded": "不计入",
    "total": "区域合计数",
}


def workbook_of(viewer: Viewer, bulletin: Bulletin) -> bytes:
    """The file as .xlsx, always Chinese like the document; the names are those of the register now."""
    figures, members = figures_of(bulletin), members_frozen(bulletin)
    sheets = [
        SheetData("指标", ["范围", "指标", "分子", "分母", "未舍入（%）", "文中", "口径"], _figures(figures)),
        SheetData("名册", _head(figures), _members(viewer, members, figures)),
    ]
    if bulletin.revises is not None:
        sheets.append(SheetData("修订", ["统一社会信用代码", "变化", "原", "现"], _changes(bulletin)))
    written = io.BytesIO()
    write_xlsx(written, sheets)
    return written.getvalue()


def content_of(viewer: Viewer, bulletin: Bulletin, form: str) -> bytes:
    """The bulletin as a file of this form. Raises `PdfUnavailable`."""
    match OutputForm(form):
        case OutputForm.XLSX:
            return workbook_of(viewer, bulletin)
        case OutputForm.PDF:
            return render_pdf(document_for(bulletin))
        case _:
            return render_docx(document_for(bulletin))


def _figures(figures: FrozenFigures) -> Iterator[list[Cell]]:
    for scope, label in figures.scopes().items():
        for item in figures.indicators:
            ratio = item.of(scope)
            exact = ratio.rounded(6)
            yield [
                label, item.name, ratio.numerator, ratio.denominator, "" if exact is None else exact,
                percent(ratio.rounded(item.places)), item.definition,
            ]  # fmt: skip


def _head(figures: FrozenFigures) -> list[str]:
    parts = [f"{item.name}{part}" for item in figures.indicators for part in ("分子", "分母")]
    return ["统一社会信用代码", "企业名称", "区域", "状态", "不计入原因", "规上", "标签", *parts]


def _members(viewer: Viewer, members: list[MemberLine], figures: FrozenFigures) -> Iterator[list[Cell]]:
    areas = figures.scopes()
    for one in named(viewer, members):
        line = one.line
        pairs: list[Cell] = []
        for item in figures.indicators:
            adds = line.adds[item.code]
            pairs += [adds.numerator, adds.denominator]
        above = {"yes": "是", "no": "否"}.get(line.above_scale, "")
        yield [
            line.code, one.name, areas.get(line.area, line.area), STATES.get(line.state, line.state),
            line.excluded_because, above, "；".join(line.tags), *pairs,
        ]  # fmt: skip


def _changes(bulletin: Bulletin) -> Iterator[list[Cell]]:
    for change in revised(bulletin):
        yield [change.line.code, str(change.what), _said(change.before), _said(change.after)]


def _said(line: MemberLine | None) -> str:
    if line is None:
        return ""
    pairs = " ".join(f"{code}={pair.numerator}/{pair.denominator}" for code, pair in sorted(line.adds.items()))
    return f"{line.area} {STATES.get(line.state, line.state)} {pairs}"
