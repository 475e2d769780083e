"""The committed template: the page of GB/T 9704-2012, and what its builder makes."""

from __future__ import annotations

import importlib.util
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest
from docx import Document
from docx.oxml.ns import qn

from fugong.base.documents.logic import page
from fugong.base.documents.logic.official import TEMPLATE

ROOT = Path(__file__).resolve().parents[3]
MM = 914400 / 25.4


@pytest.fixture
def builder(monkeypatch) -> ModuleType:
    loader = SourceFileLoader("build_official_template", str(ROOT / "script" / "build-official-template"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)  # its dataclasses look themselves up
    loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def template():
    return Document(str(TEMPLATE))


def test_committed_template_is_what_the_builder_makes(builder):
    assert builder.build() == TEMPLATE.read_bytes(), "run script/build-official-template and commit the file"


def test_paper_and_margins(template):
    (section,) = template.sections
    sizes = (
        section.page_width,
        section.page_height,
        section.top_margin,
        section.bottom_margin,
        section.left_margin,
        section.right_margin,
    )
    assert [round(size / MM, 1) for size in sizes] == [210, 297, 37, 35, 28, 26]
    assert template.settings.element.find(qn("w:mirrorMargins")) is not None


def test_grid_holds_22_lines_of_28_characters(template):
    grid = template.sections[0]._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "linesAndChars"
    line = int(grid.get(qn("w:linePitch")))
    character = (16 + int(grid.get(qn("w:charSpace"))) / 4096) * 20
    assert 22 <= page.TEXT_HEIGHT / line < 23
    assert 28 <= page.TEXT_WIDTH / character < 29
    assert page.TEXT_HEIGHT / line == pytest.approx(22, abs=0.05)  # 撑满版心: the grid fills the text area
    assert page.TEXT_WIDTH / character == pytest.approx(28, abs=0.05)


def test_body_style_carries_the_same_measures_without_the_grid(template):
    body = template.styles["公文正文"]
    spacing = body.element.pPr.find(qn("w:spacing"))
    assert spacing.get(qn("w:lineRule")) == "exact"
    assert 22 <= page.TEXT_HEIGHT / int(spacing.get(qn("w:line"))) < 23
    character = body.font.size.pt * 20 + int(body.element.rPr.find(qn("w:spacing")).get(qn("w:val")))
    assert 28 <= page.TEXT_WIDTH / character < 29


@pytest.mark.parametrize(
    ("style", "font", "points"),
    [
        ("发文机关标志", "方正小标宋简体", 36),
        ("文种标志", "方正小标宋简体", 26),
        ("公文标题", "方正小标宋简体", 22),
        ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体_GB2312", 16),
        ("Heading 3", "仿宋_GB2312", 16),
        ("公文正文", "仿宋_GB2312", 16),
        ("公文末段", "仿宋_GB2312", 16),
        ("发文机关署名", "仿宋_GB2312", 16),
        ("成文日期", "仿宋_GB2312", 16),
        ("Footer", "宋体", 14),
    ],
)
def test_fonts_and_sizes(template, style, font, points):
    fonts = template.styles[style].element.rPr.rFonts
    assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia")} == {font}
    assert template.styles[style].font.size.pt == points


def test_every_style_names_a_chinese_font_and_the_language(template):
    styles = list(template.styles.element.iter(qn("w:style")))
    assert len(styles) > 15
    for style in styles:
        properties = style.find(qn("w:rPr"))
        assert properties.find(qn("w:rFonts")).get(qn("w:eastAsia")), style.get(qn("w:styleId"))
        assert properties.find(qn("w:lang")).get(qn("w:eastAsia")) == "zh-CN"


def test_every_paragraph_style_leaves_the_text_as_given(template):
    for style in template.styles.element.iter(qn("w:style")):
        if style.get(qn("w:type")) == "paragraph":
            for switch in ("w:autoSpaceDE", "w:autoSpaceDN"):
                assert style.find(qn("w:pPr")).find(qn(switch)).get(qn("w:val")) == "0", style.get(qn("w:styleId"))


def test_missing_fonts_have_successors(template):
    table = next(part for part in template.part.package.iter_parts() if part.partname == "/word/fontTable.xml")
    text = table.blob.decode()
    for font, successor in (("仿宋_GB2312", "仿宋"), ("楷体_GB2312", "楷体"), ("方正小标宋简体", "华文中宋")):
        entry = text.split(f'w:name="{font}"')[1].split("</w:font>")[0]
        assert successor in entry


def test_title_stands_two_lines_beneath_the_red_line(template):
    line = template.styles["版头行"].element.pPr.find(qn("w:pBdr")).find(qn("w:bottom"))
    assert line.get(qn("w:color")) == "FF0000"
    spacing = template.styles["公文标题"].element.pPr.find(qn("w:spacing"))
    assert (spacing.get(qn("w:beforeLines")), spacing.get(qn("w:before"))) == ("200", str(2 * page.LINE_TWIPS))
    assert template.styles["公文标题"].element.pPr.find(qn("w:jc")).get(qn("w:val")) == "center"


def test_indents_of_two_and_four_characters(template):
    for style in ("公文正文", "Heading 1", "Heading 2", "Heading 3"):
        indent = template.styles[style].element.pPr.find(qn("w:ind"))
        assert indent.get(qn("w:firstLineChars")) == "200"
        assert int(indent.get(qn("w:firstLine"))) == pytest.approx(2 * page.CHARACTER_TWIPS, abs=1)
    date = template.styles["成文日期"].element.pPr.find(qn("w:ind"))
    assert int(date.get(qn("w:right"))) == pytest.approx(4 * page.CHARACTER_TWIPS, abs=1)


def test_page_number_stands_at_the_outer_edge(template):
    (section,) = template.sections
    assert template.settings.odd_and_even_pages_header_footer
    for footer, edge in ((section.footer, "right"), (section.even_page_footer, "left")):
        (paragraph,) = footer.paragraphs
        assert paragraph.text == "— 1 —"
        assert paragraph.style.name == "Footer"
        properties = paragraph._p.pPr
        assert properties.find(qn("w:jc")).get(qn("w:val")) == edge
        assert properties.find(qn("w:ind")).get(qn(f"w:{edge}")) == "280"  # one character of 14 points
        assert "".join(node.text for node in footer._element.iter(qn("w:instrText"))).strip() == "PAGE"
    # 7.5: the dashes, at half the height of a line of 14 points, lie 7 mm beneath the text
    dash = (section.bottom_margin - section.footer_distance) / MM - 14 / 2 * 25.4 / 72
    assert dash == pytest.approx(7, abs=0.1)


def test_template_holds_nothing_of_the_tool_that_made_it(template):
    names = sorted(str(part.partname) for part in template.part.package.iter_parts())
    assert names == [
        "/docProps/core.xml",
        "/word/document.xml",
        "/word/fontTable.xml",
        "/word/footer1.xml",
        "/word/footer2.xml",
        "/word/header1.xml",
        "/word/header2.xml",
        "/word/settings.xml",
        "/word/styles.xml",
    ]
    assert template.core_properties.author == ""
