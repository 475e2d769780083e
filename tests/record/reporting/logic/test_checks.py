from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fugong.record.reporting.enums import ReportState
from fugong.record.reporting.logic.checks import CheckRules, ReportValues, check_report, field_label

RULES = CheckRules(
    roster_change_percent=Decimal(30),
    capacity_fall_points=Decimal(20),
    on_post_change_percent=Decimal(50),
    closed_reasons=frozenset({"orders", "other"}),
    obstacles=frozenset({"labour", "money"}),
)
TODAY = ReportValues("open", "", 186, 150, Decimal(85), ("labour",), Decimal(7), "", {})


def check(yesterday=None, **changes):
    return check_report(replace(TODAY, **changes), yesterday, RULES)


def test_report_in_order_has_nothing_to_say():
    assert check() == ((), ())
    assert check(TODAY) == ((), ())


def test_more_on_post_than_on_the_roster():
    (finding,), warnings = check(on_post=198)
    assert (finding.kind, finding.field) == ("error", "on_post")
    assert finding.text == (
        "People on post: 198 is more than the 186 on the roster. Lower it, or change the roster first."
    )
    assert warnings == ()


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"state": "closed", "on_post": 0}, "closed_reason", "gives the reason"),
        ({"state": "closed", "on_post": 0, "closed_reason": "weather"}, "closed_reason", "“weather”"),
        ({"state": "asleep"}, "state", "“asleep”"),
        ({"on_post": -1}, "on_post", "negative"),
        ({"roster": 20_000_000}, "roster", "20000000"),
        ({"capacity": Decimal("-0.1")}, "capacity", "-0.1 is below zero"),
        ({"capacity": Decimal("1000.1")}, "capacity", "1000.1 is more than 1000"),
        ({"supply_days": Decimal(-1)}, "supply_days", "below zero"),
        ({"supply_days": Decimal(10_000)}, "supply_days", "more than 9999"),
        ({"obstacles": ("labour", "weather")}, "obstacles", "“weather”"),
    ],
)
def test_errors(changes, field, words):
    (finding,), warnings = check(**changes)
    assert (finding.kind, finding.field, warnings) == ("error", field, ())
    assert words in finding.reason
    assert finding.text.startswith(f"{field_label(field)}: ")


def test_all_errors_are_told_at_once():
    errors, _warnings = check(roster=-5, capacity=Decimal(2000), obstacles=("x",))
    assert [finding.field for finding in errors] == ["roster", "capacity", "obstacles"]


@pytest.mark.parametrize("capacity", [None, Decimal(0), Decimal(100), Decimal("110.3"), Decimal(1000)])
def test_capacity_above_a_hundred_is_legitimate(capacity):
    assert check(capacity=capacity) == ((), ())


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"state": "closed", "closed_reason": "orders", "on_post": 5, "capacity": None}, "on_post", "with 5 people"),
        ({"state": "closed", "closed_reason": "orders", "on_post": 0}, "capacity", "with 85 % of capacity"),
        ({"on_post": 0}, "on_post", "nobody on post"),
        ({"state": "partial", "on_post": 0}, "on_post", "nobody on post"),
    ],
)
def test_state_against_numbers_is_a_question(changes, field, words):
    errors, (finding,) = check(**changes)
    assert (errors, finding.kind, finding.field) == ((), "warning", field)
    assert words in finding.reason
    assert finding.text.endswith(". What is the reason?")


def test_capacity_that_falls_without_the_people():
    yesterday = replace(TODAY, capacity=Decimal(112))
    _errors, (finding,) = check(yesterday)
    assert finding.text == "Capacity is 27 points below yesterday with no fewer people. What is the reason?"
    assert check(replace(yesterday, on_post=151)) == ((), ())
    assert check(replace(yesterday, capacity=Decimal("104.9"))) == ((), ())
    assert len(check(replace(yesterday, capacity=Decimal(105)))[1]) == 1
    assert check(replace(yesterday, capacity=None)) == ((), ())


@pytest.mark.parametrize(
    ("before", "asked"), [(186, False), (144, False), (143, True), (265, False), (266, True), (0, True)]
)
def test_roster_change_is_asked_from_the_threshold_on(before, asked):
    # 30 % of yesterday's roster: 186 - 143 = 43 >= 42.9; 266 - 186 = 80 >= 79.8.
    yesterday = replace(TODAY, roster=before, on_post=min(150, before))
    warned = {finding.field for finding in check(yesterday)[1]}
    assert ("roster" in warned) is asked


def test_jump_of_people_on_post():
    yesterday = replace(TODAY, on_post=57)
    _errors, (finding,) = check(yesterday)
    assert (finding.field, "57" in finding.reason, "150" in finding.reason) == ("on_post", True, True)
    assert check(replace(yesterday, on_post=58)) == ((), ())


def test_opening_and_closing_explain_their_own_jump():
    closed = replace(TODAY, state="closed", closed_reason="orders", on_post=0, capacity=None)
    assert check(closed) == ((), ())
    assert check_report(closed, TODAY, RULES) == ((), ())


def test_thresholds_are_the_playbooks():
    strict = replace(RULES, roster_change_percent=Decimal(1))
    yesterday = replace(TODAY, roster=184)
    assert check_report(TODAY, yesterday, RULES) == ((), ())
    assert len(check_report(TODAY, yesterday, strict)[1]) == 1


values = st.builds(
    ReportValues,
    state=st.sampled_from([*ReportState.values, "?"]),
    closed_reason=st.sampled_from(["", "orders", "?"]),
    roster=st.integers(-2, 300),
    on_post=st.integers(-2, 300),
    capacity=st.none() | st.decimals(-10, 1100, places=1),
    obstacles=st.sampled_from([(), ("labour",), ("?",)]),
    supply_days=st.none() | st.decimals(-2, 10_010, places=1),
    remark=st.just(""),
    extra=st.just({}),
)


# How long it takes to make values is no matter of ours: a slow machine shall not fail it.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(values, st.none() | values)
def test_what_passes_fits_the_table(today, yesterday):
    """The cheap way through and the list of errors agree, and together they keep what the table's constraints ask."""
    errors, warnings = check_report(today, yesterday, RULES)
    fits = (
        0 <= today.on_post <= today.roster
        and today.state in ReportState.values
        and (today.state != "closed" or today.closed_reason == "orders")
        and (today.capacity is None or 0 <= today.capacity <= 1000)
        and (today.supply_days is None or 0 <= today.supply_days <= 9999)
        and "?" not in today.obstacles
    )
    assert bool(errors) != fits
    assert not (errors and warnings)
    assert all(finding.text for finding in (*errors, *warnings))
