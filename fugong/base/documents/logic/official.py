"""An official document: what it says, and the editable .docx file that says it by GB/T 9704-2012.

The page itself (margins, grid, styles) is the template `docx/official.docx`; here its places are filled, and what
depends on the text is set. The text is printed as given: it is never evaluated, only characters that XML cannot carry
are left out.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from docx.document import Document
from docx.shared import Pt, Twips
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from fugong.base.documents.logic import layout, page
from fugong.base.documents.logic.archive import settle_archive

TEMPLATE = Path(__file__).parent.parent / "docx" / "official.docx"

DRAFT_MARK = "草稿"
FINAL_MARK = "定稿"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CLOSING_EMS = 5 * page.CHARACTERS
_PROPERTY_LENGTH = 255  # the longest text that a core property may hold


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with its number as given (一、 （一） 1. （1）); levels 1 to 4 as in section 7.3.3 of the standard."""

    text: str
    level: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.level <= 4:
            raise ValueError(f"A heading has a level from 1 to 4, not {self.level}.")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body; each line of the text becomes a paragraph of its own."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its numbers come as finished texts. `numeric_columns` (counted from 0) stand to the right."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric_columns: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if not self.head:
            raise ValueError("A table has at least one column.")
        for number, row in enumerate(self.rows, start=1):
            if len(row) != len(self.head):
                raise ValueError(f"Row {number} of the table has {len(row)} cells, its head {len(self.head)}.")


Block: TypeAlias = Heading | Paragraph | Table


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialDocument:
    """An official document, complete: the same document gives the same bytes.

    A draft says so on every page and in its properties, and carries no number: `issue` (第 42 期) must be None.
    `issuer` is the office named over the red line, `signature` the body that signs (seals) at the end. Without
    `red_head` the document begins with its number and title, as for paper that is already printed with a head.
    `notes` follow the date in small type.
    """

    organisation: str
    kind_title: str
    issue: str | None
    issuer: str
    day: dt.date
    title: str
    body: tuple[Block, ...]
    signature: str
    is_draft: bool
    red_head: bool = True
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.is_draft and self.issue is not None:
            raise ValueError("A draft carries no number.")


def render_docx(document: OfficialDocument) -> bytes:
    """The document as a .docx file."""
    template = DocxTemplate(TEMPLATE)
    template.render(_context(document), _environment(), autoescape=True)
    _fit_to_text(template.docx, document)
    _set_properties(template.docx, document)
    written = io.BytesIO()
    template.save(written)
    return settle_archive(written.getvalue())


def render_text(document: OfficialDocument) -> str:
    """The document as plain text, for copying into a message; table cells are parted by tabs."""
    lines = [document.organisation, document.kind_title] if document.red_head else []
    lines += [number_line(document)] if number_line(document) else []
    lines += [f"{document.issuer}　{chinese_date(document.day)}"] if document.red_head else []
    lines += ["", document.title, ""]
    for block in document.body:
        if isinstance(block, Table):
            lines += ["\t".join(_one_line(cell) for cell in row) for row in (block.head, *block.rows)]
        else:
            lines += [f"　　{line}" for line in _lines(block.text)]
    lines += ["", document.signature, chinese_date(document.day)]
    lines += numbered_notes(document)
    return clean("\n".join(lines)) + "\n"


