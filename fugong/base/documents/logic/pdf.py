"""The same official document as PDF: the page of GB/T 9704-2012 in CSS, set by WeasyPrint.

Measures come from `page.py`, what depends on the text from `layout.py`, as for the .docx. Where the fonts of the
standard are missing, Noto's serif and sans faces stand in; 22 lines and 28 characters hold with either.
"""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup, escape

from fugong.base.documents.logic import layout, page
from fugong.base.documents.logic.official import (
    DRAFT_MARK,
    OfficialDocument,
    Table,
    chinese_date,
    clean,
    laid_out,
    number_line,
    numbered_notes,
)

_FANGSONG = "'仿宋_GB2312','FangSong','仿宋','STFangsong','Noto Serif CJK SC',serif"
_KAITI = "'楷体_GB2312','KaiTi','楷体','STKaiti','Noto Serif CJK SC',serif"
_HEITI = "'SimHei','黑体','STHeiti','Noto Sans CJK SC',sans-serif"
_SONGTI = "'SimSun','宋体','STSong','Noto Serif CJK SC',serif"
_TITLE = "'方正小标宋简体','FZXiaoBiaoSong-B05S','方正小标宋_GBK','STZhongsong','Noto Serif CJK SC',serif"
_LINE = page.LINE_TWIPS / 20
# A hair less than the 28th part, so that rounding never sends the last character to the next line.
_CHARACTER = page.CHARACTER_TWIPS / 20 - 0.003
_RED = "#ff0000"


class PdfUnavailable(RuntimeError):
    """The libraries that set type are missing on this machine; the message says how to get them."""


def render_pdf(document: OfficialDocument) -> bytes:
    """The document as PDF. Raises `PdfUnavailable` where Pango is not installed."""
    try:
        from weasyprint import HTML
        from weasyprint.text.fonts import FontConfiguration
    except OSError as error:  # the shared libraries are looked for when the package is imported
        raise PdfUnavailable(
            f"PDF needs the libraries of Pango ({error}). On Debian: apt-get install libpangoft2-1.0-0 fonts-noto-cjk"
        ) from error
    content = HTML(string=html_of(document), url_fetcher=_nothing_is_fetched)
    pdf: bytes = content.write_pdf(font_config=FontConfiguration(), pdf_identifier=b"fugong")
    return pdf


def _nothing_is_fetched(url: str, *_arguments: object, **_options: object) -> None:
    raise ValueError(f"an official document refers to nothing: {url}")


def html_of(document: OfficialDocument) -> str:
    """The page as HTML with its style sheet; every text is escaped."""
    parts = Markup("").join([*_head(document), *_body(document), *_end(document)])
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(clean(document.title))}</title>'
        f'<meta name="author" content="{escape(clean(document.organisation))}"><style>{_style(document)}</style></head>'
        f"<body>{parts}</body></html>"
    )


def _p(name: str, text: str, extra: str = "") -> Markup:
    return Markup('<p class="{}"{}>{}</p>').format(name, Markup(extra), clean(text))  # noqa: S704  extra is our own


def _head(document: OfficialDocument) -> Iterator[Markup]:
    if document.red_head:
        yield _p("name", document.organisation)
        yield _p("kind", document.kind_title)
    if number_line(document):
        yield _p("issue", number_line(document))
    if document.red_head:
        yield Markup('<p class="issuer"><span>{}</span><span class="date">{}</span></p>').format(
            clean(document.issuer), chinese_date(document.day)
        )
    yield Markup('<h1 class="title{}">{}</h1>').format("" if document.red_head else " first", clean(document.title))


def _body(document: OfficialDocument) -> Iterator[Markup]:
    tables = [(block.head, *block.rows) for block in document.body if isinstance(block, Table)]
    points = layout.table_points(tables)
    for block in laid_out(document.body):
        if block["kind"] == "table":
            yield _table(block, points)
        else:
            yield _p(block["kind"], block["text"])


def _table(block: dict[str, object], points: float) -> Markup:
    head: tuple[str, ...] = block["head"]  # type: ignore[assignment]
    rows: list[list[dict[str, object]]] = block["rows"]  # type: ignore[assignment]
    texts = (head, *(tuple(str(cell["text"]) for cell in row) for row in rows))
    widths = layout.column_widths(texts, points)
    columns = Markup("").join(Markup('<col style="width:{}pt">').format(width / 20) for width in widths)
    titles = Markup("").join(Markup("<th>{}</th>").format(clean(title)) for title in head)
    lines = Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(
                Markup("<td{}>{}</td>").format(
                    Markup(' class="number"') if cell["numeric"] else "", clean(str(cell["text"]))
                )
                for cell in row
            )
        )
        for row in rows
    )
    return Markup('<table style="font-size:{}pt">{}<thead><tr>{}</tr></thead><tbody>{}</tbody></table>').format(
        points, columns, titles, lines
    )


