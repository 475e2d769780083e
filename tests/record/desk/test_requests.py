"""A request from its entrance to its end."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from fugong.base.audit.models import AuditEntry
from fugong.core import clock
from fugong.core.decision import Denied, OutOfScope
from fugong.record.desk.actions import clocks, ending, parts, roots, working
from fugong.record.desk.actions.opening import Asked, open_request
from fugong.record.desk.actions.routing import end_route, set_route
from fugong.record.desk.enums import Channel, EntryKind, PartState, RequestEnd, RequestState, Usefulness
from fugong.record.desk.logic.details import BadDetail
from fugong.record.desk.models import Request, RouteRule
from fugong.record.desk.selectors import piles
from fugong.record.desk.selectors import queue as reads
from fugong.record.desk.tasks import read_reports, run_clocks
from fugong.record.reporting.actions.submit import Sending, submit_report
from fugong.record.reporting.logic.checks import ReportValues
from tests.record.desk.conftest import DESK

DAYS = ("2020-03-25", "2020-03-26", "2020-03-27", "2020-03-30")


def local(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%m-%d %H:%M}"


def kinds(request: Request) -> list[str]:
    return [str(entry.kind) for entry in request.entries.order_by("pk")]


def ticked() -> int:
    """One minute of the clocks; how many levels were gone up."""
    before = sum(Request.objects.values_list("level", flat=True))
    run_clocks()
    return sum(Request.objects.values_list("level", flat=True)) - before


def say(place, reporter, *, on_post=80, roster=100, obstacles=("labour",), state="open"):
    values = ReportValues(
        state=state,
        closed_reason="",
        roster=roster,
        on_post=on_post,
        capacity=None,
        obstacles=tuple(obstacles),
        supply_days=None,
        remark="",
        extra={},
    )
    return submit_report(
        actor=reporter,
        incident=place.incident,
        enterprise=place.enterprise,
        day=clock.today(),
        values=values,
        sending=Sending(channel="phone", warning_reason="hired"),
    )


class TestOpening:
    def test_it_goes_to_the_body_of_the_rule_with_its_clock(self, place, ask, labour):
        request = ask()
        assert request.number == "20200324-0001"
        assert (request.state, request.owner_body, request.offered_to) == (RequestState.RECEIVED, labour, None)
        assert (local(request.contact_due_at), local(request.plan_due_at)) == ("03-24 10:00", "03-25 17:30")
        assert (local(request.close_due_at), request.next_due_at) == ("04-02 17:30", request.contact_due_at)
        assert kinds(request) == ["opened", "routed"]
        assert AuditEntry.objects.filter(subject=f"desk.request:{request.pk}", verb="desk.request.opened").exists()

    def test_without_a_rule_the_headquarters_above_takes_it(self, place, ask):
        request = ask("money-loan", "续贷")
        assert request.owner_body.name == "聊城市指挥部"
        assert ask("other", "别的事").number == "20200324-0002"

    def test_of_two_rules_the_one_with_more_conditions_wins_then_the_nearer_area(self, place, ask, labour):
        city = place.city.bodies.get(kind="bureau")
        set_route(actor=DESK, incident=place.incident, area=place.city, body=city, category="staff-shortage")
        assert ask().owner_body == city  # the second level of the category is nearer than its first
        assert ask("staff-housing", "住宿").owner_body == labour
        township = place.county.bodies.exclude(pk=labour.pk).first()
        set_route(actor=DESK, incident=place.incident, area=place.county, body=township, category="staff-shortage")
        assert ask(title="又缺").owner_body == township

    def test_a_rule_by_tag_asks_the_facts(self, place, ask, labour):
        from fugong.record.registry.models import EnterpriseFact
        from tests.factories import FactFactory

        city = place.city.bodies.get(kind="bureau")
        set_route(actor=DESK, incident=place.incident, area=place.county, body=city, category="staff", tag="外资")
        assert ask().owner_body == labour
        FactFactory(enterprise=place.enterprise, kind="tag", text="外资", number=None)
        assert EnterpriseFact.objects.count() == 1
        assert ask(title="外资缺工").owner_body == city

    def test_a_rule_that_ended_routes_no_more(self, place, ask, labour, set_clock):
        rule = RouteRule.objects.get()
        set_clock("2020-03-25T09:00:00+08:00")
        end_route(actor=DESK, rule=rule)
        assert ask().owner_body.name == "聊城市指挥部"

    def test_who_heard_it_first_has_the_duty_until_another_accepts(self, place, labour, clerk, viewer_of):
        hotline = place.city.bodies.get(kind="headquarters")
        operator = viewer_of("duty_officer@city")
        request = open_request(
            actor=operator,
            incident=place.incident,
            enterprise=place.enterprise,
            asked=Asked("staff-shortage", "来电：缺工", channel=Channel.HOTLINE, first_contact=hotline),
        )
        assert (request.owner_body, request.offered_to) == (hotline, labour)
        request = working.accept_request(actor=clerk, request=request)
        assert (request.owner_body, request.offered_to, request.owner.name) == (labour, None, "汤怀远")

    def test_the_same_key_again_is_the_same_request(self, ask):
        key = uuid4()
        assert ask(client_key=key).pk == ask(client_key=key, title="再说一遍").pk
        assert Request.objects.count() == 1

    @pytest.mark.parametrize("wrong", [{"category": "nonsense"}, {"title": "  "}, {"people_waiting": -1}])
    def test_what_it_needs(self, ask, wrong):
        with pytest.raises(ValidationError):
            ask(**wrong)
        assert not Request.objects.exists()

    def test_goods_have_details_of_their_own(self, ask):
        with pytest.raises(BadDetail) as refusal:
            ask("goods", "口罩", detail={"item": "口罩", "quantity": "很多"})
        assert list(refusal.value.faults) == ["quantity"]
        request = ask("goods", "口罩", detail={"item": "口罩", "quantity": "5000", "unit": "只", "other": "x"})
        assert (request.kind, request.detail) == ("goods", {"item": "口罩", "quantity": 5000, "unit": "只"})

    @pytest.mark.parametrize("kind", ["reporter@other", "bureau_clerk@outside", "auditor", "nobody"])
    def test_others_may_not_ask(self, place, viewer_of, kind):
        with pytest.raises(Denied):
            open_request(
                actor=viewer_of(kind),
                incident=place.incident,
                enterprise=place.enterprise,
                asked=Asked("other", "别的事"),
            )


class TestWorking:
    def test_of_two_clerks_the_second_reads_who_was_first(self, ask, clerk, colleague):
        request = ask()
        working.accept_request(actor=clerk, request=request)
        working.accept_request(actor=clerk, request=request)
        with pytest.raises(ValidationError, match="汤怀远"):
            working.accept_request(actor=colleague, request=request)

    def test_each_kept_promise_moves_the_next_due(self, ask, clerk):
        request = working.note_contact(actor=clerk, request=ask(), reached=True, text="电话")
        assert (request.state, request.next_due_at) == (RequestState.IN_WORK, request.plan_due_at)
        request = working.make_plan(actor=clerk, request=request, text="周五前送12人")
        assert request.next_due_at == request.close_due_at
        request = ending.answer_request(actor=clerk, request=request, text="12人到岗")
        assert (request.state, request.next_due_at) == (RequestState.ANSWERED, None)

    def test_another_body_is_refused_and_reads_whose_it_is(self, place, ask, labour, viewer_of):
        with pytest.raises(Denied, match="人社局"):
            working.note_contact(actor=viewer_of("bureau_clerk"), request=ask(), reached=True, text="")

    def test_a_pause_puts_the_dues_off(self, ask, clerk, set_clock):
        request = ask()
        with pytest.raises(ValidationError):
            working.pause_clock(actor=clerk, request=request, reason="holiday")
        request = working.pause_clock(actor=clerk, request=request, reason="enterprise", note="等名单")
        assert request.next_due_at is None
        with pytest.raises(ValidationError):
            working.pause_clock(actor=clerk, request=request, reason="enterprise")
        set_clock("2020-03-24T11:00:00+08:00")
        request = working.resume_clock(actor=clerk, request=request)
        late = timedelta(seconds=30)
        assert local(request.contact_due_at + late) == "03-24 12:00"
        assert local(request.close_due_at + late) == "04-03 10:30"

    def test_not_ours_names_whose_and_the_duty_stays(self, place, ask, clerk, labour, viewer_of):
        transport = place.county.bodies.exclude(pk=labour.pk).first()
        request = ask()
        with pytest.raises(ValidationError):
            working.offer_request(actor=clerk, request=request, whose=labour, reason="不是我们的")
        request = working.offer_request(actor=clerk, request=request, whose=transport, reason="包车归交通")
        assert (request.owner_body, request.offered_to) == (labour, transport)
        theirs = viewer_of("bureau_clerk")
        with pytest.raises(ValidationError):
            working.decline_offer(actor=theirs, request=request, whose=transport, reason="不归我们")
        request = working.decline_offer(actor=theirs, request=request, whose=labour, reason="用工归人社")
        assert (request.owner_body, request.offered_to) == (labour, None)

    def test_it_is_given_to_somebody_of_the_body_only(self, place, ask, clerk, colleague):
        from fugong.base.accounts.models import User

        request = working.assign_request(actor=clerk, request=ask(), to=User.objects.get(pk=colleague.id))
        assert request.owner_id == colleague.id
        with pytest.raises(ValidationError):
            working.assign_request(actor=clerk, request=request, to=place.person("commander"))

    def test_the_green_channel_shortens_the_clock_visibly(self, ask, clerk, viewer_of):
        request = ask("money-loan", "续贷")
        with pytest.raises(Denied):
            working.open_green_channel(actor=clerk, request=request, reason="急")
        request = working.open_green_channel(actor=viewer_of("commander"), request=request, reason="防疫物资生产")
        assert (local(request.contact_due_at), local(request.close_due_at)) == ("03-24 09:30", "03-26 17:30")
        assert "防疫物资生产" in reads.own_whole(viewer_of("reporter"), request.number).entries[-1].text

    def test_a_part_has_a_state_of_its_own(self, place, ask, clerk, labour, viewer_of):
        other = place.county.bodies.exclude(pk=labour.pk).first()
        part = parts.ask_part(actor=clerk, request=ask(), body=other, task="通勤班车")
        with pytest.raises(ValidationError):
            parts.move_part(actor=viewer_of("bureau_clerk"), part=part, state=PartState.REFUSED)
        part = parts.move_part(actor=viewer_of("bureau_clerk"), part=part, state=PartState.DONE, note="已开通")
        assert part.state == PartState.DONE
        with pytest.raises(Denied):
            parts.move_part(actor=viewer_of("bureau_clerk@outside"), part=part, state=PartState.IN_WORK)


class TestEnds:
    def answered(self, ask, clerk, category="money-loan"):
        return ending.answer_request(actor=clerk, request=ask(category, "事项"), text="已办")

    @pytest.fixture
    def desk_clerk(self, viewer_of):
        return viewer_of("duty_officer@city")

    def test_the_enterprise_has_the_last_word(self, ask, desk_clerk, reporter):
        request = ending.confirm_answer(actor=reporter, request=self.answered(ask, desk_clerk))
        assert (request.state, request.end) == (RequestState.ENDED, RequestEnd.SOLVED)
        with pytest.raises(ValidationError):
            ending.confirm_answer(actor=reporter, request=request)

    def test_a_no_sends_it_one_level_up_with_a_new_clock(self, ask, clerk, reporter, labour, set_clock):
        request = ending.answer_request(actor=clerk, request=ask(), text="已办")
        set_clock("2020-03-25T10:00:00+08:00")
        request = ending.deny_answer(actor=reporter, request=request, text="没来人")
        assert (request.state, request.level, request.reopened) == (RequestState.RECEIVED, 1, 1)
        assert request.owner_body.name == "聊城市指挥部"
        assert local(request.contact_due_at) == "03-25 11:00"
        assert kinds(request)[-2:] == ["denied", "escalated"]

    def test_honest_ends_need_words(self, ask, desk_clerk):
        request = ask("policy", "没有的政策")
        with pytest.raises(ValidationError):
            ending.end_without_help(actor=desk_clerk, request=request, end=RequestEnd.NO_HELP, note=" ")
        with pytest.raises(ValidationError):
            ending.end_without_help(actor=desk_clerk, request=request, end=RequestEnd.SOLVED, note="x")
        request = ending.end_without_help(actor=desk_clerk, request=request, end=RequestEnd.NO_HELP, note="无此政策")
        assert (request.state, request.end, request.end_note) == ("ended", "no_help", "无此政策")

    def test_unreachable_only_after_tries_on_different_days(self, ask, desk_clerk, set_clock):
        request = ask("policy", "问一问")
        for moment in ("2020-03-24T09:30", "2020-03-24T10:30", "2020-03-25T09:30"):
            set_clock(f"{moment}:00+08:00")
            working.note_contact(actor=desk_clerk, request=request, reached=False, text="无人接听")
        with pytest.raises(ValidationError, match="2"):
            ending.end_unreachable(actor=desk_clerk, request=request)
        set_clock("2020-03-26T09:30:00+08:00")
        working.note_contact(actor=desk_clerk, request=request, reached=False, text="无人接听")
        assert ending.end_unreachable(actor=desk_clerk, request=request).end == RequestEnd.UNREACHABLE

    def test_a_duplicate_names_the_other_of_the_same_enterprise(self, place, ask, desk_clerk):
        first, second = ask("policy", "甲"), ask("policy", "乙")
        with pytest.raises(ValidationError):
            ending.end_as_duplicate(actor=desk_clerk, request=first, of=first)
        second = ending.end_as_duplicate(actor=desk_clerk, request=second, of=first)
        assert (second.end, second.duplicate_of) == (RequestEnd.DUPLICATE, first)

    def test_withdrawn_and_opened_again(self, ask, reporter):
        request = ending.withdraw_request(actor=reporter, request=ask("policy", "甲"))
        assert request.end == RequestEnd.WITHDRAWN
        with pytest.raises(ValidationError):
            ending.reopen_request(actor=reporter, request=request, text="")
        request = ending.reopen_request(actor=reporter, request=request, text="还是要")
        assert (request.state, request.end, request.ended_at) == (RequestState.RECEIVED, "", None)

    def test_a_low_mark_is_read_by_the_handler_only_after_it_went_up(self, place, ask, clerk, reporter, viewer_of):
        request = ending.answer_request(actor=clerk, request=ask(), text="已办")
        ending.rate_request(actor=reporter, request=request, was_contacted=False, outcome=Usefulness.NOTHING)
        again = ending.rate_request(actor=reporter, request=request, was_contacted=True, outcome=Usefulness.SOLVED)
        assert again.outcome == Usefulness.NOTHING
        assert not reads.whole_request(clerk, place.incident, request.number).ratings
        assert "rated" not in [entry.kind for entry in reads.own_whole(reporter, request.number).entries]
        ending.deny_answer(actor=reporter, request=request, text="没来人")
        assert reads.whole_request(viewer_of("commander@city"), place.incident, request.number).ratings


class TestByItself:
    def test_a_broken_promise_goes_one_level_up_once(self, ask, set_clock):
        request = ask("staff-shortage")
        set_clock("2020-03-24T10:01:00+08:00")
        assert ticked() == 1
        assert ticked() == 0
        request.refresh_from_db()
        assert (request.level, request.escalated_for) == (1, "contact")

    def test_a_paused_one_does_not(self, ask, clerk, set_clock):
        working.pause_clock(actor=clerk, request=ask(), reason="traffic")
        set_clock("2020-04-20T10:00:00+08:00")
        assert ticked() == 0

    def test_an_obstacle_of_the_report_is_a_request_and_is_not_doubled(self, place, reporter, labour, set_clock):
        say(place, reporter, on_post=62)
        request = Request.objects.get()
        assert (request.channel, request.obstacle, request.people_waiting) == ("report", "labour", 38)
        assert (request.owner_body, request.watch_metric, request.watch_target) == (labour, "on_post", 95)
        say(place, reporter, on_post=63)
        set_clock("2020-03-25T08:30:00+08:00")
        say(place, reporter, on_post=63)
        say(place, reporter, on_post=64)
        assert Request.objects.count() == 1
        assert kinds(request).count("repeated") == 1

    def test_a_report_of_another_day_opens_nothing(self, place, labour):
        assert clocks.take_obstacles(actor=DESK, report=place.report(day=date(2020, 3, 20), obstacles=["labour"])) == []

    def test_a_file_of_reports_opens_them_too(self, place, labour):
        place.report(obstacles=["labour", "orders"], on_post=60)
        place.report(enterprise=place.other, obstacles=["labour"], on_post=60)
        read_reports(place.incident.pk)
        read_reports(place.incident.pk)
        assert Request.objects.count() == 3

    def closed(self, place, reporter, clerk):
        say(place, reporter, on_post=62)
        request = ending.answer_request(actor=clerk, request=Request.objects.get(), text="送去33人")
        request = ending.confirm_answer(actor=reporter, request=request)
        assert (request.state, str(request.watch_until)) == (RequestState.WATCHING, "2020-03-26")
        return request

    def test_closed_means_it_moved(self, place, reporter, clerk, labour, set_clock):
        request = self.closed(place, reporter, clerk)
        for day in DAYS[:2]:
            set_clock(f"{day}T08:00:00+08:00")
            say(place, reporter, on_post=96, obstacles=())
        request.refresh_from_db()
        assert (request.state, request.end) == (RequestState.ENDED, RequestEnd.SOLVED)
        assert kinds(request)[-2:] == [EntryKind.MOVED, EntryKind.ENDED]

    def test_no_movement_brings_it_back_one_level_up(self, place, reporter, clerk, labour, set_clock):
        request = self.closed(place, reporter, clerk)
        set_clock("2020-03-26T08:00:00+08:00")
        say(place, reporter, on_post=70)
        run_clocks()
        assert Request.objects.get().state == RequestState.WATCHING
        set_clock("2020-03-27T00:01:00+08:00")
        run_clocks()
        request.refresh_from_db()
        assert (request.state, request.level, request.owner_body.name) == ("received", 1, "聊城市指挥部")
        assert EntryKind.NOT_MOVED in kinds(request)


class TestRoots:
    def test_one_solution_answers_all(self, place, ask, viewer_of, reporter):
        officer, body = viewer_of("duty_officer@city"), place.city.bodies.get(kind="headquarters")
        requests = [ask("materials-supply", f"熔喷布断供{number}", people_waiting=10) for number in range(3)]
        root = roots.name_root(actor=officer, incident=place.incident, title="熔喷布断供", body=body)
        assert roots.join_root(actor=officer, root=root, requests=requests) == 3
        assert roots.join_root(actor=officer, root=root, requests=requests) == 0
        (weight,) = reads.weights(officer, place.incident)
        assert (weight.requests, weight.enterprises, weight.people) == (3, 1, 30)
        assert roots.leave_root(actor=officer, requests=requests[:1]) == 1
        roots.solve_root(actor=officer, root=root, solution="省里调拨2吨")
        roots.solve_root(actor=officer, root=root, solution="省里调拨2吨")
        states = list(Request.objects.order_by("pk").values_list("state", flat=True))
        assert states == ["received", "answered", "answered"]
        with pytest.raises(ValidationError):
            roots.join_root(actor=officer, root=root, requests=requests)

    @pytest.mark.parametrize("kind", ["bureau_clerk@outside", "auditor@city", "reporter"])
    def test_others_may_not(self, place, ask, viewer_of, kind):
        with pytest.raises(Denied):
            roots.name_root(
                actor=viewer_of(kind),
                incident=place.incident,
                title="熔喷布断供",
                body=place.county.bodies.get(kind="bureau"),
            )


class TestScope:
    def test_an_official_sees_the_requests_of_the_own_area_only(self, place, ask, viewer_of):
        number = ask("policy", "甲").number
        assert reads.request_for(viewer_of("bureau_clerk"), place.incident, number)
        with pytest.raises(OutOfScope):
            reads.request_for(viewer_of("bureau_clerk@outside"), place.incident, number)
        with pytest.raises(OutOfScope):
            reads.own_request(viewer_of("reporter@other"), number)

    def test_the_piles(self, place, ask, clerk, labour, set_clock):
        ask()
        ask(title="再缺")
        ask("policy", "甲")
        counts = piles.pile_counts(clerk, place.incident)
        assert (counts["mine"], counts["overdue"], counts["soon"], counts["all"]) == (2, 0, 2, 3)
        set_clock("2020-03-24T10:30:00+08:00")
        counts = piles.pile_counts(clerk, place.incident)
        for pile in piles.PILES:
            wanted = piles.QueueFilter(pile=pile)
            assert piles.queue(clerk, place.incident, wanted).count() == counts[pile]
        assert counts["overdue"] == 2

    @pytest.mark.parametrize("few", [0, 1_000], ids=["very many have the words", "few have them"])
    def test_words_are_found_in_titles_names_and_numbers(self, place, ask, clerk, monkeypatch, few):
        monkeypatch.setattr(piles, "_FEW", few)
        labour, permit = ask(title="缺工 ５０％ 人"), ask("policy", title="许可证 丢失")

        def found(text: str) -> set[str]:
            wanted = piles.QueueFilter(text=text)
            return {one.number for one in piles.page_of(clerk, place.incident, wanted, "").rows}

        assert found("工50%") == {labour.number}
        assert found("证丢") == {permit.number}
        assert found("没有这话") == set()
        assert found("%") == {labour.number}
        assert found(permit.number) == {permit.number}
        assert labour.number in found(labour.enterprise.name[1:4])

    def test_pages_follow_each_other_through_what_is_due_and_what_is_paused(self, place, ask, clerk, monkeypatch):
        monkeypatch.setattr(piles, "PAGE", 2)
        asked = [ask(title=f"缺工 {number}") for number in range(7)]
        Request.objects.filter(pk__in=[one.pk for one in asked[::2]]).update(next_due_at=None)
        seen, after = [], ""
        while True:
            page = piles.page_of(clerk, place.incident, piles.QueueFilter(), after)
            assert len(page.rows) <= 2
            seen += [one.pk for one in page.rows]
            if not (after := page.after):
                break
        whole = piles.queue(clerk, place.incident, piles.QueueFilter())
        assert seen == [one.pk for one in whole]
        assert len(seen) == 7
