from __future__ import annotations

import dataclasses
import datetime as dt
import io
import zipfile

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from fugong.base.documents.logic import page
from fugong.base.documents.logic.official import (
    Heading,
    OfficialDocument,
    Paragraph,
    Table,
    chinese_date,
    render_docx,
    render_text,
)

FIRST = "截至3月24日10时，全市开工工业企业5853家，复工人数27.74万人，员工返岗率85.89%，较前一日提高0.74个百分点。"
TABLE = Table(
    head=("区域", "开工企业（家）", "返岗率", "说明"),
    rows=(("经济技术开发区", "466", "91.20%", ""), ("莘县", "—", "79.80%", "与用电情况不符")),
    numeric_columns=frozenset({1, 2}),
)
BULLETIN = OfficialDocument(
    organisation="聊城市工业企业复工复产指挥部",
    kind_title="复工复产情况通报",
    issue="第 42 期",
    issuer="指挥部办公室",
    day=dt.date(2020, 3, 4),
    title="全市工业企业复工复产进展情况",
    body=(
        Paragraph(FIRST),
        Heading("一、各县（市、区）进展"),
        Heading("（一）返岗", level=2),
        TABLE,
        TABLE,
        Heading("1.东昌府区", level=3),
        Heading("（1）乡镇", level=4),
        Paragraph("本期不列名次。"),
    ),
    signature="聊城市工业企业复工复产指挥部",
    is_draft=False,
    notes=("返岗率的口径见附表。",),
)
DRAFT = dataclasses.replace(BULLETIN, issue=None, is_draft=True)
HOSTILE = (
    "A&B <w:p/> </w:t> ]]> {{ 7*7 }} {% for x in y %} {%p if x %} {# c #} {_{ }_} {_% %_} &#123; 'a' \"b\" \\ "
    "\x00\x07\x0c\ud800\ufffe"
)
PRINTED = HOSTILE.translate(dict.fromkeys((0x00, 0x07, 0x0C, 0xD800, 0xFFFE)))


def opened(document: OfficialDocument):
    return Document(io.BytesIO(render_docx(document)))


def by_style(file) -> list[tuple[str, str]]:
    return [(paragraph.style.name, paragraph.text) for paragraph in file.paragraphs if paragraph.style.name != "间隔"]


def test_bulletin_says_everything_in_order():
    assert by_style(opened(BULLETIN)) == [
        ("发文机关标志", "聊城市工业企业复工复产指挥部"),
        ("文种标志", "复工复产情况通报"),
        ("期号", "第 42 期"),
        ("版头行", "指挥部办公室\t2020年3月4日"),
        ("公文标题", "全市工业企业复工复产进展情况"),
        ("公文正文", FIRST),
        ("Heading 1", "一、各县（市、区）进展"),
        ("Heading 2", "（一）返岗"),
        ("Heading 3", "1.东昌府区"),
        ("Heading 3", "（1）乡镇"),
        ("公文末段", "本期不列名次。"),
        ("发文机关署名", "聊城市工业企业复工复产指挥部"),
        ("成文日期", "2020年3月4日"),
        ("附注", "注：返岗率的口径见附表。"),
    ]


def test_red_head_can_be_left_out():
    styles = [style for style, _ in by_style(opened(dataclasses.replace(BULLETIN, red_head=False)))]
    assert styles[:3] == ["期号", "公文标题", "公文正文"]
    unnumbered = dataclasses.replace(BULLETIN, red_head=False, issue=None)
    assert by_style(opened(unnumbered))[0] == ("公文标题", BULLETIN.title)


def test_page_keeps_its_measures():
    (section,) = opened(BULLETIN).sections
    millimetres = [
        round(size.mm, 1)
        for size in (
            section.page_width,
            section.page_height,
            section.top_margin,
            section.bottom_margin,
            section.left_margin,
            section.right_margin,
        )
    ]
    assert millimetres == [210, 297, 37, 35, 28, 26]
    assert section._sectPr.find(qn("w:docGrid")).get(qn("w:type")) == "linesAndChars"


