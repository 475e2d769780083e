"""The traits that the list is narrowed by: true for each day after whatever changes a fact, a kind or a name."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from fugong.base.spreadsheets.logic.kinds import Written
from fugong.core.viewer import service_viewer
from fugong.record.registry.actions.facts import state_fact, withdraw_facts_in_bulk
from fugong.record.registry.actions.import_undo import undo_enterprises
from fugong.record.registry.actions.imports import import_enterprises
from fugong.record.registry.actions.merging import merge_enterprises
from fugong.record.registry.actions.register import EDITABLE, edit_enterprise
from fugong.record.registry.enums import FactKind, SizeClass, SizeState, TraitKind
from fugong.record.registry.logic.industries import section_of
from fugong.record.registry.logic.list_filter import ListFilter
from fugong.record.registry.logic.size import size_of
from fugong.record.registry.logic.size_periods import SizingFact, size_periods
from fugong.record.registry.logic.trait_periods import DatedFact, trait_periods
from fugong.record.registry.models import EnterpriseTrait, ImportedEnterprise
from fugong.record.registry.selectors.lists import enterprise_page
from fugong.record.registry.tasks import renew_traits
from tests import factories
from tests.tools import write_csv

TODAY = date(2020, 3, 24)
SERVICE = service_viewer("tests")
HEADER = ["企业名称", "统一社会信用代码", "类型", "职工人数", "所属行业", "营业收入（万元）"]
_FACTS = st.lists(
    st.builds(
        lambda day, which: SizingFact(which[0], day, which[1], which[2]),
        st.dates(date(2009, 1, 1), date(2020, 12, 31)),
        st.sampled_from(["C17", "51", "F", "86"]).map(lambda code: ("industry", None, code))
        | st.tuples(
            st.sampled_from(["headcount", "revenue", "assets"]),
            st.sampled_from([0, 4, 5, 20, 300, 1000, 3_000_000, 20_000_000, 400_000_000]).map(Decimal),
            st.just(""),
        ),
    ),
    max_size=8,
)


@given(_FACTS, st.dates(date(2009, 1, 1), date(2021, 6, 30)))
def test_periods_say_on_any_day_what_the_rule_says(facts, day):
    ordered = sorted(facts, key=lambda fact: fact.day)
    held = {fact.kind: fact for fact in ordered if fact.day <= day}
    numbers = {FactKind(kind): fact.number for kind, fact in held.items() if fact.number is not None}
    industry = held["industry"].text if "industry" in held else ""
    true = size_of(industry=industry, facts=numbers, day=day).size
    periods = size_periods(ordered)
    assert [one.size for one in periods if one.first <= day and (one.last is None or day <= one.last)] == (
        [true] if true else []
    )
    assert all(one.last is not None and one.last < other.first for one, other in pairwise(periods))


_DAYS = st.dates(date(2019, 1, 1), date(2019, 2, 10))
_WORDS = st.lists(
    st.builds(
        DatedFact, st.just("industry"), _DAYS, st.none(), st.none(), st.sampled_from(["C", "17", "1711", "51", "99"])
    )
    | st.builds(DatedFact, st.just("above_scale"), _DAYS, st.none(), st.none(), st.sampled_from(["yes", "no"]))
    | st.builds(
        lambda first, days, text: DatedFact(
            "tag", first, None if days is None else first + timedelta(days), None, text
        ),
        _DAYS,
        st.none() | st.integers(0, 12),
        st.sampled_from(["出口", "重点"]),
    ),
    max_size=10,
    unique_by=lambda fact: (fact.kind, fact.day, fact.text if fact.kind == "tag" else ""),
)


@given(_WORDS, _DAYS)
def test_industry_scale_and_tags_are_kept_for_the_days_on_which_the_facts_hold(facts, day):
    ordered = sorted(facts, key=lambda fact: fact.day)
    begun = [fact for fact in ordered if fact.day <= day]
    latest = {fact.kind: fact.text for fact in begun if fact.kind != "tag"}
    true = {("tag", fact.text) for fact in begun if fact.kind == "tag" and (fact.last is None or fact.last >= day)}
    true |= {("scale", latest["above_scale"])} if "above_scale" in latest else set()
    true |= {("industry", section_of(latest["industry"]))} if section_of(latest.get("industry", "")) else set()
    periods = trait_periods(ordered, has_size=True)
    held = [(one.kind, one.value) for one in periods if one.first <= day and (one.last is None or day <= one.last)]
    # Sorted, and no set: a period told twice would list the enterprise twice.
    assert sorted(held) == sorted(true)


def listed(size: SizeState, day: date = TODAY) -> set[int]:
    page = enterprise_page(SERVICE, ListFilter(size=size.value), day)
    return {row.pk for row in page.rows}


def state(enterprise, kind: FactKind, value, day: date = TODAY) -> None:
    state_fact(actor=SERVICE, enterprise=enterprise, kind=kind, value=value, day=day, source="年报")


@pytest.fixture
def mill(place):
    """A spinning mill with 350 people and 40 million yuan: medium."""
    first = date(2019, 12, 31)
    for kind, value in ((FactKind.INDUSTRY, "17"), (FactKind.HEADCOUNT, Decimal(350)), (FactKind.REVENUE, 40_000_000)):
        state(place.enterprise, kind, value, first)
    return place.enterprise


def test_a_stated_fact_and_its_correction_reach_the_list(mill, place):
    assert listed(SizeState.MEDIUM) == {mill.pk}
    assert mill.pk not in listed(SizeState.NONE)
    assert place.other.pk in listed(SizeState.NONE)
    state(mill, FactKind.HEADCOUNT, Decimal(19))
    assert (listed(SizeState.MEDIUM), listed(SizeState.MICRO)) == (set(), {mill.pk})
    assert listed(SizeState.MEDIUM, date(2020, 3, 23)) == {mill.pk}
    assert listed(SizeState.MEDIUM, date(2019, 12, 30)) == set()
    state(mill, FactKind.HEADCOUNT, Decimal(25))
    assert listed(SizeState.SMALL) == {mill.pk}


def test_a_branch_is_not_classed(mill):
    values = {name: getattr(mill, name) for name in EDITABLE}
    edit_enterprise(actor=SERVICE, enterprise=mill, values=values | {"kind": "branch"})
    assert listed(SizeState.MEDIUM) == set()
    assert mill.pk in listed(SizeState.NONE)
    edit_enterprise(actor=SERVICE, enterprise=mill, values=values)
    assert listed(SizeState.MEDIUM) == {mill.pk}


def test_a_file_and_its_withdrawal_reach_the_list(mill, tmp_path):
    rows = [[mill.name, mill.uscc, "分支机构", "19", "纺织业", "4000"]]
    path = write_csv(tmp_path / "a.csv", HEADER, rows)
    import_enterprises(actor=SERVICE, path=path)
    kind_followed = listed(SizeState.MEDIUM) == set()
    mill.refresh_from_db()
    assert kind_followed, mill.kind
    rows[0][2] = "企业"
    import_enterprises(actor=SERVICE, path=write_csv(tmp_path / "b.csv", HEADER, rows))
    assert listed(SizeState.MICRO) == {mill.pk}
    source = mill.facts.standing().filter(kind=FactKind.HEADCOUNT, valid_from=TODAY).get().source
    withdraw_facts_in_bulk(actor=SERVICE, source=source)
    assert listed(SizeState.MEDIUM) == {mill.pk}


def test_a_merge_takes_the_class_along(mill, place):
    twin = factories.EnterpriseFactory(managing_area=place.county)
    merge_enterprises(actor=SERVICE, kept=twin, dropped=mill, reason="同一家")
    assert listed(SizeState.MEDIUM) == {twin.pk}


def test_a_new_name_by_hand_by_file_and_taken_back_orders_the_list(mill, place, tmp_path):
    second = factories.EnterpriseFactory(managing_area=place.county, name="乙厂")
    for enterprise in (mill, second):
        state(enterprise, FactKind.TAG, "出口")

    def names() -> list[str]:
        """In the order of the kept names; the rows themselves tell the name of the register."""
        kept = EnterpriseTrait.objects.filter(kind=TraitKind.TAG).order_by("name").values_list("name", flat=True)
        rows = [row.name for row in enterprise_page(SERVICE, ListFilter(tag="出口"), TODAY).rows]
        assert rows == list(kept)
        return rows

    values = {name: getattr(second, name) for name in EDITABLE}
    edit_enterprise(actor=SERVICE, enterprise=second, values=values | {"name": "aaa"})
    assert names() == ["aaa", mill.name]
    import_enterprises(actor=SERVICE, path=write_csv(tmp_path / "a.csv", HEADER[:2], [["鿿厂", second.uscc]]))
    assert names() == [mill.name, "鿿厂"]
    run = ImportedEnterprise.objects.get().run
    undo_enterprises(actor=SERVICE, written=Written(run.pk, run.written_at, run.scope))
    assert names() == ["aaa", mill.name]


def test_the_night_mends_what_was_written_past_the_actions(mill, place):
    factories.FactFactory(enterprise=place.other, kind=FactKind.INDUSTRY, number=None, text="17")
    factories.FactFactory(enterprise=place.other, kind=FactKind.HEADCOUNT, number=2000, text="")
    factories.FactFactory(enterprise=place.other, kind=FactKind.REVENUE, number=900_000_000, text="")
    EnterpriseTrait.objects.filter(enterprise=mill, kind=TraitKind.SIZE).update(value=SizeClass.LARGE)
    assert listed(SizeState.LARGE) == {mill.pk}
    renew_traits.func(0)
    assert (listed(SizeState.LARGE), listed(SizeState.MEDIUM)) == ({place.other.pk}, {mill.pk})
    said = StringIO()
    call_command("renew_traits", stdout=said)
    assert said.getvalue().startswith("0 ")
