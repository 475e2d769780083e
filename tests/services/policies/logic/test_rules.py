"""The language of rules: three values, and faults that name their place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from fugong.services.policies.logic.deciding import check, decide, work_out
from fugong.services.policies.logic.parsing import BadRule, read_amount, read_condition, read_rule
from tests.services.policies.firms import firm

DAY = date(2020, 3, 24)
YES = {"fact": "vat_small", "is": True}
NO = {"fact": "vat_small", "is": False}
UNKNOWN = {"fact": "state_owned", "is": True}
KNOWN = firm("vat_small=yes")


@pytest.mark.parametrize(
    ("parts", "all_of", "any_of"),
    [
        ([YES, YES], True, True),
        ([YES, NO], False, True),
        ([NO, NO], False, False),
        ([YES, UNKNOWN], None, True),
        ([NO, UNKNOWN], False, None),
        ([UNKNOWN, UNKNOWN], None, None),
    ],
)
def test_three_values(parts, all_of, any_of):
    assert check(read_condition({"all": parts}, ""), KNOWN, DAY).answer is all_of
    assert check(read_condition({"any": parts}, ""), KNOWN, DAY).answer is any_of
    inverted = check(read_condition({"not": {"all": parts}}, ""), KNOWN, DAY).answer
    assert inverted is (None if all_of is None else not all_of)


def test_missing_names_exactly_what_would_decide():
    condition = read_condition(
        {
            "all": [
                YES,
                {"any": [NO, UNKNOWN]},
                {"fact": "laid_off", "at_most": 0},
                {"any": [YES, {"fact": "loan_amount", "above": 1}]},
            ]
        },
        "",
    )
    assert check(condition, KNOWN, DAY).missing == {"state_owned", "laid_off"}


@pytest.mark.parametrize(
    ("bounds", "answers"),
    [
        ({"at_least": 30}, (False, True, True)),
        ({"above": 30}, (False, False, True)),
        ({"at_most": 30}, (True, True, False)),
        ({"below": 30}, (True, False, False)),
    ],
)
def test_bounds_belong_to_the_range_or_not(bounds, answers):
    condition = read_condition({"fact": "headcount", **bounds}, "")
    assert tuple(check(condition, firm(f"headcount={n}"), DAY).answer for n in (29, 30, 31)) == answers


@pytest.mark.parametrize(
    "number", ["1e999999999", "-1e999999999", "1e13", "1000000000000.01", "1e-11", "1e-999999999", "Infinity", "NaN"]
)
def test_a_number_beyond_all_bounds_is_refused(number):
    for data in ({"fact": "headcount", "at_least": number}, {"value": number, "at_least": 1}):
        with pytest.raises(BadRule) as caught:
            read_condition(data, "when")
        assert caught.value.path in ("when.at_least", "when.value")
    with pytest.raises(BadRule):
        read_rule({"cap": number})


@pytest.mark.parametrize(
    ("amount", "fits"),
    [
        ({"times": [{"fact": "headcount"}, {"fact": "headcount"}, "1000000000000"]}, True),
        ({"times": [{"fact": "headcount"}, {"fact": "headcount"}, {"fact": "headcount"}, "1.01"]}, False),
        ({"times": [{"times": [{"fact": "headcount"}] * 2}, {"times": [{"fact": "headcount"}] * 2}]}, False),
        (
            {"of": {"fact": "headcount"}, "tiers": [{"at_least": 1, "give": {"times": [{"fact": "headcount"}] * 4}}]},
            False,
        ),
        ({"plus": [{"times": [{"fact": "headcount"}] * 3}] * 2}, False),
        ({"minus": [{"times": [{"fact": "headcount"}] * 3}] * 2}, False),
    ],
)
def test_an_amount_cannot_grow_beyond_what_is_kept(amount, fits):
    if fits:
        read_amount(amount, "amount")
    else:
        with pytest.raises(BadRule):
            read_amount(amount, "amount")


def test_no_says_by_how_much():
    revenue = read_condition({"fact": "revenue", "at_least": 20_000_000}, "")
    assert check(revenue, firm("revenue=18500000"), DAY).gap == 1_500_000
    resumed = read_condition({"fact": "resumed_on", "at_most": "2020-03-10"}, "")
    assert check(resumed, firm("resumed_on=2020-03-13"), DAY).gap == 3
    share = read_condition({"share": [{"fact": "laid_off"}, {"fact": "insured_2019"}], "at_most": "0.055"}, "")
    assert check(share, firm("laid_off=6 insured_2019=100"), DAY).gap == Decimal("0.005")
    assert check(share, firm("laid_off=11 insured_2019=200"), DAY).answer is True
    assert check(share, firm("laid_off=0 insured_2019=0"), DAY).answer is None


@pytest.mark.parametrize(
    ("industry", "wanted", "answer"),
    [
        ("1711", "17", True),
        ("1711", "C", True),
        ("C", "C", True),
        ("C", "17", None),
        ("17", "1711", None),
        ("A", "17", False),
        ("51", "C", False),
        ("172", "1711", False),
    ],
)
def test_a_coarse_code_is_unknown_not_no(industry, wanted, answer):
    condition = read_condition({"fact": "industry", "begins_with": [wanted]}, "")
    assert check(condition, firm(f"industry={industry}"), DAY).answer is answer


def test_amounts():
    def worked(data, words="headcount=10"):
        return work_out(read_amount(data, ""), firm(words), DAY).value

    count = {"fact": "headcount"}
    assert worked({"greatest": [{"times": [count, 3]}, 25]}) == 30
    assert worked({"least": [{"times": [count, 3]}, 25]}) == 25
    assert worked({"greatest": [{"fact": "revenue"}, 25]}) is None
    assert worked({"minus": [count, "0.5"]}) == Decimal("9.5")
    assert worked({"steps": [{"from": "2020-03-24", "give": 7}, {"from": "2020-03-25", "give": 8}]}) == 7
    assert worked({"steps": [{"from": "2020-03-25", "give": 8}]}) == 0
    assert worked({"steps": [{"from": "2020-02-01", "give": 7}], "by": "loan_due_on"}) is None
    assert worked({"of": count, "tiers": [{"below": 10, "give": 1}, {"at_least": 10, "give": 2}]}) == 2


def test_lines_stack_each_with_its_cap_under_the_cap_of_all():
    names = [{"zh": name, "en": name} for name in "甲乙丙"]
    rule = read_rule(
        {
            "lines": [
                {"name": names[0], "amount": {"times": [{"fact": "headcount"}, 100]}, "cap": 700},
                {"name": names[1], "amount": 500, "when": YES},
                {"name": names[2], "amount": 9000, "when": NO},
            ],
            "cap": 1000,
        }
    )
    decision = decide(rule, firm("headcount=8 vat_small=yes"), DAY)
    assert [line.value for line in decision.lines] == [700, 500, 0]
    assert (decision.uncapped, decision.total, decision.is_capped) == (1200, 1000, True)
    unknown = decide(rule, firm("headcount=8"), DAY)
    assert (unknown.verdict, unknown.total, unknown.missing, unknown.most) == ("yes", None, ("vat_small",), 1000)


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        ({"when": {"all": [YES, {"fact": "sise", "in": ["small"]}]}}, "when.all[1].fact"),
        ({"when": {"fact": "size", "in": ["tiny"]}}, "when.in"),
        ({"when": {"fact": "headcount", "at_least": "many"}}, "when.at_least"),
        ({"when": {"fact": "headcount", "at_least": True}}, "when.at_least"),
        ({"when": {"fact": "headcount", "at_least": 5, "at_most": 4}}, "when"),
        ({"when": {"fact": "headcount", "at_least": 5, "above": 4}}, "when.above"),
        ({"when": {"fact": "headcount"}}, "when"),
        ({"when": {"fact": "headcount", "atleast": 5}}, "when.atleast"),
        ({"when": {"any": []}}, "when.any"),
        ({"when": []}, "when"),
        ({"when": {"fact": "resumed_on", "at_most": "10 March"}}, "when.at_most"),
        ({"lines": [{"name": {"zh": "甲"}, "amount": 1}]}, "lines[0].name"),
        ({"lines": [{"name": {"zh": "甲", "en": "A"}}]}, "lines[0]"),
        ({"lines": [{"name": {"zh": "甲", "en": "A"}, "amount": {"fact": "vat_small"}}]}, "lines[0].amount.fact"),
        ({"lines": [{"name": {"zh": "甲", "en": "A"}, "amount": {"sum": [1]}}]}, "lines[0].amount"),
        ({"cap": -1}, "cap"),
        ({"cap": "NaN"}, "cap"),
        ({"no_other_grant_for": "cars"}, "no_other_grant_for"),
        ({"who": {}}, "who"),
        ([], ""),
    ],
)
def test_a_fault_names_its_place(rule, path):
    with pytest.raises(BadRule) as caught:
        read_rule(rule)
    assert caught.value.path == path


def test_a_rule_that_is_nested_without_end_is_refused():
    data = YES
    for _ in range(40):
        data = {"not": data}
    with pytest.raises(BadRule):
        read_rule({"when": data})
