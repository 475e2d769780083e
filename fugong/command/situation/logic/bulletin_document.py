"""A bulletin as an official document: its text with the figures filled in. Pure; the same text gives the same page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from fugong.base.documents.logic.official import Heading, OfficialDocument, Paragraph, Table
from fugong.command.situation.logic.bulletin import REST, percent
from fugong.command.situation.logic.bulletin_figures import WHOLE, FrozenFigures, FrozenIndicator
from fugong.command.situation.logic.bulletin_text import Block, Piece, block_of, filled
from fugong.command.situation.logic.figures import Ratio, remainder

_HEADINGS = ((re.compile("[一二三四五六七八九十]+、"), 1), (re.compile("（[一二三四五六七八九十]+）"), 2))
_LONGEST_HEADING = 30
_PER_BLOCK = 5


@dataclass(frozen=True, slots=True)
class Imprint:
    """What the page says besides the text. `number` None for a draft; `changes` are the lines of a revision's note."""

    kind_title: str
    title: str
    day: date
    number: int | None = None
    revision: int = 1
    red_head: bool = True
    notes: tuple[str, ...] = ()

    @property
    def issue(self) -> str | None:
        if self.number is None:
            return None
        tail = f"（第{self.revision - 1}次修订）" if self.revision > 1 else ""
        return f"第{self.number}期{tail}"


def heading_level(line: str) -> int:
    """1 for 一、…, 2 for （一）…, 0 for a line that is no heading."""
    if len(line) > _LONGEST_HEADING or line.endswith("。"):
        return 0
    return next((level for pattern, level in _HEADINGS if pattern.match(line)), 0)


def document_of(text: str, figures: FrozenFigures, imprint: Imprint) -> OfficialDocument:
    """The whole document. A draft, without a number, says so on every page."""
    body: list[Paragraph | Heading | Table] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        block = block_of(line)
        if block is not None:
            body += blocks_of(block, figures)
            continue
        words = said(filled(line.strip(), figures))
        if not words:
            continue
        level = heading_level(words)
        body.append(Heading(words, level) if level else Paragraph(words))
    return OfficialDocument(
        organisation=figures.organisation,
        kind_title=imprint.kind_title,
        issue=imprint.issue,
        issuer=figures.issuer,
        day=imprint.day,
        title=said(filled(imprint.title, figures)),
        body=tuple(body),
        signature=figures.organisation,
        is_draft=imprint.number is None,
        red_head=imprint.red_head,
        notes=imprint.notes,
    )


def said(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def blocks_of(block: Block, figures: FrozenFigures) -> list[Table]:
    """The table, or one chart for each indicator; nothing where the bulletin has no areas."""
    items = [item for item in map(figures.indicator, block.codes) if item is not None]
    if not items or not figures.areas:
        return []
    if block.kind == "chart":
        return [_chart(item, figures) for item in items]
    head = ["区域"]
    for item in items:
        head += [item.columns, item.name]
    named = [(area.name, area.code) for area in figures.areas]
    rows = [(name, {item.code: item.of(code) for item in items}) for name, code in named]
    rest = {item.code: remainder(item.of(WHOLE), [item.of(code) for _name, code in named]) for item in items}
    if any(ratio.denominator for ratio in rest.values()):
        rows.append((REST, rest))
    rows.append(("合计", {item.code: item.of(WHOLE) for item in items}))
    cells = tuple(
        (name, *(cell for item in items for cell in _cells(ratios[item.code], item.places))) for name, ratios in rows
    )
    return [Table(tuple(head), cells, frozenset(range(1, len(head))))]


def _cells(ratio: Ratio, places: int) -> tuple[str, str]:
    return f"{ratio.numerator}/{ratio.denominator}", percent(ratio.rounded(places))


def _chart(item: FrozenIndicator, figures: FrozenFigures) -> Table:
    """Bars of characters: they print in every program, stay editable, and are read aloud as the table that they are."""
    ordered = sorted(figures.areas, key=lambda area: -(item.of(area.code).exact or 0))
    lines = [(area.short_name or area.name, item.of(area.code)) for area in ordered]
    lines.append((figures.area_name, item.of(WHOLE)))
    rows = tuple((name, _bar(ratio), percent(ratio.rounded(item.places))) for name, ratio in lines)
    return Table(("区域", f"{item.name}（每格{_PER_BLOCK}%）", item.name), rows, frozenset({2}))


def _bar(ratio: Ratio) -> str:
    return "█" * int((ratio.exact or 0) / _PER_BLOCK)
