"""The real measures, each held against firms on either side of its bounds (cases.csv)."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from fugong.services.policies.enums import TextState
from fugong.services.policies.logic.deciding import decide
from tests.services.policies.firms import CATALOGUE, PLACES, firm, rule_of, version_on

with (Path(__file__).parents[1] / "cases.csv").open(encoding="utf-8", newline="") as file:
    CASES = list(csv.DictReader(file))


@pytest.mark.parametrize("case", CASES, ids=lambda case: " ".join((case["measure"], case["day"], case["facts"])))
def test_a_firm_on_the_bound(case):
    day = date.fromisoformat(case["day"])
    version = version_on(case["measure"], day)
    decision = decide(rule_of(version), firm(case["facts"], PLACES[version.document]), day)
    assert decision.verdict == case["verdict"]
    assert decision.total == (Decimal(case["total"]) if case["total"] else None)
    if decision.verdict == "unknown":
        assert decision.missing or decision.undefined, "it says what would decide it"


def test_every_decided_measure_has_firms_that_are_in_and_out():
    decided = {version.code for version in CATALOGUE.versions if version.rule is not None}
    said = {code: {case["verdict"] for case in CASES if case["measure"] == code} for code in decided}
    assert len(decided) >= 25
    assert {code for code, verdicts in said.items() if not verdicts >= {"yes", "no"}} == set()


def test_money_is_only_where_the_rate_is_published():
    """A total is worked out for some case of each measure whose rate is known, for none of a measure without one."""
    with_money = {case["measure"] for case in CASES if case["total"]}
    unpublished = {version.code for version in CATALOGUE.versions if "unpublished" in str(version.rule)}
    assert with_money & unpublished == {"jn-carrier-rent"}  # only beyond three months nothing is said
    assert len(with_money) == 19


def test_titles_decide_nothing():
    titles = [version for version in CATALOGUE.versions if version.text_state is TextState.TITLE]
    assert len(titles) == 9
    assert all(version.rule is None for version in titles)
    assert all(document.source for document in CATALOGUE.documents)
