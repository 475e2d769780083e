"""The page of GB/T 9704-2012 as PDF, measured with other programs than the one that set it."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from fugong.base.documents.logic import page
from fugong.base.documents.logic.official import Heading, OfficialDocument, Paragraph, Table
from fugong.base.documents.logic.pdf import html_of, render_pdf

MM = 72 / 25.4
SENTENCE = "复工复产情况每日调度分析研判并及时通报各县市区抓好落实工作"
HANZI = 28


def document(*body, **values):
    said = {
        "organisation": "聊城市工业企业复工复产指挥部",
        "kind_title": "复工复产情况通报",
        "issue": "第42期",
        "issuer": "指挥部办公室",
        "day": date(2020, 3, 24),
        "title": "全市企业复工复产进展情况",
        "body": body,
        "signature": "聊城市工业企业复工复产指挥部",
        "is_draft": False,
    }
    return OfficialDocument(**said | values)


def run(tool, *arguments):
    assert shutil.which(tool), f"{tool} is missing: install Debian's package poppler-utils"
    return subprocess.run([tool, *map(str, arguments)], check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """A document of some pages, full lines of Chinese characters; the words of each page with their boxes in points."""
    table = Table(("区域", "开工/应报", "开工率"), (("经开区", "466/466", "100%"),), frozenset({1, 2}))
    text = SENTENCE * 60
    path = tmp_path_factory.mktemp("pdf") / "x.pdf"
    path.write_bytes(render_pdf(document(Paragraph(text), Heading("一、进展"), table, Paragraph("完。"))))
    boxes = run("pdftotext", "-bbox-layout", path, "-")
    pages = []
    for part in boxes.split("<page ")[1:]:
        lines = [
            tuple(map(float, found))
            for found in re.findall(r'<line xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"', part)
        ]
        texts = ["".join(re.findall(r">([^<]+)</word>", line)) for line in part.split("<line ")[1:]]
        pages.append(list(zip(texts, lines, strict=True)))
    return path, pages


def test_the_paper_is_a4(printed):
    path, pages = printed
    width, height = re.search(r"Page size:\s+([\d.]+) x ([\d.]+) pts", run("pdfinfo", path)).groups()
    assert (round(float(width) / MM), round(float(height) / MM)) == page.PAPER_MM
    assert len(pages) >= 3


def test_a_page_has_22_lines_of_28_characters(printed):
    _path, pages = printed
    full = [text for text, _box in pages[1] if not text.startswith("—")]
    assert len(full) == page.LINES
    assert Counter(map(len, full)) == {HANZI: page.LINES}


def test_the_text_stands_within_its_margins(printed):
    _path, pages = printed
    for number, lines in enumerate(pages[:2]):
        left, right = (28, 26) if number % 2 == 0 else (26, 28)
        for text, (x_min, y_min, x_max, y_max) in lines:
            if text.startswith("—"):
                continue
            assert x_min >= left * MM - 0.6
            assert x_max <= (210 - right) * MM + 0.6
            assert y_min >= 37 * MM - 8
            assert y_max <= (297 - 35) * MM + 8
    whole = [box for text, box in pages[1] if len(text) == HANZI]
    assert all(abs(box[0] - 26 * MM) < 0.6 and abs(box[2] - (210 - 28) * MM) < 0.8 for box in whole)


def test_lines_stand_a_22nd_of_the_text_apart(printed):
    _path, pages = printed
    tops = [box[1] for text, box in pages[1] if not text.startswith("—")]
    steps = {round(lower - upper, 1) for upper, lower in pairwise(tops)}
    assert steps <= {28.9, 29.0}


def test_the_page_number_stands_at_the_outer_edge_beneath_the_text(printed):
    _path, pages = printed
    for number, lines in enumerate(pages, start=1):
        (box,) = [box for text, box in lines if text.startswith("—")]
        (text,) = [text for text, _box in lines if text.startswith("—")]
        assert text == f"—{number}—"
        assert box[1] > (297 - 35) * MM
        assert (box[2] > 150 * MM) == (number % 2 == 1)


def test_the_sizes_of_type_are_those_of_the_standard(printed):
    path, _pages = printed
    boxes = run("pdftotext", "-bbox-layout", path, "-")
    assert "第42期" in boxes
    html = html_of(document(Paragraph("文")))
    assert f"font:{page.BODY_PT}pt/" in html
    assert f"font:bold {page.TITLE_PT}pt/" in html


def test_the_signature_does_not_stand_alone_and_the_date_is_four_characters_in(printed):
    _path, pages = printed
    last = [text for text, _box in pages[-1]]
    assert "2020年3月24日" in last
    assert last.index("2020年3月24日") >= 2


def test_a_draft_says_so_on_every_page_and_has_no_number(tmp_path):
    path = tmp_path / "draft.pdf"
    path.write_bytes(render_pdf(document(Paragraph(SENTENCE * 60), issue=None, is_draft=True)))
    pages = run("pdftotext", path, "-").rstrip("\f").split("\f")
    assert len(pages) >= 2
    assert all("草稿" in text for text in pages)
    assert "期" not in pages[0].replace("日期", "")


def test_what_somebody_typed_is_text_and_nothing_is_fetched():
    html = html_of(document(Paragraph('<img src="http://example.com/x.png"><script>'), title="<b>题</b>"))
    assert "<img" not in html
    assert "<script" not in html
    assert "&lt;b&gt;" in html