def test_every_run_names_a_chinese_font_and_the_language():
    file = opened(dataclasses.replace(DRAFT, body=(*BULLETIN.body, Paragraph("甲\t乙\n丙"))))
    (section,) = file.sections
    parts = (
        file.element.body,
        section.header._element,
        section.even_page_header._element,
        section.footer._element,
        section.even_page_footer._element,
    )
    runs = [run for part in parts for run in part.iter(qn("w:r"))]
    assert len(runs) > 40
    for run in runs:
        properties = run.find(qn("w:rPr"))
        assert properties.find(qn("w:rFonts")).get(qn("w:eastAsia"))
        assert properties.find(qn("w:lang")).get(qn("w:eastAsia")) == "zh-CN"


def test_head_and_signature_are_fitted_to_their_text():
    file = opened(BULLETIN)
    assert file.styles["发文机关标志"].font.size.pt == 31.5
    date = file.styles["成文日期"].paragraph_format.right_indent
    assert date.twips == round(4 * page.CHARACTER_TWIPS)
    # 14 characters over 6: centred on the date they would leave the page
    short = opened(dataclasses.replace(BULLETIN, signature="市指挥部"))
    assert short.styles["发文机关署名"].paragraph_format.right_indent.twips == round(5 * page.CHARACTER_TWIPS)


def test_draft_says_so_on_every_page_and_in_its_properties():
    file = opened(DRAFT)
    (section,) = file.sections
    assert section.header.paragraphs[0].text == section.even_page_header.paragraphs[0].text == "草稿"
    assert ("期号", "（草稿）") in by_style(file)
    assert file.core_properties.content_status == "草稿"


def test_final_document_carries_no_draft_mark():
    file = opened(BULLETIN)
    (section,) = file.sections
    assert section.header.paragraphs[0].text == section.even_page_header.paragraphs[0].text == ""
    assert "草稿" not in "".join(text for _, text in by_style(file))
    properties = file.core_properties
    assert properties.content_status == "定稿"
    assert (properties.title, properties.subject) == (BULLETIN.title, BULLETIN.kind_title)
    assert properties.created.date() == BULLETIN.day


def test_draft_with_a_number_is_refused():
    with pytest.raises(ValueError, match="no number"):
        dataclasses.replace(BULLETIN, is_draft=True)


def test_table_is_ruled_with_numbers_to_the_right():
    first, second = opened(BULLETIN).tables
    assert [[cell.text for cell in row.cells] for row in first.rows] == [list(TABLE.head), *map(list, TABLE.rows)]
    assert [cell.paragraphs[0].style.name for cell in first.rows[0].cells] == ["表头"] * 4
    body = [cell.paragraphs[0].style.name for cell in first.rows[1].cells]
    assert body == ["表格文字", "表格数字", "表格数字", "表格文字"]
    assert first.style.name == "公文表格"
    assert first.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert sum(column.width.twips for column in second.columns) == page.TEXT_WIDTH
    assert [cell.width for cell in second.rows[1].cells] == [column.width for column in second.columns]


def test_tables_that_follow_each_other_stay_apart():
    between = opened(BULLETIN).tables[0]._tbl.getnext()
    assert between.tag == qn("w:p")


@pytest.mark.parametrize("columns", [1, 2, 11, 30])
def test_table_of_any_width(columns):
    table = Table(tuple(f"列{n}" for n in range(columns)), (tuple(str(n) for n in range(columns)),))
    (made,) = opened(dataclasses.replace(BULLETIN, body=(table,))).tables
    assert len(made.columns) == columns
    assert [cell.text for cell in made.rows[1].cells] == [str(n) for n in range(columns)]


