from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fugong.record.registry.logic.capital import parse_capital, unit_in

SHAPES = {
    "CNY": (
        "{}万人民币", "{}万元人民币", "{}(万元人民币)", "{}(万)", "{}万", "{}万元", "{}(万元)", "{}万人民币元",
        "人民币{}万元整", "RMB {}万", "￥{}万",
    ),
    "USD": ("{}万美元", "{}(万美元)", "US$ {}万", "{}万美金", "USD{}万"),
    "HKD": ("{}万港元", "{}(万港元)", "HK$ {}万", "{}万港币"),
    "JPY": ("{}万日元", "{}(万日元)"),
    "EUR": ("{}万欧元", "{}(万欧元)", "€{}万"),
    "SGD": ("{}(万新加坡元)",),
    "GBP": ("{}万英镑",),
    "TWD": ("{}万新台币",),
    "KRW": ("{}(万韩元)",),
}  # fmt: skip
FORMS = [(currency, shape) for currency, shapes in SHAPES.items() for shape in shapes]


@given(st.decimals(0, 10**7, places=4), st.sampled_from(FORMS), st.booleans())
def test_every_way_of_writing_gives_units_and_currency(ten_thousands, form, grouped):
    currency, shape = form
    capital = parse_capital(shape.format(f"{ten_thousands:,f}" if grouped else f"{ten_thousands:f}"))
    assert capital == (ten_thousands * 10_000, currency, None)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("27,000(万元人民币)", 270_000_000),
        ("1,475.5000(万美元)", 14_755_000),
        ("1亿元", 100_000_000),
        ("1亿2000万元", 120_000_000),
        ("1.5亿", 150_000_000),
        ("5千万", 50_000_000),
        ("3百万元", 3_000_000),
        ("3000000元", 3_000_000),
        ("叁佰万元整", 3_000_000),
        ("壹仟零贰拾万元", 10_200_000),
        ("五百万美元", 5_000_000),
        ("１００万元", 1_000_000),
        ("0万人民币", 0),
        ("0", 0),
        ("1E-06万人民币", Decimal("0.01")),
        ("300.123456万元", Decimal("3001234.56")),
    ],
)
def test_sums(text, amount):
    capital = parse_capital(text)
    assert (capital.amount, capital.warning) == (amount, None)
    assert "E" not in str(capital.amount)


@pytest.mark.parametrize("text", ["", "N/A", "-", "—", "无", "null"])
def test_nothing_is_no_warning(text):
    assert parse_capital(text) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("万人民币", "unit and no number"),
        ("万", "unit and no number"),
        ("人民币", "unit and no number"),
        ("元", "unit and no number"),
        ("abc", "no sum"),
        ("-5万", "no sum"),
        ("1.2.3万", "no sum"),
        ("12,34万", "no sum"),
        ("300万人民币以上", "no sum"),
        ("1e9999万", "no sum"),
        ("99999999999999999999亿", "no sum"),
        ("100万美元(折合人民币690万元)", "two currencies"),
        ("主营" * 40, "too long"),
    ],
)
def test_doubtful_texts_are_unknown_with_a_warning(text, words):
    capital = parse_capital(text)
    assert capital[:2] == (None, None)
    assert words in capital.warning.reason


def test_number_without_a_unit_is_taken_as_written_with_a_warning():
    capital = parse_capital("3000000")
    assert capital[:2] == (3_000_000, "CNY")
    assert "no unit" in capital.warning.reason


def test_heading_gives_the_unit_of_bare_cells_only():
    unit = unit_in("注册资本（万元）")
    assert unit == "万元"
    assert parse_capital("300", unit) == (3_000_000, "CNY", None)
    assert parse_capital("300万元", unit) == (3_000_000, "CNY", None)
    assert parse_capital("2亿", unit) == (200_000_000, "CNY", None)
    assert parse_capital("300", unit_in("注册资金(万美元)")) == (3_000_000, "USD", None)
    assert (unit_in("注册资金（必填）"), unit_in("注册资金")) == ("", "")


@given(st.text(max_size=40))
def test_no_text_breaks_it(text):
    amount, currency, _warning = parse_capital(text)
    assert (amount is None) == (currency is None)
    assert amount is None or amount >= 0
