from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from fugong.base.audit.models import AuditEntry
from fugong.core.decision import Denied, OutOfScope
from fugong.core.events import receiver
from fugong.core.viewer import service_viewer
from fugong.record.registry.actions.facts import (
    StatedFact,
    state_fact,
    state_facts_in_bulk,
    withdraw_facts_in_bulk,
)
from fugong.record.registry.enums import FactKind, SizeClass
from fugong.record.registry.events import FactsStated
from fugong.record.registry.models import EnterpriseFact
from fugong.record.registry.selectors.facts import NOTHING_KNOWN, described, fact_sheet, facts_on
from tests import factories

HEADCOUNT, REVENUE, INDUSTRY, TAG = FactKind.HEADCOUNT, FactKind.REVENUE, FactKind.INDUSTRY, FactKind.TAG
CONSOLE = service_viewer("tests")


def day(text: str) -> date:
    return date.fromisoformat(f"2020-{text}")


@pytest.fixture
def state(place):
    def stated(kind, value, since, **more):
        return state_fact(
            actor=CONSOLE, enterprise=place.enterprise, kind=kind, value=value, day=day(since), source="年报", **more
        )

    return stated


@pytest.fixture
def known(place):
    return lambda on: facts_on(CONSOLE, [place.enterprise.pk], day(on)).get(place.enterprise.pk, NOTHING_KNOWN)


def test_a_value_holds_from_its_day_until_the_next(state, known):
    state(HEADCOUNT, Decimal(350), "02-01")
    state(HEADCOUNT, Decimal(280), "03-10")
    assert known("01-31").numbers == {}
    assert [known(on).numbers[HEADCOUNT] for on in ("02-01", "03-09", "03-10", "12-31")] == [350, 350, 280, 280]


def test_tags_hold_between_their_days_beside_each_other(state, known):
    state(TAG, "出口", "02-01", last_day=day("02-29"))
    state(TAG, "专精特新", "02-15")
    assert [known(on).tags for on in ("01-31", "02-20", "03-01")] == [(), ("专精特新", "出口"), ("专精特新",)]


def test_a_correction_keeps_what_it_replaces(state, known, place):
    first = state(HEADCOUNT, Decimal(350), "02-01")
    assert state(HEADCOUNT, Decimal(350), "02-01") == first
    second = state(HEADCOUNT, Decimal(35), "02-01")
    first.refresh_from_db()
    assert (first.number, first.replaced_by) == (350, second) and first.withdrawn_at is not None
    assert known("02-01").numbers == {HEADCOUNT: 35}
    trail = AuditEntry.objects.filter(verb="registry.fact.stated").order_by("pk")
    assert [(entry.detail["before"], entry.detail["value"]) for entry in trail] == [("", "350"), ("350.00", "35")]


def test_a_stated_fact_is_announced_with_the_day_and_the_area(state, place):
    heard = []
    receiver(FactsStated)(heard.append)
    state(HEADCOUNT, Decimal(350), "02-01")
    assert heard == [FactsStated(frozenset({(day("02-01"), place.township.pk)}))]


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (HEADCOUNT, Decimal(-1), "below zero"),
        (HEADCOUNT, Decimal("1.5"), "whole numbers"),
        (REVENUE, Decimal("-0.01"), "below zero"),
        (INDUSTRY, "纺织", "letter or 2 to 4 digits"),
        (FactKind.ABOVE_SCALE, "maybe", "yes or no"),
        (TAG, "", "every other fact is a text"),
    ],
)
def test_what_cannot_be_is_refused_by_the_database_with_its_sentence(state, place, kind, value, words):
    from django.utils.translation import override

    with override("en"), pytest.raises(ValidationError, match=words):
        state(kind, value, "02-01")
    number = value if isinstance(value, Decimal) else None
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.FactFactory(
            enterprise=place.enterprise, kind=kind, number=number, text="" if number is not None else value
        )


def test_only_a_tag_ends(state):
    with pytest.raises(ValidationError):
        state(HEADCOUNT, Decimal(1), "02-01", last_day=day("02-02"))
    with pytest.raises(ValidationError):
        state(TAG, "出口", "02-02", last_day=day("02-01"))


def test_the_same_kind_and_day_stands_once(place):
    factories.FactFactory(enterprise=place.enterprise)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.FactFactory(enterprise=place.enterprise, number=7)


def test_only_keepers_of_the_area_state_facts(place, viewer_of):
    for kind in ("commander", "bureau_clerk@outside", "reporter"):
        with pytest.raises(Denied):
            state_fact(
                actor=viewer_of(kind), enterprise=place.enterprise, kind=HEADCOUNT, value=Decimal(1), day=day("02-01"),
                source="x",
            )  # fmt: skip


