"""A bulletin of a full city, from the frozen member file to .docx and PDF, beside docxtpl and WeasyPrint alone.

Floor: the same template and the same page, filled with a context that stands ready. Ours: read the member file of
`size` enterprises, add it up, fill the text, check it, and write both documents.
"""

from __future__ import annotations

import io
import random
import tomllib
from datetime import date
from functools import cache
from pathlib import Path

from docxtpl import DocxTemplate
from weasyprint import HTML

from bench.frame import Bench, at_most, register, seconds
from fugong.base.documents.logic import official, pdf
from fugong.command.situation.logic.bulletin_document import Imprint, document_of
from fugong.command.situation.logic.bulletin_figures import FrozenArea, FrozenFigures, FrozenIndicator
from fugong.command.situation.logic.bulletin_members import MemberLine, read_members, sums, write_members
from fugong.command.situation.logic.bulletin_text import text_faults
from fugong.command.situation.logic.figures import Ratio

CITY = 6_089
_DAY = date(2020, 3, 24)
_AREAS = tuple(FrozenArea(f"3715{number:02d}", f"第{number}县", f"{number}县") for number in range(1, 12))
_CODES = ("opening_rate", "return_rate")
_PLAYBOOK = Path(__file__).parent.parent / "fugong" / "playbooks" / "epidemic"


@cache
def _kept(size: int) -> tuple[bytes, str]:
    source = random.Random(7)
    lines = []
    for number in range(size):
        roster = source.randint(5, 400)
        adds = {"opening_rate": Ratio(1, 1), "return_rate": Ratio(round(roster * 0.86), roster)}
        area = _AREAS[number % 11].code
        lines.append(MemberLine(f"9137150{number:011d}", number, area, "open", above_scale="no", adds=adds))
    return write_members(lines, _CODES)


@cache
def _text() -> str:
    with (_PLAYBOOK / "bulletins.toml").open("rb") as file:
        return str(tomllib.load(file)["template"][0]["text"]).strip()


def _document(size: int) -> official.OfficialDocument:
    members = read_members(*_kept(size))
    ratios = sums(members, _CODES, ["", "above_scale", *(area.code for area in _AREAS)])
    named = zip(_CODES, ("enterprise", "person"), ("开工率", "返岗率"), strict=True)
    figures = FrozenFigures(
        organisation="某市企业复工复产指挥部",
        issuer="某市企业复工复产指挥部办公室",
        area_code="371500",
        area_name="某市",
        first_day=_DAY,
        last_day=_DAY,
        hour=8,
        states={"open": size},
        excluded={},
        areas=_AREAS,
        indicators=tuple(
            FrozenIndicator(code, unit, 2, name, "分子/分母", "", "", ratios[code], {}) for code, unit, name in named
        ),
        tags=(),
    )
    assert not text_faults(_text(), figures)
    return document_of(_text(), figures, Imprint("复工复产情况通报", "{area}企业复工复产进展情况", _DAY, 42))


@cache
def _constant(size: int) -> official.OfficialDocument:
    return _document(size)


def constant_context(size: int) -> None:
    document = _constant(size)
    template = DocxTemplate(official.TEMPLATE)
    template.render(official._context(document), official._environment(), autoescape=True)
    template.save(io.BytesIO())
    HTML(string=pdf.html_of(document)).write_pdf()


def from_the_member_file(size: int) -> None:
    document = _document(size)
    official.render_docx(document)
    pdf.render_pdf(document)


register(
    Bench(
        "bulletin .docx + PDF of a city",
        seconds(constant_context),
        seconds(from_the_member_file),
        at_most(1.3),
        "s",
        size=CITY,
        quick_size=50,
    )
)