def test_misshapen_parts_are_refused():
    with pytest.raises(ValueError, match="Row 2 of the table has 1 cells, its head 2"):
        Table(("甲", "乙"), (("1", "2"), ("3",)))
    with pytest.raises(ValueError, match="at least one column"):
        Table((), ())
    with pytest.raises(ValueError, match="level from 1 to 4"):
        Heading("零", level=0)


def test_lines_of_a_paragraph_become_paragraphs():
    file = opened(dataclasses.replace(BULLETIN, body=(Paragraph("一是甲。\r\n二是乙。\n三是丙。"),)))
    body = [text for style, text in by_style(file) if style in {"公文正文", "公文末段"}]
    assert body == ["一是甲。", "二是乙。", "三是丙。"]


def test_only_a_short_last_paragraph_is_held_to_the_signature():
    long = opened(dataclasses.replace(BULLETIN, body=(Paragraph("长" * 200),)))
    assert "公文末段" not in dict(by_style(long))


def test_hostile_text_is_printed_as_text():
    document = OfficialDocument(
        organisation=HOSTILE,
        kind_title=HOSTILE,
        issue=HOSTILE,
        issuer=HOSTILE,
        day=BULLETIN.day,
        title=HOSTILE,
        body=(Heading(HOSTILE), Paragraph(HOSTILE), Table((HOSTILE, "乙"), ((HOSTILE, "1"),)), Paragraph(HOSTILE)),
        signature=HOSTILE,
        is_draft=False,
        notes=(HOSTILE, HOSTILE),
    )
    file = opened(document)
    for style, text in by_style(file):
        if style != "成文日期":
            assert PRINTED in text, style
    assert [row.cells[0].text for row in file.tables[0].rows] == [PRINTED, PRINTED]
    assert file.core_properties.title == PRINTED
    assert PRINTED in render_text(document)


def test_very_long_text_is_kept_whole():
    long = "长" * 10_000
    document = dataclasses.replace(
        BULLETIN, organisation=long, title=long, signature=long, body=(Paragraph(long), Table((long,), ((long,),)))
    )
    file = opened(document)
    assert dict(by_style(file))["公文正文"] == long
    assert file.tables[0].rows[1].cells[0].text == long
    assert file.core_properties.title == long[:255]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.one_of(st.sampled_from("{}%_#&<>;\"' \n\r\tx"), st.characters(exclude_categories=()))))
def test_any_text_comes_out_as_it_went_in(text):
    document = dataclasses.replace(BULLETIN, title=text, body=(Table(("甲",), ((text,),)),))
    file = opened(document)
    legal = "".join(
        c for c in text if c in "\t\n\r" or "\x20" <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
    )
    expected = legal.replace("\r\n", "\n").replace("\r", "\n")
    assert dict(by_style(file))["公文标题"] == expected
    assert file.tables[0].rows[1].cells[0].text == expected


def test_same_document_is_the_same_file():
    first = render_docx(BULLETIN)
    assert first == render_docx(dataclasses.replace(BULLETIN))
    assert first != render_docx(dataclasses.replace(BULLETIN, issue="第 43 期"))
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert archive.testzip() is None
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_date_has_no_leading_zeros():
    assert chinese_date(dt.date(2020, 1, 2)) == "2020年1月2日"


def test_text_for_copying():
    short = dataclasses.replace(DRAFT, body=(Paragraph("甲。\n乙。"), Heading("一、丙"), TABLE), notes=("丁", "戊"))
    assert render_text(short) == (
        "聊城市工业企业复工复产指挥部\n复工复产情况通报\n（草稿）\n指挥部办公室　2020年3月4日\n\n"
        "全市工业企业复工复产进展情况\n\n　　甲。\n　　乙。\n　　一、丙\n"
        "区域\t开工企业（家）\t返岗率\t说明\n经济技术开发区\t466\t91.20%\t\n莘县\t—\t79.80%\t与用电情况不符\n\n"
        "聊城市工业企业复工复产指挥部\n2020年3月4日\n注1：丁\n注2：戊\n"
    )