def _end(document: OfficialDocument) -> Iterator[Markup]:
    signature, date = layout.right_indents(clean(document.signature), chinese_date(document.day))
    yield _p("signature", document.signature, f' style="padding-right:{signature / 20}pt"')
    yield _p("signed", chinese_date(document.day), f' style="padding-right:{date / 20}pt"')
    for note in numbered_notes(document):
        yield _p("note", note)


def _style(document: OfficialDocument) -> str:
    top, bottom, left, right = (page.MARGINS_MM[side] for side in ("top", "bottom", "left", "right"))
    number = f"content:'— ' counter(page) ' —';font:{page.PAGE_NUMBER_PT}pt {_SONGTI};"
    number += "letter-spacing:0;white-space:nowrap;vertical-align:top;"
    gap = page.PAGE_NUMBER_GAP_MM - page.PAGE_NUMBER_PT * 0.3528 / 2
    mark = f"@top-left{{content:'{DRAFT_MARK}';font:{page.BODY_PT}pt {_HEITI};white-space:nowrap;"
    mark += "letter-spacing:0;vertical-align:bottom;padding-bottom:6mm}"
    draft = mark if document.is_draft else ""
    indent = 2 * _CHARACTER
    name = layout.name_points(clean(document.organisation))
    body = f"font:{page.BODY_PT}pt/{_LINE}pt {_FANGSONG};letter-spacing:{_CHARACTER - page.BODY_PT:.4f}pt"
    return f"""
@page {{size:{page.PAPER_MM[0]}mm {page.PAPER_MM[1]}mm;margin:{top}mm {right}mm {bottom}mm {left}mm;{draft}}}
@page:right {{@bottom-right{{{number}padding:{gap}mm {page.PAGE_NUMBER_PT}pt 0 0;text-align:right}}}}
@page:left {{margin-left:{right}mm;margin-right:{left}mm;
  @bottom-left{{{number}padding:{gap}mm 0 0 {page.PAGE_NUMBER_PT}pt;text-align:left}}}}
html{{{body}}} body,p,h1{{margin:0}} p{{widows:1;orphans:1;overflow-wrap:anywhere}}
.name{{font:bold {name}pt/{1.5 * _LINE}pt {_TITLE};color:{_RED};text-align:center;letter-spacing:0}}
.kind{{font:bold {page.KIND_PT}pt/{1.5 * _LINE}pt {_TITLE};color:{_RED};text-align:center;letter-spacing:0}}
.issue{{text-align:center}}
.issuer{{border-bottom:2.25pt solid {_RED};padding-bottom:11pt;margin-bottom:-13.25pt}}
.issuer .date{{float:right;white-space:nowrap}}
.title{{font:bold {page.TITLE_PT}pt/{_LINE}pt {_TITLE};text-align:center;letter-spacing:0;
  margin:{2 * _LINE}pt 0 {_LINE}pt;break-after:avoid}} .title.first{{margin-top:0}}
.issuer + .title{{margin-top:{2 * _LINE + 13.25}pt}}
.heading1,.heading2,.heading3,.paragraph,.closing{{text-indent:{indent}pt}}
.heading1{{font-family:{_HEITI};break-after:avoid}} .heading2{{font-family:{_KAITI};break-after:avoid}}
.heading3{{break-after:avoid}} .closing{{break-after:avoid}}
table{{width:100%;border-collapse:collapse;table-layout:fixed;line-height:14pt;letter-spacing:0;
  margin:{_LINE / 3}pt 0;break-inside:auto}} thead{{display:table-header-group}} tr{{break-inside:avoid}}
tbody tr:nth-last-child(-n+2){{break-before:avoid}}
th,td{{border:.5pt solid #000;padding:1.5pt {layout.CELL_MARGIN / 20}pt;font-weight:normal}}
th{{font-family:{_HEITI};text-align:center}} .number{{text-align:right}}
.signature{{margin-top:{2 * _LINE}pt;text-align:right;break-before:avoid;break-after:avoid}} .signed{{text-align:right}}
.note{{font-size:{page.NOTE_PT}pt;line-height:22pt;letter-spacing:0;text-indent:{2 * page.NOTE_PT}pt}}
.signed + .note{{margin-top:{_LINE / 3}pt}}
"""
