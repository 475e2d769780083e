from __future__ import annotations

import pytest

from fugong.record.registry.logic.datafiles import table
from fugong.record.registry.logic.industries import industry_code, industry_words, section_of


def test_the_classification_has_20_sections_and_97_divisions():
    codes = [row["code"] for row in table("industries_2017.csv")]
    assert len(codes) == len(set(codes))
    assert [code for code in codes if code.isalpha()] == list("ABCDEFGHIJKLMNOPQRST")
    assert [code for code in codes if len(code) == 2] == [f"{number:02d}" for number in range(1, 98)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("C", "C"), ("17", "17"), ("C17", "17"), ("c1711", "1711"), ("Ｃ１７", "17"), ("C 17", "17"), ("纺织业", "17"),
        ("17 纺织业", "17"), ("C17纺织业", "17"), ("制造业", "C"), ("制造业-纺织业", "17"), ("C 制造业", "C"),
        ("批发和零售业", "F"), ("零售业", "52"), ("农、林、牧、渔业", "A"), ("软件和信息技术服务业", "65"),
        ("Textiles", "17"),
        ("房地产开发经营", "701"), ("物业管理", "702"), ("", ""), ("A17", ""), ("98", ""), ("00", ""), ("C99", ""),
        ("绿色产业", ""), ("Z", ""), ("12345", ""),
    ],
)  # fmt: skip
def test_a_text_names_a_code(text, code):
    assert industry_code(text) == code


def test_a_class_carries_the_name_of_its_division():
    assert industry_words("1711", "zh-hans") == "1711 纺织业"
    assert industry_words("1711", "en") == "1711 Textiles"
    assert section_of("1711") == "C"
    assert section_of("98") == ""
