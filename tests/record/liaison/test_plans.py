"""The one plan of an enterprise: drafted from facts, written by people, its progress read from the same facts."""

from __future__ import annotations

import subprocess
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from docx import Document

from fugong.base.accounts.enums import BodyKind
from fugong.base.accounts.selectors import viewer_for
from fugong.core import clock
from fugong.core.decision import Denied
from fugong.core.plans import plan_sources, share_of_way
from fugong.core.viewer import service_viewer
from fugong.record.desk.models import Request
from fugong.record.liaison.actions import plans as actions
from fugong.record.liaison.actions.plans import Wanted
from fugong.record.liaison.logic.section import EMPTY, FieldSection
from fugong.record.liaison.models import EnterprisePlan, PlanItem
from fugong.record.liaison.selectors.plans import plan_sheet, planned_numbers, plans_for
from fugong.record.registry.actions.merging import merge_enterprises
from tests import factories
from tests.tools import in_english, words_of

pytestmark = pytest.mark.django_db
TODAY = date(2020, 3, 24)


@pytest.fixture
def short(place):
    """The enterprise reported 148 of its normal 186 people, 72 % of capacity, supplies for 5 days."""
    factories.FactFactory(enterprise=place.enterprise, kind="headcount", number=186, valid_from=date(2020, 1, 1))
    return place.report(roster=190, on_post=148, capacity=Decimal(72), supply_days=Decimal(5))


@pytest.fixture
def drafted(place, lead):
    def draft(by=None) -> EnterprisePlan:
        actions.draft_plans(actor=by or lead, incident=place.incident, enterprises=[place.enterprise])
        return EnterprisePlan.objects.get(enterprise=place.enterprise)

    return draft


@pytest.fixture
def read(place, lead):
    return lambda: plan_sheet(lead, place.incident, place.enterprise, clock.today())


def titles(sheet) -> list[str]:
    return [line.words.title for line in sheet.lines]


def line_of(sheet, key):
    return next(line for line in sheet.lines if line.item.key == key)


class TestDraft:
    def test_from_what_the_reports_lack_against_its_own_normal(self, short, drafted, read):
        drafted()
        assert titles(read()) == [
            "Bring 29 people back to work",
            "Bring capacity to 90%",
            "Secure protective supplies",
        ]
        people = line_of(read(), "people")
        assert people.words.basis == "Report of 2020-03-24: 148 on post, normally 186"
        assert people.words.goal == "177 or more on post in two reports running"
        assert people.item.due_on == date(2020, 3, 31)
        assert (people.percent, people.is_done) == (0, False)

    def test_from_open_requests_with_their_bodies(self, place, drafted, read):
        request = factories.RequestFactory(place, title="缺磨工20人")
        drafted()
        line = read().lines[0]
        assert (line.words.title, line.item.body) == ("缺磨工20人", request.owner_body)
        assert line.item.due_on == clock.day_of(request.close_due_at)

    def test_from_overdue_visits_with_the_officer(self, place, drafted, read, person, give, set_clock):
        officer = person("许志远")
        give(officer, [place.enterprise])
        set_clock("2020-03-27T09:00:00+08:00")
        drafted()
        line = line_of(read(), "visit")
        assert (line.words.title, line.item.user) == ("Visit the enterprise", officer)
        assert line.words.basis == "On 2020-03-27 overdue by 2 days"

    def test_nothing_where_nothing_is_lacking(self, place, drafted, read):
        place.report(roster=100, on_post=100, capacity=Decimal(100), supply_days=Decimal(9))
        drafted()
        assert read().lines == []

    def test_an_older_playbook_asks_for_nothing_of_reports(self):
        assert FieldSection({name: value for name, value in EMPTY.items() if name != "plan"}).plan == {}
        source = plan_sources["reporting"]
        assert source.facts(service_viewer("tests"), 0, frozenset({1}), TODAY, {}) == []

    def test_twice_is_once(self, short, drafted):
        assert drafted() == drafted()
        assert PlanItem.objects.count() == 3

    def test_of_many_at_once(self, place, lead, several):
        many = several(5)
        for one in many:
            place.report(one, roster=100, on_post=10)
        assert actions.draft_plans(actor=lead, incident=place.incident, enterprises=[*many, place.enterprise]) == 6
        assert PlanItem.objects.filter(key="people").count() == 5
        assert planned_numbers(lead, place.incident, place.county) == (6, 0)

    def test_not_outside(self, place, viewer_of):
        with pytest.raises(Denied):
            actions.draft_plans(
                actor=viewer_of("team_lead"), incident=place.incident, enterprises=[place.enterprise, place.other]
            )
        assert not EnterprisePlan.objects.exists()


