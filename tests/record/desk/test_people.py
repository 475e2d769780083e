"""Who is told what and when, and whose work goes over by itself."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fugong.base.accounts.actions.mandates import name_deputy
from fugong.base.accounts.models import User
from fugong.base.notifications.models import Message
from fugong.core import clock
from fugong.core.decision import Denied
from fugong.core.roles import Role
from fugong.record.desk.actions import ending, people, working
from fugong.record.desk.enums import EntryKind, Reminder
from fugong.record.desk.models import Away, Request
from fugong.record.desk.selectors.queue import to_remind
from fugong.record.desk.tasks import run_clocks
from tests import factories
from tests.record.desk.conftest import DESK

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, str]]:
    """Who was told, and the beginning of what."""
    return [(message.recipient.name, message.text) for message in Message.objects.order_by("pk")]


def user_of(viewer) -> User:
    return User.objects.get(pk=viewer.id)


@pytest.fixture
def run_at(set_clock):
    """`run_at("03-24 09:46")`: a minute of the clocks at that time."""

    def run(moment: str) -> None:
        set_clock(f"2020-{moment.replace(' ', 'T')}:00+08:00")
        run_clocks()

    return run


class TestReminders:
    def test_at_risk_the_clerks_of_the_body_are_told_once(self, ask, clerk, colleague, run_at):
        request = ask()
        run_at("03-24 09:44")
        assert told() == []
        run_at("03-24 09:46")
        run_at("03-24 09:47")
        assert [name for name, _text in told()] == ["彭雅", "汤怀远"] or [n for n, _t in told()] == ["汤怀远", "彭雅"]
        assert all(request.number in text and "10:00" in text for _name, text in told())
        assert request.entries.filter(kind=EntryKind.REMINDED).count() == 1

    def test_whose_it_is_is_told_alone(self, ask, clerk, colleague, run_at):
        working.accept_request(actor=clerk, request=ask())
        run_at("03-24 09:50")
        assert [name for name, _text in told()] == ["汤怀远"]

    def test_each_promise_has_its_own_word(self, ask, clerk, run_at):
        request = working.note_contact(actor=clerk, request=ask(), reached=True, text="")
        run_at("03-24 10:30")
        assert told() == []
        run_at("03-25 16:50")
        (only,) = told()
        assert "17:30" in only[1]
        working.make_plan(actor=clerk, request=request, text="周五前")
        run_at("03-25 17:00")
        assert len(told()) == 1

    def test_nobody_is_told_at_night_what_broke_in_the_evening(self, place, ask, clerk, run_at):
        headquarters = place.city.bodies.get(kind="headquarters")
        head = factories.UserFactory(name="梁长河")
        factories.MandateFactory(user=head, area=place.city, body=headquarters, role=Role.COMMANDER)
        request = working.note_contact(actor=clerk, request=ask(), reached=True, text="")
        run_at("03-25 17:31")
        request.refresh_from_db()
        assert (request.level, request.owner_body) == (1, headquarters)
        before = told()
        for moment in ("03-25 17:32", "03-25 23:00", "03-26 08:29"):
            run_at(moment)
        assert told() == before
        run_at("03-26 08:31")
        assert [name for name, _text in told()[len(before) :]] == ["梁长河"]
        run_at("03-26 09:31")
        assert len(told()) == len(before) + 1

    def test_what_falls_due_at_night_waits_for_the_opening_and_is_asked_once(self, ask, clerk, run_at):
        """Else it is locked and read every minute of the night, and stands before those that can be told."""
        request = working.note_contact(actor=clerk, request=ask(), reached=True, text="")
        Request.objects.filter(pk=request.pk).update(remind_at=clock.now())
        run_at("03-24 20:00")
        request.refresh_from_db()
        assert request.remind_of == Reminder.AT_RISK
        assert f"{clock.local(request.remind_at):%m-%d %H:%M}" == "03-25 08:30"
        assert to_remind(DESK) == []

    def test_the_green_channel_tells_of_the_promise_that_is_open(self, ask, clerk, viewer_of, run_at):
        """The first contact is made: that its shorter time is over puts nothing at risk."""
        request = working.note_contact(actor=clerk, request=ask(), reached=True, text="")
        request = working.open_green_channel(actor=viewer_of("commander"), request=request, reason="防疫物资")
        assert request.next_due_at == request.plan_due_at
        assert clock.now() < request.remind_at < request.plan_due_at
        assert request.remind_at > request.contact_due_at
        run_at("03-24 10:00")
        assert told() == []

    def test_a_paused_or_answered_one_tells_nobody(self, ask, clerk, run_at):
        working.pause_clock(actor=clerk, request=ask(), reason="enterprise")
        ending.answer_request(actor=clerk, request=ask(title="乙"), text="已办")
        run_at("03-24 09:50")
        assert told() == []

    def test_a_drill_stays_in_the_outbox(self, place, ask, clerk, run_at):
        ask()
        place.incident.is_drill = True
        place.incident.save()
        run_at("03-24 09:50")
        assert [message.state for message in Message.objects.all()] == ["kept"]


class TestAbsence:
    @pytest.fixture
    def in_hand(self, ask, clerk) -> Request:
        request = working.note_contact(actor=clerk, request=ask(), reached=True, text="")
        return working.make_plan(actor=clerk, request=request, text="周五前送12人")

    def away(self, clerk, labour, first="2020-03-24", last="2020-03-26"):
        return people.note_absence(
            actor=clerk,
            body=labour,
            user=user_of(clerk),
            first_day=date.fromisoformat(first),
            last_day=date.fromisoformat(last),
        )

    def test_without_a_deputy_it_goes_back_to_the_queue_of_the_body(self, in_hand, clerk, colleague, labour, run_at):
        self.away(clerk, labour)
        run_at("03-24 09:05")
        run_at("03-24 09:06")
        in_hand.refresh_from_db()
        assert (in_hand.owner, in_hand.owner_body) == (None, labour)
        assert in_hand.entries.filter(kind=EntryKind.HANDED_OVER).count() == 1
        assert [name for name, _text in told()] == ["彭雅"], "who is away is told nothing"
        assert working.accept_request(actor=colleague, request=in_hand).owner_id == colleague.id

    def test_a_deputy_named_for_the_days_has_it_without_a_hand(self, place, in_hand, clerk, colleague, labour, run_at):
        mandate = user_of(clerk).mandates.get()
        name_deputy(
            actor=clerk,
            mandate=mandate,
            user=user_of(colleague),
            valid_from=date(2020, 3, 25),
            valid_to=date(2020, 3, 27),
        )
        run_at("03-24 09:05")
        in_hand.refresh_from_db()
        assert in_hand.owner_id == clerk.id, "not before the first day"
        run_at("03-25 08:31")
        in_hand.refresh_from_db()
        assert in_hand.owner_id == colleague.id

    def test_who_lost_the_mandate_has_nothing_in_hand_any_more(self, in_hand, clerk, run_at):
        user_of(clerk).mandates.update(revoked_on=date(2020, 3, 24))
        run_at("03-24 09:05")
        in_hand.refresh_from_db()
        assert in_hand.owner is None

    def test_nobody_gives_a_request_to_who_is_away(self, place, ask, clerk, colleague, labour, client):
        self.away(clerk, labour)
        with pytest.raises(ValidationError, match="2020-03-26"):
            working.assign_request(actor=colleague, request=ask(), to=user_of(clerk))
        client.force_login(user_of(colleague))
        page = client.get(reverse("desk:detail", args=[place.incident.slug, Request.objects.get().number]))
        assert "03-26" in page.content.decode()

    def test_a_minute_in_which_nobody_is_away_asks_as_much_for_many_as_for_one(self, ask, clerk, colleague, run_at):
        counts = []
        for actor in (clerk, colleague):
            working.accept_request(actor=actor, request=ask(title=actor.name))
            with CaptureQueriesContext(connection) as queries:
                run_at("03-24 09:05")
            counts.append(len(queries))
        assert counts[0] == counts[1]

    def test_back_again(self, in_hand, clerk, labour, run_at):
        self.away(clerk, labour)
        assert people.end_absence(actor=clerk, body=labour, user=user_of(clerk)) == 1
        assert not Away.objects.on(clock.today()).exists()
        run_at("03-24 09:05")
        in_hand.refresh_from_db()
        assert in_hand.owner_id == clerk.id

    def test_wrong_days_and_wrong_people(self, place, clerk, colleague, labour, viewer_of):
        with pytest.raises(ValidationError):
            self.away(clerk, labour, "2020-03-26", "2020-03-25")
        with pytest.raises(ValidationError):
            self.away(clerk, labour, "2020-03-20", "2020-03-23")
        days = {"first_day": date(2020, 3, 24), "last_day": date(2020, 3, 24)}
        for actor in (colleague, viewer_of("bureau_clerk"), viewer_of("commander@outside"), viewer_of("reporter")):
            with pytest.raises(Denied):
                people.note_absence(actor=actor, body=labour, user=user_of(clerk), **days)
        assert people.note_absence(actor=viewer_of("commander"), body=labour, user=user_of(clerk), **days)


def test_the_page_shows_the_load_of_each(place, ask, clerk, colleague, labour, client):
    for title in ("甲", "乙"):
        working.accept_request(actor=clerk, request=ask(title=title))
    client.force_login(user_of(clerk))
    page = client.get(reverse("desk:people", args=[place.incident.slug]))
    assert [(row["name"], row["open"]) for row in page.context["rows"]] == [("彭雅", 0), ("汤怀远", 2)]
    answer = client.post(
        reverse("desk:away", args=[place.incident.slug, labour.pk, clerk.id]),
        {"first_day": "2020-03-24", "last_day": "2020-02-30"},
    )
    assert answer.status_code == 302 and not Away.objects.exists()