def chinese_date(day: dt.date) -> str:
    """2020年3月24日: Arabic digits, no leading zeros (section 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def _context(document: OfficialDocument) -> dict[str, Any]:
    return {
        "draft_mark": DRAFT_MARK if document.is_draft else "",
        "red_head": document.red_head,
        "organisation": _one_line(document.organisation),
        "kind_title": _one_line(document.kind_title),
        "number_line": number_line(document),
        "issuer": _one_line(document.issuer),
        "date": chinese_date(document.day),
        "title": document.title,
        "blocks": laid_out(document.body),
        "signature": _one_line(document.signature),
        "notes": numbered_notes(document),
    }


def number_line(document: OfficialDocument) -> str:
    """第42期, or that it is a draft; empty for a document without a number."""
    return f"（{DRAFT_MARK}）" if document.is_draft else _one_line(document.issue or "")


def numbered_notes(document: OfficialDocument) -> list[str]:
    """The notes with the word that begins each."""
    if len(document.notes) == 1:
        return [f"注：{document.notes[0]}"]
    return [f"注{number}：{note}" for number, note in enumerate(document.notes, start=1)]


def laid_out(body: tuple[Block, ...]) -> list[dict[str, Any]]:
    """The body as the page sees it: a paragraph per line, headings by level, tables with their cells."""
    blocks: list[dict[str, Any]] = []
    for block in body:
        if isinstance(block, Table):
            blocks.append({"kind": "table", "head": block.head, "rows": [_cells(block, row) for row in block.rows]})
        elif isinstance(block, Heading):
            # The standard sets the third and the fourth level alike.
            blocks.append({"kind": f"heading{min(block.level, 3)}", "text": _one_line(block.text)})
        else:
            blocks += [{"kind": "paragraph", "text": line} for line in _lines(block.text)]
    if blocks and blocks[-1]["kind"] == "paragraph" and layout.ems(blocks[-1]["text"]) <= _CLOSING_EMS:
        # 7.3.5.5: no page with a signature alone; the last paragraph goes with it. A long one must be free to break:
        # LibreOffice would move it to the next page as a whole.
        blocks[-1]["kind"] = "closing"
    return blocks


def _cells(table: Table, row: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{"text": text, "numeric": index in table.numeric_columns} for index, text in enumerate(row)]


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _one_line(text: str) -> str:
    return " ".join(_lines(text))


def clean(text: str) -> str:
    """The text without the characters that XML cannot carry."""
    return _NOT_XML.sub("", text)


def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(autoescape=True, undefined=StrictUndefined, finalize=_printed)


def _printed(value: object) -> Markup:
    """A value as it goes into the XML. Braces go as references, since docxtpl rewrites `{_{` after rendering."""
    text = str(escape("\n".join(_lines(clean(str(value))))))
    return Markup(text.replace("{", "&#123;").replace("}", "&#125;"))  # noqa: S704  escaped in the line above


def _fit_to_text(file: Document, document: OfficialDocument) -> None:
    """Sets what depends on the text: in styles where possible, so that the file stays pleasant to edit by hand."""
    styles = file.styles
    styles["发文机关标志"].font.size = Pt(layout.name_points(clean(_one_line(document.organisation))))
    signature, date = layout.right_indents(clean(_one_line(document.signature)), chinese_date(document.day))
    if not document.red_head:
        # 7.3.1 asks for two blank lines beneath the red line; where there is none, the title opens the page.
        styles["公文标题"].paragraph_format.space_before = Twips(0)
    styles["发文机关署名"].paragraph_format.right_indent = Twips(signature)
    styles["成文日期"].paragraph_format.right_indent = Twips(date)

    tables = [(block.head, *block.rows) for block in document.body if isinstance(block, Table)]
    points = layout.table_points(tables)
    for style in ("表头", "表格文字", "表格数字"):
        styles[style].font.size = Pt(points)
    for table, rows in zip(file.tables, tables, strict=True):
        widths = [Twips(width) for width in layout.column_widths(rows, points)]
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        for row in table._tbl.tr_lst:
            for cell, width in zip(row.tc_lst, widths, strict=True):
                cell.width = width


def _set_properties(file: Document, document: OfficialDocument) -> None:
    properties = file.core_properties
    properties.title = _property(document.title)
    properties.subject = _property(document.kind_title)
    properties.author = properties.last_modified_by = _property(document.organisation)
    properties.content_status = DRAFT_MARK if document.is_draft else FINAL_MARK
    # The document's own day, not the moment of writing: the same document is the same file.
    properties.created = properties.modified = dt.datetime.combine(document.day, dt.time(), tzinfo=dt.UTC)


def _property(text: str) -> str:
    return clean(_one_line(text))[:_PROPERTY_LENGTH]