class TestProgress:
    def test_of_people_after_two_reports_running(self, place, short, drafted, read, set_clock):
        drafted()
        set_clock("2020-03-25T16:00:00+08:00")
        place.report(day="2020-03-25", roster=190, on_post=163)
        assert line_of(read(), "people").percent == 51
        set_clock("2020-03-26T16:00:00+08:00")
        place.report(day="2020-03-26", roster=190, on_post=180)
        assert (line_of(read(), "people").percent, line_of(read(), "people").is_done) == (99, False)
        set_clock("2020-03-27T16:00:00+08:00")
        place.report(day="2020-03-27", roster=190, on_post=177)
        assert (line_of(read(), "people").percent, line_of(read(), "people").is_done) == (100, True)

    def test_falls_when_the_facts_fall(self, place, short, drafted, read, set_clock):
        drafted()
        set_clock("2020-03-25T16:00:00+08:00")
        report = place.report(day="2020-03-25", supply_days=Decimal(8))
        assert line_of(read(), "supplies").is_done
        report.supply_days = Decimal(1)
        report.save()
        assert (line_of(read(), "supplies").percent, line_of(read(), "supplies").is_done) == (0, False)

    def test_of_a_request_by_its_own_states(self, place, drafted, read):
        request = factories.RequestFactory(place)
        drafted()
        assert read().lines[0].percent == 0
        Request.objects.filter(pk=request.pk).update(state="ended", end="solved", ended_at=clock.now())
        assert read().lines[0].is_done
        Request.objects.filter(pk=request.pk).update(end="withdrawn")
        assert (read().lines[0].is_done, read().lines[0].is_over) == (False, True)

    def test_silence_says_so(self, short, drafted, read, set_clock):
        drafted()
        set_clock("2020-04-20T16:00:00+08:00")
        assert line_of(read(), "people").progress.text == "No report in the last seven days"

    def test_what_rests_on_a_fact_is_never_settled_by_hand(self, short, drafted, read, lead):
        drafted()
        with pytest.raises(ValidationError, match="when the fact says so"):
            actions.settle_item(actor=lead, item=line_of(read(), "people").item)
        with pytest.raises(IntegrityError), transaction.atomic():
            PlanItem.objects.filter(key="people").update(settled_at=clock.now(), settled_by_name="x")

    @pytest.mark.parametrize(
        ("start", "now", "target", "percent"),
        [(10, 10, 20, 0), (10, 15, 20, 50), (10, 5, 20, 0), (10, 30, 20, 100), (5, 5, 5, 100)],
    )
    def test_share_of_the_way(self, start, now, target, percent):
        assert share_of_way(start, now, target) == percent


