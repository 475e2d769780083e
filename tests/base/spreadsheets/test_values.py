from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fugong.base.spreadsheets.logic.columns import Names
from fugong.base.spreadsheets.logic.damage import damaged, likely_original
from fugong.base.spreadsheets.logic.issues import BadValue
from fugong.base.spreadsheets.logic.numerals import chinese_number
from fugong.base.spreadsheets.logic.values import is_nothing, read_count, read_day, read_decimal, rounded, tidy


def in_characters(number: int) -> str:
    """A whole number below 10^12 in plain Chinese characters."""
    if number == 0:
        return "零"
    for unit, name in ((10**8, "亿"), (10**4, "万")):
        if number >= unit:
            head, rest = divmod(number, unit)
            gap = "零" if rest and rest * 10 < unit else ""
            return in_characters(head) + name + gap + (in_characters(rest) if rest else "")
    text, pending = "", False
    for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            text += ("零" if pending and text else "") + "零一二三四五六七八九"[digit] + name
        pending = not digit
    return text


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("约60", "60"),
        ("约 60 人", "60"),
        ("６０人左右", "60"),
        ("60余人", "60"),
        ("100多", "100"),
        ("~1,200", "1,200"),
        ("近六十人", "60"),
        ("50+", "50"),
    ],
)
def test_what_is_about_right_is_told_what_to_write(text, number):
    with pytest.raises(BadValue) as told:
        read_count(text, units="人 名")
    assert number in told.value.fault.mend
    assert "120" not in told.value.fault.mend


@pytest.mark.parametrize("text", ["50-60", "50～60人", "50至60"])
def test_a_range_is_told_between_which_numbers(text):
    with pytest.raises(BadValue) as told:
        read_count(text, units="人 名")
    assert "50" in told.value.fault.mend
    assert "60" in told.value.fault.mend


@given(st.integers(0, 10**11))
def test_chinese_numerals_are_read_back(number):
    assert chinese_number(in_characters(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十二", 12),
        ("一百二十", 120),
        ("叁佰万", 3_000_000),
        ("二〇二〇", 2020),
        ("三亿五千万", 350_000_000),
        ("一万亿", 10**12),
    ],
)
def test_usual_numerals(text, number):
    assert chinese_number(text) == number


@pytest.mark.parametrize("text", ["", "万", "百", "甲", "一百个", "12", "一" * 50])
def test_what_is_no_numeral(text):
    assert chinese_number(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("120", 120),
        ("1,200", 1200),
        ("１２０", 120),
        ("120人", 120),
        ("120.0", 120),
        (" 7 ", 7),
        ("-3", -3),
        ("1.2e3", 1200),
    ],
)
def test_counts_as_people_write_them(text, number):
    assert read_count(text, units="人 名") == number


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("一百二十", "Write 120"),
        ("12.5", "whole number"),
        ("约百人", "digits only"),
        ("1,20", "digits only"),
        ("12000000000", "Check"),
        ("1e99", "Check"),
        ("9" * 60, "digits only"),
        ("NaN", "digits only"),
        ("Infinity", "digits only"),
        ("٣", "digits only"),
    ],
)
def test_bad_counts_say_how_to_mend(text, hint):
    with pytest.raises(BadValue) as caught:
        read_count(text)
    assert hint in caught.value.fault.mend
    assert caught.value.fault.reason


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=3))
def test_decimals_are_read_as_they_are(number):
    assert read_decimal(f"{number:,f}") == number
    assert read_decimal(f"{number:f} 天", units="日 天") == number


def test_rounding_is_half_up():
    assert rounded(Decimal("0.25"), 1) == Decimal("0.3")
    assert rounded(Decimal("85"), 1) == Decimal(85)
    assert str(rounded(Decimal("1E+2"), 1)) == "100.0"


@pytest.mark.parametrize(
    "text",
    [
        "2020-03-24",
        "2020/3/24",
        "2020.3.24",
        "20200324",
        "2020年3月24日",
        "2020-03-24 00:00:00",
        "２０２０－０３－２４",
        "2020-3-24T8:05",
    ],
)
def test_days_as_people_write_them(text):
    assert read_day(text) == date(2020, 3, 24)


@pytest.mark.parametrize(
    "text", ["2020-02-30", "20201301", "03-24", "3月24日", "43914", "2020-W13-2", "昨天", "24/03/2020"]
)
def test_days_that_cannot_be_told(text):
    with pytest.raises(BadValue):
        read_day(text)


def test_nothing_and_tidy():
    assert all(is_nothing(text) for text in ("", "N/A", "n/a", "-", "—", "无", "NULL"))
    assert not any(is_nothing(text) for text in ("0", "无锡", "#N/A"))
    assert tidy(" 山东\u3000某\n厂\u200b ") == "山东 某 厂"


CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=4, max_size=20)


@given(CHINESE)
def test_utf8_read_as_gb18030_is_noticed_and_undone(text):
    broken = text.encode("utf-8").decode("gb18030", errors="replace")
    assert damaged(broken)
    if "\ufffd" not in broken:
        assert likely_original(broken) == text


@given(CHINESE)
def test_chinese_read_as_western_is_noticed(text):
    assert damaged(text.encode("utf-8").decode("latin-1"))


@pytest.mark.parametrize("text", ["锟斤拷锟斤拷有限公司", "甲\ufffd厂", "a\x00b"])
def test_scars_of_lost_characters(text):
    assert damaged(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "联通",
        "中国联通有限公司",
        "Müller & Söhne GmbH",
        "Café 1895",
        "聊城市东昌府区A座（3楼）",
        "㐂家",
        "plain",
        "é",
    ],
)
def test_sound_texts_pass(text):
    assert not damaged(text)


@pytest.fixture
def names():
    return Names({"name": ("企业名称", "单位"), "people": ("职工人数", "在岗")}, needed=("name", "people"))


@pytest.mark.parametrize(
    "heading", ["企业名称", " 企业名称* ", "企业名称（必填）", "企 业 名 称：", "NAME", "基本情况/企业名称"]
)
def test_headings_are_recognised_in_many_spellings(names, heading):
    assert names.recognise([heading]).found == {"name": 0}


def test_the_more_exact_heading_wins_and_the_rest_is_unknown(names):
    columns = names.recognise(["企业名称（曾用）", "企业名称", "备注"])
    assert columns.found == {"name": 1}
    assert columns.unknown == ("企业名称（曾用）", "备注")
    assert columns.missing == ("people",)
    assert (columns.label("name"), columns.label("people")) == ("企业名称", "people")


def test_mapping_by_hand_goes_first(names):
    columns = names.recognise(["甲列", "企业名称", "在岗"], {"甲列": "name", "在岗": ""})
    assert columns.found == {"name": 0}
    assert columns.unknown == ("企业名称", "在岗")


def test_score_counts_different_fields(names):
    assert names.score(["企业名称", "单位", "在岗", "", "备注"]) == 2


def test_utf8_read_as_a_western_encoding_is_seen_through_its_empty_places():
    """Five bytes have no character in cp1252; programs show them as control characters, 司 ends with one of them."""
    empty = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
    broken = "".join(chr(b) if b in empty else bytes([b]).decode("cp1252") for b in "鲁西公司".encode())
    assert damaged(broken)
    assert likely_original(broken) == "鲁西公司"
