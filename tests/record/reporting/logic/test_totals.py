"""Typed rates held against their counts: the bulletins of spring 2020 as given."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fugong.record.reporting.logic.totals import TotalValues, Verdict, check_rate, check_total, rate_of


@pytest.mark.parametrize(
    ("part", "whole", "typed"),
    [
        (572, 1869, "30.6"),
        (363, 367, "98.9"),
        (13, 23, "56.5"),
        (15219, 20157, "75.5"),
        (4052, 4630, "87.5"),
        (934, 1160, "80.5"),
        (447, 459, "97.4"),
        (42130, 44918, "93.8"),
        (1010, 1081, "93.4"),
        (8628, 11378, "75.8"),
        (25, 26, "96.2"),
        (423_000, 887_000, "47.7"),
        (1176, 1176, "100"),
    ],
)
def test_a_published_rate_agrees_with_its_counts(part, whole, typed):
    assert check_rate(part, whole, typed).verdict == Verdict.AGREES


@pytest.mark.parametrize(
    ("part", "whole", "typed", "true"),
    [(572, 1869, "36.0", "30.6"), (9995, 10000, "100", "100"), (9994, 10000, "100.0", "99.9"), (0, 0, "100", "")],
)
def test_the_true_rate_stands_beside_the_typed_one(part, whole, typed, true):
    check = check_rate(part, whole, typed)
    assert check.true == true
    assert (check.verdict == Verdict.AGREES) == (true == typed)


@pytest.mark.parametrize(
    ("part", "whole", "typed", "implied"),
    [
        (13790, None, "48.6", (28346, 28403)),
        (20276, None, "71.5", (28339, 28377)),
        (277_400, None, "85.89", (322_953, 322_990)),
        (None, 1000, "50", (495, 504)),
    ],
)
def test_a_rate_with_one_count_leaves_a_range_for_the_other(part, whole, typed, implied):
    check = check_rate(part, whole, typed)
    assert check.verdict == Verdict.UNCHECKED
    assert check.implied == implied


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(0, 3))
def test_the_range_holds_the_count_that_gave_the_rate(part, whole, places):
    part = min(part, whole)
    typed = rate_of(part, whole, places)
    if Decimal(typed) > 0:
        low, high = check_rate(part, None, typed).implied
        assert low <= whole <= high
        assert rate_of(part, low, places) == typed == rate_of(part, high, places)
    low, high = check_rate(None, whole, typed).implied
    assert low <= part <= high


def _fields(values):
    return [finding.field for finding in check_total(values)[0]]


def test_what_stops_a_total():
    assert _fields(TotalValues()) == ["enterprises_open"]
    assert _fields(TotalValues(enterprises=5, enterprises_open=6)) == ["enterprises_open"]
    assert _fields(TotalValues(on_post=6)) == ["people_unit"]
    assert _fields(TotalValues(enterprises=6, people_unit="people")) == ["people_unit"]
    assert _fields(TotalValues(roster=5, on_post=6, people_unit="people")) == ["on_post"]
    assert _fields(TotalValues(enterprises=-1)) == ["enterprises"]
    assert _fields(TotalValues(enterprises=1, opening_rate="100.1")) == ["opening_rate"]
    assert _fields(TotalValues(enterprises=1, return_rate="近九成")) == ["return_rate"]


def test_a_contradiction_is_a_warning_with_the_true_rate():
    errors, warnings = check_total(TotalValues(enterprises=1869, enterprises_open=572, opening_rate="36.0"))
    assert not errors
    assert [warning.field for warning in warnings] == ["opening_rate"]
    assert "36.0%" in warnings[0].reason
    assert "30.6%" in warnings[0].reason