class TestPeople:
    def test_new_facts_never_overwrite_what_people_wrote(self, place, short, drafted, read, lead):
        plan = drafted()
        bureau = place.county.bodies.get(kind=BodyKind.BUREAU)
        wanted = Wanted(title="找磨工", body=bureau, due_on=date(2020, 3, 25), note="先问技校")
        actions.change_item(actor=lead, item=line_of(read(), "people").item, wanted=wanted)
        factories.RequestFactory(place, title="缺磨工20人")
        assert [one.words.title for one in read().proposals] == ["缺磨工20人"]
        assert actions.take_in_facts(actor=lead, plan=plan) == 1
        assert actions.take_in_facts(actor=lead, plan=plan) == 0
        people = line_of(read(), "people")
        assert (people.words.title, people.item.body, people.item.note) == ("找磨工", bureau, "先问技校")
        assert people.words.basis.endswith("148 on post, normally 186")
        assert people.item.due_on == date(2020, 3, 25)

    def test_one_fact_taken_in_the_other_left_out_with_a_reason(self, place, drafted, read, lead, short):
        plan = drafted()
        for title in ("甲", "乙"):
            factories.RequestFactory(place, title=title)
        first, second = read().proposals
        assert actions.take_in_facts(actor=lead, plan=plan, facts={(first.source, first.fact.key)}) == 1
        with pytest.raises(ValidationError, match="Say why"):
            actions.leave_out_fact(actor=lead, plan=plan, source=second.source, key=second.fact.key, reason=" ")
        actions.leave_out_fact(actor=lead, plan=plan, source=second.source, key=second.fact.key, reason="已口头办了")
        assert read().proposals == []
        assert [line.item.dropped_reason for line in read().dropped] == ["已口头办了"]
        with pytest.raises(ValidationError, match="not proposed any more"):
            actions.leave_out_fact(actor=lead, plan=plan, source=second.source, key=second.fact.key, reason="x")

    def test_what_was_taken_out_is_not_proposed_again(self, short, drafted, read, lead):
        drafted()
        item = line_of(read(), "capacity").item
        actions.drop_item(actor=lead, item=item, reason="季节性")
        assert "capacity" not in {one.fact.key for one in read().proposals}
        with pytest.raises(ValidationError, match="meanwhile"):
            actions.change_item(actor=lead, item=item, wanted=Wanted())

    def test_an_item_of_theirs_is_settled_by_a_person_once(self, drafted, read, lead):
        plan = drafted()
        item = actions.add_item(actor=lead, plan=plan, wanted=Wanted(title="食堂错时就餐", is_enterprises=True))
        assert not read().lines[0].is_done
        actions.settle_item(actor=lead, item=item)
        first = PlanItem.objects.get().settled_at
        actions.settle_item(actor=lead, item=item)
        assert read().lines[0].is_done
        assert PlanItem.objects.get().settled_at == first

    def test_an_item_has_one_owner(self, place, drafted, lead):
        plan, bureau = drafted(), place.county.bodies.get(kind=BodyKind.BUREAU)
        with pytest.raises(ValidationError, match="One body, one person"):
            actions.add_item(actor=lead, plan=plan, wanted=Wanted(title="x", body=bureau, is_enterprises=True))
        with pytest.raises(ValidationError, match="what is to be done"):
            actions.add_item(actor=lead, plan=plan, wanted=Wanted())

    def test_its_officer_writes_and_the_enterprise_reads(self, place, short, viewer_of, drafted):
        officer, reporter = viewer_of("liaison_officer@own"), viewer_of("reporter@own")
        plan = drafted(officer)
        assert plan_sheet(reporter, place.incident, place.enterprise, TODAY).lines
        for stranger in ("liaison_officer@other", "reporter@own", "auditor@in", "team_lead@outside"):
            with pytest.raises(Denied):
                actions.add_item(actor=viewer_of(stranger), plan=plan, wanted=Wanted(title="x"))
        for stranger in ("liaison_officer@other", "reporter@other", "auditor@in", "team_lead@outside"):
            with pytest.raises(Denied):
                plan_sheet(viewer_of(stranger), place.incident, place.enterprise, TODAY)

    def test_agreed_once_and_not_empty(self, place, drafted, lead):
        plan = drafted()
        with pytest.raises(ValidationError, match="Nothing stands in the plan"):
            actions.agree_to_plan(actor=lead, plan=plan)
        actions.add_item(actor=lead, plan=plan, wanted=Wanted(title="x"))
        actions.agree_to_plan(actor=lead, plan=plan)
        plan.refresh_from_db()
        first = plan.agreed_at
        actions.agree_to_plan(actor=lead, plan=plan)
        plan.refresh_from_db()
        assert plan.agreed_at == first is not None

    def test_goes_along_when_entries_are_merged(self, place, short, drafted, viewer_of, several):
        plan, (kept,) = drafted(), several(1)
        merge_enterprises(actor=viewer_of("bureau_clerk"), kept=kept, dropped=place.enterprise, reason="同一家")
        plan.refresh_from_db()
        assert plan.enterprise == kept


