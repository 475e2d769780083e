"""The size standard on its bounds: a firm on each bound of each industry, and one below it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fugong.record.registry.enums import FactKind, SizeClass
from fugong.record.registry.logic.size import group_code_of, groups_on, size_of
from fugong.record.registry.logic.size_words import rule_words, size_label

DAY = date(2020, 3, 24)
PEOPLE, REVENUE, ASSETS = FactKind.HEADCOUNT, FactKind.REVENUE, FactKind.ASSETS
LARGE, MEDIUM, SMALL, MICRO = SizeClass
# Industry code → measure → lowest value of a large, a medium and a small firm; people, or 万元. Typed from
# 工信部联企业〔2011〕300号, apart from the table that the product reads.
STANDARD = {
    "0111": {REVENUE: (20000, 500, 50)},
    "1711": {PEOPLE: (1000, 300, 20), REVENUE: (40000, 2000, 300)},
    "4710": {REVENUE: (80000, 6000, 300), ASSETS: (80000, 5000, 300)},
    "5137": {PEOPLE: (200, 20, 5), REVENUE: (40000, 5000, 1000)},
    "5211": {PEOPLE: (300, 50, 10), REVENUE: (20000, 500, 100)},
    "5430": {PEOPLE: (1000, 300, 20), REVENUE: (30000, 3000, 200)},
    "5920": {PEOPLE: (200, 100, 20), REVENUE: (30000, 1000, 100)},
    "6020": {PEOPLE: (1000, 300, 20), REVENUE: (30000, 2000, 100)},
    "6110": {PEOPLE: (300, 100, 10), REVENUE: (10000, 2000, 100)},
    "6311": {PEOPLE: (2000, 100, 10), REVENUE: (100000, 1000, 100)},
    "6510": {PEOPLE: (300, 100, 10), REVENUE: (10000, 1000, 50)},
    "7010": {REVENUE: (200000, 1000, 100), ASSETS: (10000, 5000, 2000)},
    "7020": {PEOPLE: (1000, 300, 100), REVENUE: (5000, 1000, 500)},
    "7211": {PEOPLE: (300, 100, 10), ASSETS: (120000, 8000, 100)},
    "7310": {PEOPLE: (300, 100, 10)},
}
CLASSES = (LARGE, MEDIUM, SMALL, MICRO)


def units(measure: FactKind, value: float) -> Decimal:
    """People as they are, 万元 as yuan."""
    return Decimal(value) if measure is PEOPLE else Decimal(value) * 10_000


def smallest_step(measure: FactKind) -> Decimal:
    return Decimal(1) if measure is PEOPLE else Decimal("0.01")


BOUNDS = [
    pytest.param(industry, number, measure, id=f"{industry} {CLASSES[number]} {measure.value}")
    for industry, measures in STANDARD.items()
    for measure in measures
    for number in range(3)
]


def test_the_standard_has_15_industries():
    assert len(groups_on(DAY)) == len(STANDARD) == 15
    assert {group_code_of(industry) for industry in STANDARD} == {group.code for group in groups_on(DAY)}


@pytest.mark.parametrize(("industry", "number", "measure"), BOUNDS)
def test_a_firm_on_every_bound_and_one_below(industry, number, measure):
    """On all bounds of a class it is of the class; below any single one of them it drops exactly one class."""
    facts = {kind: units(kind, bounds[number]) for kind, bounds in STANDARD[industry].items()}
    assert size_of(industry=industry, facts=facts, day=DAY).size == CLASSES[number]
    facts[measure] -= smallest_step(measure)
    below = size_of(industry=industry, facts=facts, day=DAY)
    assert below.size == CLASSES[number + 1]
    assert [bound.measure for bound in below.failed] == [measure]


@pytest.mark.parametrize(
    ("industry", "number", "measure"), [bound for bound in BOUNDS if len(STANDARD[bound.values[0]]) > 1]
)
def test_one_measure_far_above_does_not_lift_a_firm(industry, number, measure):
    """Upper bounds are joined by OR, lower ones by AND: one small measure keeps the firm down."""
    facts = {kind: units(kind, 10**7) for kind in STANDARD[industry]}
    facts[measure] = units(measure, STANDARD[industry][measure][number]) - smallest_step(measure)
    assert size_of(industry=industry, facts=facts, day=DAY).size == CLASSES[number + 1]


@given(
    st.sampled_from(sorted(STANDARD)),
    st.dictionaries(
        st.sampled_from([PEOPLE, REVENUE, ASSETS]), st.integers(0, 4 * 10**9).map(Decimal), min_size=0, max_size=3
    ),
    st.tuples(*[st.integers(0, 4 * 10**9)] * 3),
)
def test_what_is_unknown_decides_only_when_it_can_make_a_difference(industry, known, rest):
    """A class named with facts missing is the class whatever they turn out to be; else it is among the possible."""
    answer = size_of(industry=industry, facts=known, day=DAY)
    full = dict(zip((PEOPLE, REVENUE, ASSETS), map(Decimal, rest), strict=True)) | known
    truth = size_of(industry=industry, facts=full, day=DAY).size
    assert truth is not None
    if answer.size is None:
        assert answer.missing and set(answer.missing).isdisjoint(known)
        assert truth in answer.possible
    else:
        assert truth == answer.size


@pytest.mark.parametrize(
    ("code", "group"),
    [
        ("A", "agriculture"), ("06", "industry"), ("C", "industry"), ("44", "industry"), ("E", "construction"),
        ("51", "wholesale"), ("52", "retail"), ("F", None), ("53", ""), ("5310", ""), ("54", "transport"),
        ("5910", "transport"), ("59", "storage"), ("599", "storage"), ("G", None), ("60", "post"),
        ("62", "hospitality"),
        ("63", "telecommunication"), ("64", "telecommunication"), ("65", "software"), ("I", None), ("70", None),
        ("K", None), ("7010", "development"), ("702", "property"), ("7030", "other"), ("704", ""), ("709", "other"),
        ("L", "leasing"), ("72", "leasing"), ("M", "other"), ("78", "other"), ("82", "other"), ("Q", None), ("84", ""),
        ("85", "other"), ("R", "other"), ("J", ""), ("66", ""), ("P", ""), ("S", ""), ("T", ""),
    ],
)  # fmt: skip
def test_an_industry_code_finds_its_group(code, group):
    assert group_code_of(code) == group


def words(industry, **facts):
    given = {FactKind(name): Decimal(value) for name, value in facts.items()}
    size = size_of(industry=industry, facts=given, day=DAY)
    return size_label(size), " ".join(rule_words(size, given))


def test_the_rule_is_shown(settings):
    from django.utils.translation import override

    with override("en"):
        label, rule = words("17", headcount=350, revenue=25_000_000)
        assert label == "medium"
        assert "Industry, by 工信部联企业〔2011〕300号" in rule
        assert "headcount 350 ≥ 300" in rule
        assert "headcount 350 < 1,000" in rule and "revenue of a year 2,500" in rule
        assert words("17", headcount=10)[0] == "micro"  # below one lower bound: revenue cannot help
        assert words("17", revenue=25_000_000) == (
            "unknown",
            "unknown: headcount missing What is known leaves: medium, small, micro.",
        )
        assert words("", headcount=350)[1] == "unknown: industry missing"
        assert "too coarse" in words("F", headcount=350)[1]
        assert words("66", headcount=350) == ("not classed", "The standard does not cover this unit or its industry.")


def test_before_the_standard_there_is_no_class():
    assert groups_on(date(2011, 6, 17)) == []
    assert size_of(industry="17", facts={PEOPLE: Decimal(5)}, day=date(2011, 6, 17)).size is None