def test_many_enterprises_are_read_with_one_query_and_only_ones_own(place, viewer_of):
    for enterprise in (place.enterprise, place.other):
        factories.FactFactory(enterprise=enterprise, number=10)
        factories.FactFactory(enterprise=enterprise, number=20, valid_from=day("03-01"))
        factories.FactFactory(enterprise=enterprise, kind=INDUSTRY, text="17")
    ids = [place.enterprise.pk, place.other.pk]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        everything = facts_on(CONSOLE, ids, day("03-24"))
    assert len(queries) == 1
    assert {pk: (facts.numbers[HEADCOUNT], facts.industry) for pk, facts in everything.items()} == dict.fromkeys(
        ids, (20, "17")
    )
    assert set(facts_on(viewer_of("bureau_clerk"), ids, day("03-24"))) == {place.enterprise.pk}


def test_the_size_class_is_recomputed_with_the_facts_of_its_day(state, place, viewer_of):
    state(INDUSTRY, "17", "02-01")
    state(HEADCOUNT, Decimal(350), "02-01")
    state(REVENUE, Decimal(25_000_000), "02-01")
    state(HEADCOUNT, Decimal(299), "03-10")
    state(FactKind.ABOVE_SCALE, "yes", "02-01")
    viewer = viewer_of("bureau_clerk")
    before, after = (fact_sheet(viewer, place.enterprise.pk, day(on)) for on in ("03-09", "03-10"))
    assert (before.size.size, after.size.size) == (SizeClass.MEDIUM, SizeClass.SMALL)
    assert len(before.history) == 5 and len(after.holding) == 4
    assert before.facts.above_scale is True
    with pytest.raises(OutOfScope):
        fact_sheet(viewer_of("bureau_clerk@outside"), place.enterprise.pk, day("03-24"))


def rows(place, people: int, on: str = "03-24", industry: str = "17"):
    code = place.enterprise.uscc
    return [StatedFact(code, HEADCOUNT, day(on), people), StatedFact(code, INDUSTRY, day(on), text=industry)]


def test_a_file_states_only_what_is_news(place, known):
    assert state_facts_in_bulk(actor=CONSOLE, rows=rows(place, 100), source="run 1") == 2
    assert state_facts_in_bulk(actor=CONSOLE, rows=rows(place, 100), source="run 2") == 0
    assert state_facts_in_bulk(actor=CONSOLE, rows=rows(place, 100, "04-01"), source="run 3") == 0
    assert state_facts_in_bulk(actor=CONSOLE, rows=rows(place, 120, "04-01"), source="run 4") == 1
    assert [known(on).numbers[HEADCOUNT] for on in ("03-24", "03-31", "04-01")] == [100, 100, 120]


def test_undoing_a_file_brings_back_what_it_replaced(place, known, state):
    state(HEADCOUNT, Decimal(90), "03-24")
    state_facts_in_bulk(actor=CONSOLE, rows=rows(place, 100), source="run 1")
    assert known("03-24").numbers == {HEADCOUNT: 100}
    old = EnterpriseFact.objects.get(number=90)
    assert old.withdrawn_at is not None and old.replaced_by.number == 100
    assert withdraw_facts_in_bulk(actor=CONSOLE, source="run 1") == 2
    assert known("03-24").numbers == {HEADCOUNT: 90} and known("03-24").industry == ""
    assert withdraw_facts_in_bulk(actor=CONSOLE, source="run 1") == 0


def test_undoing_a_file_leaves_a_later_correction_alone(place, known, state):
    state(HEADCOUNT, Decimal(90), "03-24")
    state_facts_in_bulk(actor=CONSOLE, rows=rows(place, 100), source="run 1")
    state(HEADCOUNT, Decimal(95), "03-24")
    withdraw_facts_in_bulk(actor=CONSOLE, source="run 1")
    assert known("03-24").numbers == {HEADCOUNT: 95}


def test_a_file_states_nothing_of_other_areas_or_unknown_codes(place, viewer_of):
    foreign = [
        StatedFact(place.other.uscc, HEADCOUNT, day("03-24"), 5),
        StatedFact("9137150000000000XX", HEADCOUNT, day("03-24"), 5),
    ]
    assert state_facts_in_bulk(actor=viewer_of("bureau_clerk"), rows=foreign, source="run 1") == 0
    with pytest.raises(Denied):
        state_facts_in_bulk(actor=viewer_of("commander"), rows=foreign, source="run 1")


def test_a_shop_without_a_code_is_found_by_its_provisional_id(place):
    shop = factories.EnterpriseFactory(uscc=None, provisional_id="P371502-1", managing_area=place.county)
    rows = [StatedFact("P371502-1", HEADCOUNT, day("03-24"), 3)]
    assert state_facts_in_bulk(actor=CONSOLE, rows=rows, source="run 1") == 1
    assert facts_on(CONSOLE, [shop.pk], day("03-24"))[shop.pk].numbers == {HEADCOUNT: 3}


def test_the_register_described_takes_no_query_per_enterprise(place):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            list(described(CONSOLE, day("03-24")))
        return len(captured)

    few = queries()
    for enterprise in factories.EnterpriseFactory.create_batch(5, managing_area=place.county):
        factories.FactFactory(enterprise=enterprise)
    assert queries() == few
    assert [row.enterprise for row in described(CONSOLE, day("03-24"), "371503")] == [place.other]
    with pytest.raises(OutOfScope):
        list(described(CONSOLE, day("03-24"), "999999"))
