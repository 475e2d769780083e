"""The officer's day: the sheet in order of need, calling, visits, what the phone kept; and nothing of others."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from fugong.base.accounts.selectors import viewer_for
from fugong.base.audit.models import AuditEntry
from fugong.core import clock
from fugong.core.decision import Denied, OutOfScope
from fugong.core.registries import DaySheetSource, day_sheet_sources
from fugong.record.desk.models import Request
from fugong.record.liaison.actions.assigning import end_assignments
from fugong.record.liaison.actions.visits import Told, cancel_planned_visit, plan_visit, record_visit
from fugong.record.liaison.logic.section import EMPTY, Duty, FieldSection
from fugong.record.liaison.models import Assignment, PlannedVisit, Visit
from fugong.record.liaison.selectors.day_sheet import day_sheet, own_card
from fugong.record.liaison.selectors.visits import contradicting, overdue_for, own_visits, planned_at
from fugong.record.registry.models import EnterpriseGrant
from tests import factories
from tests.tools import in_english

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(place, person, give):
    """The resident officer of the enterprise, as a user."""
    user = person("许志远")
    give(user, [place.enterprise])
    return user


@pytest.fixture
def viewer(officer):
    return lambda: viewer_for(officer, clock.today())


def told(**values) -> Told:
    return Told(**({"way": "visit", "purpose": "round", "key": uuid4(), "findings": "正常"} | values))


@pytest.fixture
def visited(place, viewer):
    """`visited(seen_people=58)`: the officer was there."""

    def visit(enterprise=None, **values):
        return record_visit(
            actor=viewer(), incident=place.incident, enterprise=enterprise or place.enterprise, told=told(**values)
        )

    return visit


def reasons(viewer) -> dict[str, list[tuple[str, str]]]:
    return {card.enterprise.name: [(need.state, need.text) for need in card.needs] for card in day_sheet(viewer)}


class TestSheet:
    def test_in_order_of_need_each_with_its_reason(self, place, officer, give, several, viewer, set_clock):
        silent, short, asking, fine = several(4)
        give(officer, [silent, short, asking, fine])
        for one in (short, asking, fine, place.enterprise):
            place.report(one, supply_days=2 if one == short else 9)
        place.report(silent, day="2020-03-20")
        factories.RequestFactory(place, enterprise=asking, title="缺磨工20人")
        sheet = day_sheet(viewer())
        assert [card.enterprise for card in sheet][:3] == [silent, short, asking]
        assert reasons(viewer())[silent.name] == [("bad", "No report for 3 days")]
        assert reasons(viewer())[short.name] == [("risk", "Supplies last 2 days")]
        assert reasons(viewer())[asking.name] == [("brand", "“缺磨工20人” is open")]
        set_clock("2020-04-03T16:00:00+08:00")
        assert ("bad", "“缺磨工20人”: a promise is overdue") in reasons(viewer())[asking.name]

    def test_each_is_silent_by_the_due_time_of_its_own_area(self, place, officer, give, viewer):
        """At nine the township that reports by half past eight is waited for, the rest of the county not yet."""
        other = factories.EnterpriseFactory(managing_area=place.county)
        give(officer, [other])
        for one in (place.enterprise, other):
            place.report(one, day="2020-03-23")
        factories.DueTimeFactory(incident=place.incident, area=place.township, due_time=time(8, 30))
        assert reasons(viewer())[place.enterprise.name] == [("risk", "No report for 1 day")]
        assert reasons(viewer())[other.name] == [("brand", "Not reported yet today")]

    def test_a_county_that_takes_longer_is_not_called_silent(self, place, viewer, set_clock):
        place.report(day="2020-03-23")
        factories.DueTimeFactory(incident=place.incident, area=place.county, due_time=time(15))
        set_clock("2020-03-24T14:00:00+08:00")
        assert reasons(viewer())[place.enterprise.name] == [("brand", "Not reported yet today")]

    def test_on_the_first_morning_nobody_is_late_before_the_due_time(self, place, viewer, set_clock):
        place.incident.started_on = clock.today()
        place.incident.save()
        assert reasons(viewer())[place.enterprise.name] == [("brand", "Not reported yet today")]
        set_clock("2020-03-24T10:01:00+08:00")
        assert reasons(viewer())[place.enterprise.name] == [("bad", "No report for 1 day or more")]

    def test_who_was_seen_today_comes_last(self, place, officer, give, several, viewer, visited):
        (other,) = several(1)
        give(officer, [other])
        place.report(other)
        visited()
        sheet = day_sheet(viewer())
        assert [(card.enterprise, card.seen_today is not None) for card in sheet] == [
            (other, False),
            (place.enterprise, True),
        ]

    def test_an_overdue_visit_is_a_reason(self, place, viewer, visited, set_clock):
        visited()
        set_clock("2020-03-27T09:00:00+08:00")
        assert ("risk", "Visit overdue by 2 days") in reasons(viewer())[place.enterprise.name]
        city = factories.MandateFactory(user=factories.UserFactory(), area=place.city, role="commander").user
        number, rows = overdue_for(viewer_for(city, clock.today()), place.incident, place.city)
        assert (number, [(one.way, one.late, one.last) for one in rows]) == (1, [("visit", 2, date(2020, 3, 24))])

    def test_a_grant_that_ended_closes_the_page_at_once(self, place, officer, viewer):
        assert own_card(viewer(), place.enterprise.pk).enterprise == place.enterprise
        EnterpriseGrant.objects.filter(user=officer).update(revoked_on=clock.today())
        with pytest.raises((Denied, OutOfScope)):
            own_card(viewer(), place.enterprise.pk)

    def test_one_card_asks_for_its_enterprise_alone(self, place, officer, give, several, viewer, monkeypatch):
        give(officer, several(3))
        asked = []
        source = DaySheetSource("asked", lambda viewer, incident, ids, *rest: asked.append(ids) or [])
        monkeypatch.setitem(day_sheet_sources._entries, "asked", source)
        assert own_card(viewer(), place.enterprise.pk).incident == place.incident
        assert asked == [frozenset({place.enterprise.pk})]

    def test_a_playbook_stored_with_a_number_of_times_is_read(self):
        duty = {"kind": "resident", "way": "visit", "times": 2, "days": 1, "source": ""}
        assert FieldSection(EMPTY | {"duties": [duty]}).duties == (Duty("resident", "visit", 1, ""),)


class TestVisits:
    def test_the_same_key_is_one_visit(self, place, visited):
        key = uuid4()
        assert visited(key=key) == visited(key=key, findings="第二遍")
        assert Visit.objects.get().findings == "正常"
        assert AuditEntry.objects.filter(verb="liaison.visit.recorded").count() == 1

    @pytest.mark.parametrize(("seen", "marked"), [(80, False), (78, False), (88, False), (70, True), (20, True)])
    def test_other_people_than_reported_are_marked(self, place, visited, viewer_of, seen, marked):
        place.report()  # 80 on post
        visit = visited(seen_people=seen)
        assert (visit.contradicts, visit.reported_people) == (marked, 80)
        city = viewer_of("commander@city")
        assert len(contradicting(city, place.incident, place.city, 50)) == int(marked)

    def test_without_a_report_of_that_day_nothing_is_contradicted(self, place, visited):
        place.report(day="2020-03-23")
        assert visited(seen_people=1).reported_people is None

    @pytest.mark.parametrize("off", [timedelta(), timedelta(days=1), timedelta(days=-1), timedelta(hours=-5)])
    def test_a_wrong_clock_of_the_phone_does_not_move_the_visit(self, visited, off):
        """It happened two hours before it was sent, whatever the phone believes the time is."""
        now = clock.now()
        visit = visited(phone_time=now - timedelta(hours=2) + off, phone_now=now + off)
        assert abs(visit.happened_at - (now - timedelta(hours=2))) < timedelta(seconds=5)

    def test_what_arrives_out_of_order_stands_in_order(self, place, visited, viewer):
        now = clock.now()
        for hours in (1, 5, 3):
            visited(findings=f"{hours}", phone_time=now - timedelta(hours=hours), phone_now=now)
        assert [visit.findings for visit in own_visits(viewer(), place.enterprise.pk)] == ["1", "3", "5"]

    def test_a_clock_that_ran_ahead_while_it_waited_is_now(self, visited):
        now = clock.now()
        assert visited(phone_time=now + timedelta(hours=1), phone_now=now).happened_at <= clock.now()

    def test_too_old_is_refused(self, visited):
        now = clock.now()
        with pytest.raises(ValidationError, match="14 days old"):
            visited(phone_time=now - timedelta(days=15), phone_now=now)

    def test_nobody_else_writes_it(self, place, viewer_of, person):
        for viewer in (viewer_of("team_lead@city"), viewer_of("reporter"), viewer_of("liaison_officer@other")):
            with pytest.raises(Denied):
                record_visit(actor=viewer, incident=place.incident, enterprise=place.enterprise, told=told())

    def test_an_empty_visit_says_nothing(self, visited):
        with pytest.raises(ValidationError, match="Say what was found"):
            visited(findings=" ")


def test_the_page_of_what_waits_says_for_whom_it_is(client_for):
    answer = in_english(client_for("commander")).get(reverse("reporting:outbox"))
    assert answer.status_code == 403
    assert "those who report for an enterprise or look after one" in answer.content.decode()


class TestPages:
    @pytest.fixture
    def phone(self, officer):
        from tests import strict

        client = strict.StrictClient()
        client.force_login(officer)
        client.cookies["fu_language"] = "en"
        return client

    def test_a_day_replayed_twice_is_one_day(self, place, phone, several, officer, give):
        """Six visits and two requests, sent out of order, and all of it once more."""
        rows = several(6)
        give(officer, rows)
        now = datetime.now().astimezone()
        sent = [
            (
                reverse("field:send_visit", args=[one.pk]),
                {
                    "way": "visit",
                    "purpose": "round",
                    "findings": one.name,
                    "client_key": uuid4(),
                    "phone_time": (now - timedelta(hours=6 - number)).isoformat(),
                    "phone_now": now.isoformat(),
                },
            )
            for number, one in enumerate(rows)
        ]
        sent += [
            (
                reverse("field:send_ask", args=[one.pk]),
                {"category": "policy", "title": "怎么申请", "client_key": uuid4()},
            )
            for one in rows[:2]
        ]
        for _again in range(2):
            for url, data in reversed(sent):
                answer = phone.post(url, data)
                assert (answer.status_code, answer.json()["state"]) == (200, "received"), answer.content
        assert (Visit.objects.count(), Request.objects.count()) == (6, 2)
        order = list(Visit.objects.order_by("happened_at").values_list("findings", flat=True))
        assert order == [one.name for one in rows]

    def test_what_was_kept_for_an_enterprise_handed_over_meanwhile_is_refused_in_words(self, place, phone, officer):
        EnterpriseGrant.objects.filter(user=officer).update(revoked_on=clock.today())
        data = {"way": "visit", "purpose": "round", "findings": "x", "client_key": uuid4()}
        answer = phone.post(reverse("field:send_visit", args=[place.enterprise.pk]), data)
        assert (answer.status_code, answer.json()["state"]) == (422, "refused")
        assert not Visit.objects.exists()

    def test_what_had_arrived_stays_received_after_a_hand_over(self, place, phone, lead):
        """The answer to the first sending was lost on the way; meanwhile somebody else has the enterprise."""
        address = reverse("field:send_visit", args=[place.enterprise.pk])
        data = {"way": "visit", "purpose": "round", "findings": "x", "client_key": uuid4()}
        for hand_over in (False, True):
            if hand_over:
                end_assignments(actor=lead, rows=Assignment.objects.all(), reason="x")
            answer = phone.post(address, data)
            assert (answer.status_code, answer.json()["state"]) == (200, "received")
        assert Visit.objects.count() == 1
        assert phone.post(address, data | {"client_key": uuid4()}).json()["state"] == "refused"

    def test_an_open_request_stands_on_the_page_of_its_enterprise(self, place, phone):
        factories.RequestFactory(place, title="缺磨工20人")
        page = phone.get(reverse("field:enterprise", args=[place.enterprise.pk]))
        assert page.status_code == 200
        assert page.content.decode().count("缺磨工20人") == 2  # as a reason, and with its body and state

    def test_a_kind_with_details_asks_for_them_at_the_gate_too(self, place, phone, permits):
        page, send = (reverse(name, args=[place.enterprise.pk]) for name in ("field:ask", "field:send_ask"))
        assert "何时要用" in phone.get(page).content.decode()
        said = {"category": "permits", "title": "特种设备", "client_key": uuid4(), "permit-document": "登记证"}
        answer = phone.post(page, said)
        assert (answer.status_code, "何时要用" in answer.content.decode()) == (422, True)
        answer = phone.post(send, said)
        assert (answer.status_code, answer.json()["state"]) == (422, "refused")
        assert "何时要用" in answer.json()["text"]
        assert not Request.objects.exists()
        said |= {"permit-wanted": "2020-04-10", "people_waiting": "7", "spoke_with": "门卫老李"}
        assert phone.post(send, said).json()["state"] == "received"
        request = Request.objects.get()
        assert request.detail == {"document": "登记证", "wanted": "2020-04-10"}
        assert (request.people_waiting, request.asked_by_name) == (7, "门卫老李")

    @pytest.mark.parametrize(
        "wrong", [{"seen_people": "-3"}, {"client_key": "x"}, {"way": "boat"}, {"findings": "", "seen_people": ""}]
    )
    def test_nonsense_is_answered_with_its_reason(self, place, phone, wrong):
        data = {"way": "visit", "purpose": "round", "findings": "x", "client_key": uuid4()} | wrong
        answer = phone.post(reverse("field:send_visit", args=[place.enterprise.pk]), data)
        assert answer.status_code == 422
        assert answer.json()["text"]
        assert phone.post(reverse("field:visit", args=[place.enterprise.pk]), data).status_code == 422

    def test_the_number_is_opened_on_the_record(self, place, phone):
        contact = factories.ContactFactory(enterprise=place.enterprise)
        place.report()
        page = phone.get(reverse("field:enterprise", args=[place.enterprise.pk])).content.decode()
        assert "138****5678" in page
        assert contact.phone not in page
        answer = phone.post(reverse("field:call", args=[place.enterprise.pk, contact.pk]))
        assert f"tel:{contact.phone}" in answer.content.decode()
        entry = AuditEntry.objects.get(verb="registry.contact.called")
        assert (entry.area_id, entry.detail) == (place.township.pk, {"contact": contact.pk})

    def test_a_contact_of_another_enterprise_is_not_there(self, place, phone):
        foreign = factories.ContactFactory(enterprise=place.other)
        for pk in (place.enterprise.pk, place.other.pk):
            assert phone.post(reverse("field:call", args=[pk, foreign.pk])).status_code == 404


class TestPlans:
    def test_all_bodies_see_what_all_plan_and_join(self, place, viewer, viewer_of):
        bureau = viewer_of("bureau_clerk")
        first = plan_visit(
            actor=bureau,
            incident=place.incident,
            enterprise=place.enterprise,
            day=date(2020, 3, 25),
            purpose="特种设备检查",
        )
        seen = planned_at(viewer(), place.enterprise.pk, clock.today())
        joined = plan_visit(
            actor=viewer(),
            incident=place.incident,
            enterprise=place.enterprise,
            day=date(2020, 3, 30),
            purpose="走访",
            joins=seen[0],
        )
        assert (joined.joins, joined.day) == (first, first.day)
        with pytest.raises(Denied):
            cancel_planned_visit(actor=viewer(), plan=first)
        cancel_planned_visit(actor=bureau, plan=first)
        assert list(PlannedVisit.objects.filter(cancelled_at=None).values_list("pk", "joins")) == [(joined.pk, None)]
        assert planned_at(viewer_of("bureau_clerk@outside"), place.enterprise.pk, clock.today()) == []