class TestPages:
    def test_officer_drafts_gives_an_owner_and_prints(self, place, short, client_for, read):
        client, pk = client_for("liaison_officer@own"), place.enterprise.pk
        page = reverse("field:plan_sheet", args=[pk])
        assert "No plan yet" in words_of(in_english(client).get(page))
        client.post(reverse("field:plan_draft", args=[pk]))
        item = line_of(read(), "people").item
        assert "Bring 29 people back to work" in words_of(in_english(client).get(page))
        url = reverse("field:plan_item", args=[pk, item.pk])
        assert client.post(url, {"owner": "enterprise", "due_on": "2020-03-26"}).status_code == 302
        item.refresh_from_db()
        assert (item.is_enterprises, item.due_on, item.title) == (True, date(2020, 3, 26), "")
        assert client.post(url, {"owner": "body:999999"}).status_code == 422
        printed = client.post(reverse("field:plan_file", args=[pk, "docx"]))
        words = "\n".join(cell.text for table in Document(BytesIO(printed.content)).tables for cell in table._cells)
        assert "补工29人" in words
        assert "企业自己" in words
        assert client.post(reverse("field:plan_file", args=[pk, "exe"])).status_code == 404

    def test_a_pdf_of_one_page_without_the_mark_once_agreed(self, place, short, client_for, read, lead, tmp_path):
        client, pk = client_for("team_lead@in"), place.enterprise.pk
        slug = place.incident.slug
        client.post(reverse("liaison:plan_draft", args=[slug, pk]))
        for agreed in (False, True):
            if agreed:
                client.post(reverse("liaison:plan_agree", args=[slug, pk]))
            path = tmp_path / "plan.pdf"
            path.write_bytes(client.post(reverse("liaison:plan_file", args=[slug, pk, "pdf"])).content)
            text = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True).stdout
            assert "一企一策方案" in text
            assert ("草稿" in text) is not agreed

    def test_facts_are_added_or_left_out_on_the_page(self, place, short, client_for, read):
        client, args = client_for("team_lead@in"), [place.incident.slug, place.enterprise.pk]
        client.post(reverse("liaison:plan_draft", args=args))
        factories.RequestFactory(place, title="缺磨工20人")
        (one,) = read().proposals
        fact = {"source": one.source, "key": one.fact.key}
        url = reverse("liaison:plan_facts", args=args)
        client.post(url, {**fact, "leave_out": "1", "reason": ""})
        assert len(read().proposals) == 1
        client.post(url, fact)
        assert "缺磨工20人" in titles(read())

    def test_list_of_an_area_and_of_ones_own_office(self, place, short, drafted, read, lead, client_for):
        drafted()
        bureau = place.county.bodies.get(kind=BodyKind.BUREAU)
        client = client_for("bureau_clerk@in")
        url = reverse("liaison:plans", args=[place.incident.slug])
        assert place.enterprise.name in words_of(in_english(client).get(url))
        assert place.enterprise.name not in words_of(in_english(client).get(f"{url}?own=1"))
        item = line_of(read(), "people").item
        actions.change_item(actor=lead, item=item, wanted=Wanted(body=bureau))
        assert place.enterprise.name in words_of(in_english(client).get(f"{url}?own=1"))
        assert client.get(f"{url}?after=x_&own=1").status_code == 200

    def test_the_list_pages_by_key(self, place, lead, several):
        many = several(5)
        actions.draft_plans(actor=lead, incident=place.incident, enterprises=many)
        seen, after = [], ""
        while True:
            page = plans_for(lead, place.incident, place.county, after=after, size=2)
            seen += [sheet.plan.enterprise_id for sheet in page.rows]
            after = page.after
            if not after:
                break
        assert sorted(seen) == sorted(one.pk for one in many)

    def test_missing_drafts_by_one_tap(self, place, short, client_for, several):
        several(3)
        client = client_for("team_lead@in")
        client.post(reverse("liaison:plans_draft", args=[place.incident.slug]))
        assert EnterprisePlan.objects.count() == 4
        assert not EnterprisePlan.objects.filter(enterprise=place.other).exists()


def test_an_officer_of_many_reads_only_the_own(place, person, give, drafted):
    officer = person("许志远")
    give(officer, [place.enterprise])
    viewer = viewer_for(officer, clock.today())
    drafted(viewer)
    with pytest.raises(Denied):
        actions.draft_plans(actor=viewer, incident=place.incident, enterprises=[place.other])
