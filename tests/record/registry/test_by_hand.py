"""Closing, moving, merging, giving a code, and what an enterprise proposes: what is done, by whom, and what is kept."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from fugong.base.audit.models import AuditEntry
from fugong.core.decision import Denied
from fugong.core.registries import Counting, Slice
from fugong.record.registry.actions.closing import close_enterprise, reopen_enterprise
from fugong.record.registry.actions.codes import give_code
from fugong.record.registry.actions.merging import merge_enterprises
from fugong.record.registry.actions.moving import move_enterprise
from fugong.record.registry.actions.proposals import (
    Carrying,
    accept_change,
    propose_change,
    refuse_change,
    withdraw_change,
)
from fugong.record.registry.actions.register import edit_enterprise
from fugong.record.registry.enums import ChangeKind, ChangeState, ClosingReason
from fugong.record.registry.logic.uscc import compose_code
from fugong.record.registry.models import ChangeRequest, Enterprise, EnterpriseFact, EnterpriseMove
from fugong.record.registry.selectors.changes import answers_awaited, moves_for, proposals_for
from fugong.record.registry.selectors.enterprises import in_business
from fugong.record.reporting.models import DailyReport
from fugong.record.reporting.selectors.behind import opening_members
from fugong.record.reporting.selectors.counts import states_by_area
from fugong.record.reporting.selectors.doubles import reported_by_both
from tests import factories

DAY = date(2020, 3, 24)


def counted(place, day: date) -> set[int]:
    return set(in_business(place.city.path, day).values_list("pk", flat=True))


def verbs(enterprise: Enterprise) -> list[str]:
    found = AuditEntry.objects.filter(subject=f"registry.enterprise:{enterprise.pk}").order_by("id")
    return list(found.values_list("verb", flat=True))


def close(place, viewer, day: date = date(2020, 3, 20), **values):
    values = {"reason": ClosingReason.BANKRUPT, "evidence": "法院公告第5号"} | values
    return close_enterprise(actor=viewer, enterprise=place.enterprise, closed_on=day, **values)


# --- Closing --------------------------------------------------------------------------------------------------------


def test_a_closed_enterprise_leaves_the_denominator_from_its_day(place, viewer_of):
    close(place, viewer_of("bureau_clerk"))
    assert place.enterprise.pk in counted(place, date(2020, 3, 19))
    assert place.enterprise.pk not in counted(place, date(2020, 3, 20))
    assert verbs(place.enterprise) == ["registry.enterprise.closed"]


def test_the_days_between_closing_and_reopening_stay_closed_days(place, viewer_of):
    clerk = viewer_of("bureau_clerk")
    close(place, clerk)
    place.enterprise.refresh_from_db()
    reopen_enterprise(actor=clerk, enterprise=place.enterprise, reopened_on=DAY, because="复业")
    days = [date(2020, 3, day) for day in (19, 20, 23, 24)]
    assert [place.enterprise.pk in counted(place, day) for day in days] == [True, False, False, True]


def test_reopened_on_the_day_of_the_closing_it_was_never_closed(place, viewer_of):
    clerk = viewer_of("bureau_clerk")
    close(place, clerk)
    place.enterprise.refresh_from_db()
    reopen_enterprise(actor=clerk, enterprise=place.enterprise, reopened_on=date(2020, 3, 20), because="录错")
    assert place.enterprise.pk in counted(place, date(2020, 3, 21))


@pytest.mark.parametrize(
    ("day", "values"),
    [
        (date(2020, 3, 25), {}),
        (date(2020, 3, 20), {"evidence": " "}),
        (date(2020, 3, 20), {"reason": "tired"}),
        (date(2001, 1, 1), {}),
    ],
    ids=["future", "no evidence", "unknown reason", "before it was established"],
)
def test_a_closing_that_cannot_be_is_refused_whole(place, viewer_of, day, values):
    with pytest.raises(ValidationError):
        close(place, viewer_of("bureau_clerk"), day, **values)
    place.enterprise.refresh_from_db()
    assert place.enterprise.closed_on is None
    assert not place.enterprise.closures.exists()


def test_nobody_outside_its_area_closes_or_reopens(place, viewer_of):
    with pytest.raises(Denied):
        close(place, viewer_of("bureau_clerk@outside"))
    close(place, viewer_of("bureau_clerk"))
    place.enterprise.refresh_from_db()
    with pytest.raises(Denied):
        reopen_enterprise(
            actor=viewer_of("bureau_clerk@outside"), enterprise=place.enterprise, reopened_on=DAY, because="复业"
        )


# --- Moving ---------------------------------------------------------------------------------------------------------


def move(place, viewer, day: date = date(2020, 3, 22), **values):
    values = {"to_area": place.other_county, "reason": "迁址"} | values
    return move_enterprise(actor=viewer, enterprise=place.enterprise, moved_on=day, **values)


def test_a_day_before_the_move_counts_in_the_former_area(place, viewer_of):
    place.report(day="2020-03-20")
    move(place, viewer_of("bureau_clerk"))
    before = states_by_area(place.incident.pk, date(2020, 3, 20))
    silent = states_by_area(place.incident.pk, date(2020, 3, 21))
    after = states_by_area(place.incident.pk, date(2020, 3, 22))
    assert before[place.township.pk] == {"open": 1}
    assert silent[place.township.pk] == {"missing": 1}
    assert place.township.pk not in after
    assert after[place.other_county.pk] == {"missing": 2}


def test_moved_twice_each_day_has_its_own_area(place, viewer_of):
    clerk = viewer_of("bureau_clerk@city")
    move(place, clerk, date(2020, 3, 10))
    place.enterprise.refresh_from_db()
    move(place, clerk, date(2020, 3, 20), to_area=place.zone)
    days = {date(2020, 3, 9): place.township, date(2020, 3, 10): place.other_county, date(2020, 3, 20): place.zone}
    for day, area in days.items():
        (row,) = in_business(place.city.path, day).filter(pk=place.enterprise.pk)
        assert row.area_on_day == area.pk
    assert counted(place, DAY) == {place.enterprise.pk, place.other.pk}


def test_an_incident_of_one_county_counts_what_it_managed_on_the_day(place, viewer_of):
    move(place, viewer_of("bureau_clerk"))
    assert set(in_business(place.county.path, date(2020, 3, 21))) == {place.enterprise}
    assert not in_business(place.county.path, date(2020, 3, 22)).exists()


def test_both_areas_see_the_move(place, viewer_of):
    move(place, viewer_of("bureau_clerk"))
    assert len(moves_for(viewer_of("bureau_clerk"))) == len(moves_for(viewer_of("bureau_clerk@outside"))) == 1
    told = AuditEntry.objects.filter(verb="registry.area.enterprise_moved").values_list("subject", flat=True)
    assert set(told) == {f"areas.area:{place.township.pk}", f"areas.area:{place.other_county.pk}"}


def test_only_its_present_area_gives_an_enterprise_away(place, viewer_of):
    with pytest.raises(Denied):
        move(place, viewer_of("bureau_clerk@outside"))


@pytest.mark.parametrize("fault", ["same area", "earlier than the last", "future", "no reason"])
def test_a_move_that_cannot_be_is_refused(place, viewer_of, fault):
    clerk = viewer_of("bureau_clerk@city")
    move(place, clerk)
    place.enterprise.refresh_from_db()
    day, values = {
        "same area": (DAY, {"to_area": place.other_county}),
        "earlier than the last": (date(2020, 3, 22), {"to_area": place.zone}),
        "future": (date(2020, 3, 25), {"to_area": place.zone}),
        "no reason": (DAY, {"to_area": place.zone, "reason": ""}),
    }[fault]
    with pytest.raises(ValidationError):
        move(place, clerk, day, **values)
    assert EnterpriseMove.objects.count() == 1


# --- Codes ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def shop(place) -> Enterprise:
    return factories.EnterpriseFactory(
        name="东昌府区老王面馆", uscc=None, provisional_id="P371502-AB12", managing_area=place.township
    )


def test_a_code_of_an_abolished_district_registers_it_in_the_successor(place, viewer_of, shop):
    abolished = factories.AreaFactory(code="371523", name="茌平县", parent=place.city, is_reporting=False)
    abolished.successor, abolished.valid_to = place.other_county, date(2019, 8, 21)
    abolished.save()
    given = give_code(actor=viewer_of("bureau_clerk"), enterprise=shop, code=f" {compose_code('371523', 'MA3ABCD1')} ")
    assert given.registered_area == place.other_county
    assert (given.code, given.provisional_id) == (compose_code("371523", "MA3ABCD1"), "P371502-AB12")


def test_a_code_that_is_wrong_or_taken_is_refused(place, viewer_of, shop):
    for code in ("123", place.other.uscc):
        with pytest.raises(ValidationError):
            give_code(actor=viewer_of("bureau_clerk"), enterprise=shop, code=code)
    with pytest.raises(Denied):
        give_code(actor=viewer_of("bureau_clerk"), enterprise=place.enterprise, code=compose_code("371502", "MA3ABCD1"))


# --- Merging --------------------------------------------------------------------------------------------------------


def merge(viewer, kept, dropped, reason="同一执照"):
    return merge_enterprises(actor=viewer, kept=kept, dropped=dropped, reason=reason)


def test_a_merge_takes_over_what_is_lacking_and_loses_nothing(place, viewer_of, shop):
    clerk = viewer_of("bureau_clerk")
    twin = factories.EnterpriseFactory(name="老王面馆", managing_area=place.township, registered_address="古楼街1号")
    only, both_shop, both_twin = (
        place.report(twin, day="2020-03-21"),
        place.report(shop, day="2020-03-22", on_post=10),
        place.report(twin, day="2020-03-22", on_post=20),
    )
    person = factories.GrantFactory(enterprise=twin).user
    factories.ChangeRequestFactory(enterprise=twin)
    code = twin.uscc
    merge(clerk, shop, twin)
    shop.refresh_from_db()
    twin.refresh_from_db()
    assert (shop.uscc, shop.registered_address, shop.name) == (code, "古楼街1号", "东昌府区老王面馆")
    assert (twin.merged_into, twin.uscc) == (shop, None)
    assert [r.enterprise for r in DailyReport.objects.filter(pk=only.pk)] == [shop]
    # The rule of a day that both reported: the report of the one that stays counts, the other one is left readable.
    assert DailyReport.objects.get(pk=both_twin.pk).enterprise == twin
    here = frozenset([place.township.pk])
    members = {
        m.enterprise_id: m
        for m in opening_members(Counting(place.incident.pk, date(2020, 3, 22)).within(here), Slice())
    }
    assert members[shop.pk].state == "open"
    assert twin.pk not in members
    assert DailyReport.objects.get(pk=both_shop.pk).on_post == 10
    assert shop.grants.filter(user=person, valid_to__isnull=True).exists()
    assert twin.grants.get(user=person).valid_to == DAY
    assert ChangeRequest.objects.get().enterprise == shop
    assert verbs(shop)[-2:] == ["registry.enterprise.merged", "reporting.report.taken_over"]


def test_the_preview_names_the_days_that_both_reported(place, viewer_of, client_for, shop):
    for day in ("2020-03-21", "2020-03-22"):
        place.report(shop, day=day)
        place.report(day=day)
    place.report(day="2020-03-18")
    doubles = reported_by_both(viewer_of("bureau_clerk"), shop.pk, place.enterprise.pk)
    assert [double.kept.day.day for double in doubles] == [22, 21]
    url = reverse("registry:merge_preview", args=[place.incident.slug, shop.pk, place.enterprise.pk])
    page = client_for("bureau_clerk").get(url).content.decode()
    assert "2020-03-22" in page
    assert "2020-03-18" not in page


def test_dated_facts_are_never_mixed_from_both(place, viewer_of, shop):
    for enterprise, kind, number in (
        (shop, "headcount", 5),
        (place.enterprise, "headcount", 90),
        (place.enterprise, "revenue", 7),
    ):
        EnterpriseFact.objects.create(
            enterprise=enterprise,
            kind=kind,
            number=number,
            valid_from=date(2020, 1, 1),
            source="年报",
            entered_by_name="王",
            entered_at="2020-03-01T08:00+08:00",
        )
    merge(viewer_of("bureau_clerk"), shop, place.enterprise)
    assert {(fact.kind, fact.number) for fact in shop.facts.all()} == {("headcount", 5), ("revenue", 7)}
    assert place.enterprise.facts.count() == 2


def test_a_reference_leads_to_the_one_that_stays_and_its_history_opens(place, viewer_of, client_for, shop):
    merge(viewer_of("bureau_clerk"), shop, place.enterprise)
    third = factories.EnterpriseFactory(managing_area=place.township)
    merge(viewer_of("bureau_clerk"), third, shop)
    url = reverse("registry:detail", args=[place.incident.slug, place.enterprise.pk])
    client = client_for("bureau_clerk")
    assert client.get(url)["Location"] == reverse("registry:detail", args=[place.incident.slug, third.pk])
    assert client.get(f"{url}?history=1").status_code == 200
    assert counted(place, DAY) == {third.pk, place.other.pk}


def test_a_merge_asks_for_both_and_for_a_reason(place, viewer_of, shop):
    with pytest.raises(Denied):
        merge(viewer_of("bureau_clerk"), shop, place.other)
    with pytest.raises(Denied):
        merge(viewer_of("bureau_clerk"), shop, shop)
    with pytest.raises(ValidationError):
        merge(viewer_of("bureau_clerk"), shop, place.enterprise, " ")
    merge(viewer_of("bureau_clerk"), shop, place.enterprise)
    place.enterprise.refresh_from_db()
    with pytest.raises(Denied):
        edit_enterprise(actor=viewer_of("bureau_clerk"), enterprise=place.enterprise, values={"name": "x"})


# --- Proposals ------------------------------------------------------------------------------------------------------


def propose(place, viewer, kind=ChangeKind.NAME, **values):
    values = {"text": "新名有限公司"} | values
    return propose_change(actor=viewer, enterprise=place.enterprise, kind=kind, values=values)


def test_an_accepted_name_is_written_by_the_ordinary_action(place, viewer_of):
    request = propose(place, viewer_of("reporter"))
    accept_change(actor=viewer_of("bureau_clerk"), request=request, carrying=Carrying())
    place.enterprise.refresh_from_db()
    request.refresh_from_db()
    assert (place.enterprise.name, request.state) == ("新名有限公司", ChangeState.ACCEPTED)
    assert verbs(place.enterprise) == [
        "registry.change.proposed", "registry.change.accepted", "registry.enterprise.edited",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", [ChangeKind.AREA, ChangeKind.NOT_OURS, ChangeKind.CLOSING, ChangeKind.ADDRESS])
def test_each_kind_is_carried_out(place, viewer_of, kind):
    area = place.other_county if kind == ChangeKind.AREA else None
    day = date(2020, 3, 20) if kind == ChangeKind.CLOSING else None
    request = propose(place, viewer_of("reporter"), kind, area=area, day=day)
    carrying = Carrying(day, place.other_county if kind == ChangeKind.NOT_OURS else None, "bankrupt", "查实")
    accept_change(actor=viewer_of("bureau_clerk"), request=request, carrying=carrying)
    place.enterprise.refresh_from_db()
    assert {
        ChangeKind.AREA: place.enterprise.managing_area == place.other_county,
        ChangeKind.NOT_OURS: place.enterprise.managing_area == place.other_county,
        ChangeKind.CLOSING: place.enterprise.closed_on == day,
        ChangeKind.ADDRESS: place.enterprise.registered_address == "新名有限公司",
    }[kind]


def test_a_refusal_needs_a_reason_and_changes_nothing(place, viewer_of):
    request = propose(place, viewer_of("reporter"))
    with pytest.raises(ValidationError):
        refuse_change(actor=viewer_of("bureau_clerk"), request=request, answer=" ")
    refuse_change(actor=viewer_of("bureau_clerk"), request=request, answer="执照未变更")
    place.enterprise.refresh_from_db()
    request.refresh_from_db()
    assert (place.enterprise.name, request.state) == ("东昌府纺织有限公司", ChangeState.REFUSED)
    with pytest.raises(ValidationError):
        accept_change(actor=viewer_of("bureau_clerk"), request=request, carrying=Carrying())


def test_who_may_propose_withdraw_and_decide(place, viewer_of):
    for kind in ("reporter@other", "liaison_officer", "bureau_clerk"):
        with pytest.raises(Denied):
            propose(place, viewer_of(kind))
    request = propose(place, viewer_of("reporter"))
    for kind in ("reporter", "bureau_clerk@outside", "commander"):
        with pytest.raises(Denied):
            accept_change(actor=viewer_of(kind), request=request, carrying=Carrying())
        with pytest.raises(Denied):
            refuse_change(actor=viewer_of(kind), request=request, answer="不")
    with pytest.raises(Denied):
        withdraw_change(actor=viewer_of("reporter@other"), request=request)
    with pytest.raises(ValidationError):
        propose(place, viewer_of("reporter"))
    withdraw_change(actor=viewer_of("reporter"), request=request)
    assert propose(place, viewer_of("reporter")).state == ChangeState.PROPOSED


def test_what_waits_is_counted_for_its_area_alone(place, viewer_of):
    propose(place, viewer_of("reporter"))
    assert [answers_awaited(viewer_of(f"bureau_clerk@{where}")) for where in ("in", "outside", "city")] == [1, 0, 1]
    assert proposals_for(viewer_of("bureau_clerk@outside"), waiting=True) == []
    factories.GrantProposalFactory(enterprise=place.enterprise)
    factories.GrantProposalFactory(enterprise=place.other)
    assert [answers_awaited(viewer_of(f"bureau_clerk@{where}")) for where in ("in", "outside", "city")] == [2, 1, 3]


def test_every_page_of_the_register_that_counts_what_waits_counts_the_same(place, viewer_of, client_for):
    propose(place, viewer_of("reporter"))
    factories.GrantProposalFactory(enterprise=place.enterprise)
    for page in ("registry:proposals", "registry:moves"):
        answer = client_for("bureau_clerk").get(reverse(page, args=[place.incident.slug]))
        assert {tab["count"] for tab in answer.context["tabs"]} == {None, 2}, page


def test_the_reporter_reads_the_answer_on_the_phone(place, viewer_of, client_for):
    request = propose(place, viewer_of("reporter"))
    refuse_change(actor=viewer_of("bureau_clerk"), request=request, answer="执照未变更")
    page = client_for("reporter").get(reverse("registry_my:changes", args=[place.enterprise.pk])).content.decode()
    assert "执照未变更" in page


def test_the_history_shows_fields_and_hides_who_reports(place, viewer_of, client_for):
    values = {
        "name": "改名有限公司",
        "kind": "enterprise",
        "established_on": place.enterprise.established_on,
        "registered_address": "古楼街2号",
    }
    edit_enterprise(actor=viewer_of("bureau_clerk"), enterprise=place.enterprise, values=values)
    propose(place, viewer_of("reporter"))
    url = reverse("registry:panel", args=[place.incident.slug, place.enterprise.pk, "registry.timeline"])
    page = client_for("bureau_clerk").get(url).content.decode()
    assert "东昌府纺织有限公司" in page
    assert "改名有限公司" in page
    assert place.person("reporter").name not in page


def test_a_capital_of_zero_is_said_and_stays_in_a_merge(place, viewer_of, shop):
    shop.capital_amount, shop.capital_currency = 0, "CNY"
    shop.save()
    twin = factories.EnterpriseFactory(
        name="老王面馆", managing_area=place.township, capital_amount=5_000_000, capital_currency="CNY"
    )
    merge(viewer_of("bureau_clerk"), shop, twin)
    shop.refresh_from_db()
    assert shop.capital_amount == 0
