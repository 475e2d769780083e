"""How promises are kept: each rate with its base, beside the days before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from fugong.core import clock
from fugong.core.decision import Denied
from fugong.record.desk.actions import ending, working
from fugong.record.desk.actions.opening import Asked, open_request
from fugong.record.desk.enums import EntryKind, Promise, RequestEnd, RequestState, Usefulness
from fugong.record.desk.models import Entry, Pause, Rating, Request
from fugong.record.desk.selectors.service import Share, service_rows
from tests.record.desk.conftest import DESK

pytestmark = pytest.mark.django_db


def asked(place, *, due, kept=None):
    """A request whose first contact was due and made so many hours from now (negative: ago)."""
    now = clock.now()
    request = open_request(
        actor=DESK,
        incident=place.incident,
        enterprise=place.enterprise,
        asked=Asked(category="policy", title="社保减免"),
    )
    later = now + timedelta(days=400)
    Request.objects.filter(pk=request.pk).update(
        contact_due_at=now + timedelta(hours=due),
        contacted_at=None if kept is None else now + timedelta(hours=kept),
        plan_due_at=later,
        close_due_at=later,
    )
    request.refresh_from_db()
    return request


def rows(place, viewer_of, by="body", kind="commander@city"):
    return service_rows(viewer_of(kind), place.incident, by, None)


class TestPromises:
    @pytest.mark.parametrize(
        ("due", "kept", "expected"),
        [
            (-2, -3, Share(1, 1)),  # kept in time
            (-3, -2, Share(0, 1)),  # kept too late
            (-2, None, Share(0, 1)),  # broken
            (5, None, Share(0, 0)),  # still open
            (5, -1, Share(1, 1)),  # kept early
            (-24 * 8, -24 * 9, Share(0, 0, 1, 1)),  # of the span before
            (-24 * 8, -1, Share(0, 0, 0, 1)),  # broken in the span before, whenever it was made good
            (-24 * 20, None, Share(0, 0)),  # long ago
        ],
    )
    def test_count_in_the_span_in_which_they_were_kept_or_broken(self, place, viewer_of, due, kept, expected):
        asked(place, due=due, kept=kept)
        (row,) = rows(place, viewer_of)
        assert row.promises[Promise.CONTACT] == expected

    @pytest.mark.parametrize("stands", ["ended", "paused"])
    def test_an_honest_end_before_it_was_due_or_a_pause_over_it_breaks_nothing(self, place, viewer_of, stands):
        request = asked(place, due=-2)
        before = clock.now() - timedelta(hours=3)
        if stands == "paused":
            Pause.objects.create(request=request, started_at=before, reason="traffic")
        else:
            Request.objects.filter(pk=request.pk).update(
                state=RequestState.ENDED, end=RequestEnd.WITHDRAWN, ended_at=before
            )
        (row,) = rows(place, viewer_of)
        assert row.promises[Promise.CONTACT] == Share(0, 0)


class TestRounds:
    def test_a_round_that_came_back_still_counts_for_the_body_that_had_it(self, place, viewer_of, ask, labour, clerk):
        """Contacted and answered in time, denied: the next round is the headquarters’, the promises kept stay."""
        request = ending.answer_request(actor=clerk, request=ask(), text="已办")
        request = ending.deny_answer(actor=viewer_of("reporter"), request=request, text="没来人")
        found = {row.key: row for row in rows(place, viewer_of)}
        assert found[labour.pk].promises == {promise: Share(1, 1) for promise in Promise}
        assert found[request.owner_body_id].promises[Promise.CONTACT] == Share(0, 0)
        (category,) = rows(place, viewer_of, by="category")
        assert category.promises[Promise.CLOSE] == Share(1, 1)

    def test_what_was_late_in_an_earlier_round_stays_late(self, place, viewer_of, ask, clerk, labour, set_clock):
        request = ask()
        set_clock("2020-03-24T10:30:00+08:00")
        request = ending.answer_request(actor=clerk, request=request, text="已办")
        ending.deny_answer(actor=viewer_of("reporter"), request=request, text="没来人")
        set_clock("2020-03-24T10:31:00+08:00")
        found = {row.key: row for row in rows(place, viewer_of)}
        assert found[labour.pk].promises[Promise.CONTACT] == Share(0, 1)
        assert found[labour.pk].promises[Promise.CLOSE] == Share(1, 1)


class TestEnds:
    def test_solved_and_no_help_of_what_ended(self, place, viewer_of):
        now = clock.now()
        for end in (RequestEnd.SOLVED, RequestEnd.SOLVED, RequestEnd.NO_HELP, RequestEnd.WITHDRAWN):
            request = asked(place, due=-2, kept=-3)
            Request.objects.filter(pk=request.pk).update(
                state=RequestState.ENDED, end=end, end_note="x", ended_at=now - timedelta(hours=1)
            )
        (row,) = rows(place, viewer_of)
        assert (row.solved, row.no_help, row.open) == (Share(2, 4), Share(1, 4), 0)
        assert row.oldest is None

    def test_useful_of_what_was_rated_and_came_back_of_what_was_answered(self, place, viewer_of):
        now = clock.now()
        first, second = (asked(place, due=-2, kept=-3) for _number in range(2))
        for request, outcome in ((first, Usefulness.SOLVED), (second, Usefulness.NOTHING)):
            Rating.objects.create(
                request=request, round=0, was_contacted=True, outcome=outcome, rated_at=now - timedelta(hours=1)
            )
            Entry.objects.create(request=request, at=now - timedelta(hours=3), kind=EntryKind.ANSWERED, actor_name="a")
        Entry.objects.create(request=second, at=now - timedelta(hours=2), kind=EntryKind.DENIED, actor_name="b")
        (row,) = rows(place, viewer_of, by="category")
        assert (row.useful, row.came_back) == (Share(1, 2), Share(1, 2))
        assert row.open == 2

    def test_an_answer_of_the_week_before_that_comes_back_now_is_of_the_week_before(self, place, viewer_of):
        now, request = clock.now(), asked(place, due=-2, kept=-3)
        for kind, days in ((EntryKind.ANSWERED, 8), (EntryKind.DENIED, 0)):
            Entry.objects.create(request=request, at=now - timedelta(days=days, hours=1), kind=kind, actor_name="a")
        (row,) = rows(place, viewer_of)
        assert row.came_back == Share(0, 0, 1, 1)


class TestRefused:
    def test_what_a_body_called_not_theirs_and_nobody_took(self, place, viewer_of, ask, labour, clerk):
        city = place.city.bodies.get(kind="bureau")
        first, _second = ask(), ask(title="乙")
        working.offer_request(actor=clerk, request=first, whose=city, reason="不归我")
        working.decline_offer(actor=DESK, request=first, whose=labour, reason="也不归我")
        assert rows(place, viewer_of, by="category")[0].refused == Share(1, 2)
        working.accept_request(actor=clerk, request=first)
        assert rows(place, viewer_of, by="category")[0].refused == Share(0, 2)

    def test_what_somebody_took_once_stays_taken_when_it_comes_back(self, place, viewer_of, ask, labour, clerk):
        """The round that begins anew has no owner and no answer; that somebody worked on it stands in the timeline."""
        request, city = ask(), place.city.bodies.get(kind="bureau")
        working.offer_request(actor=clerk, request=request, whose=city, reason="不归我")
        working.decline_offer(actor=DESK, request=request, whose=labour, reason="也不归我")
        ending.answer_request(actor=clerk, request=request, text="已办")
        request = ending.deny_answer(actor=viewer_of("reporter"), request=request, text="没来人")
        assert (request.owner, request.answered_at) == (None, None)
        assert rows(place, viewer_of, by="category")[0].refused == Share(0, 1)


class TestScope:
    def test_only_what_the_viewer_sees(self, place, viewer_of):
        asked(place, due=-2)
        assert rows(place, viewer_of, kind="commander@outside") == []

    def test_not_for_enterprises(self, place, viewer_of):
        with pytest.raises(Denied):
            rows(place, viewer_of, kind="reporter")


def test_the_page_says_rates_with_their_base(place, client_for):
    asked(place, due=-2, kept=-3)
    asked(place, due=-2)
    asked(place, due=-3, kept=-2)
    page = client_for("commander@city").get(reverse("desk:service", args=[place.incident.slug])).content.decode()
    assert "33.33%" in page
    assert "1 / 3" in page
