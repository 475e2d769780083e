"""Nonsense, replays and the wrong people at every door of the desk."""

from __future__ import annotations

import pytest
from django.urls import reverse

from fugong.record.desk.actions import ending
from fugong.record.desk.enums import EntryKind, Usefulness
from fugong.record.desk.models import Rating, Request

pytestmark = pytest.mark.django_db
NONSENSE = ("\x00", "%", "'; DROP TABLE desk_request; --", "9" * 40, "-1", "‮", "<script>alert(1)</script>")


@pytest.mark.parametrize("page", ["queue", "new", "callers", "people", "service", "routes"])
@pytest.mark.parametrize("name", ["q", "after", "pile", "category", "channel", "root", "by", "body"])
def test_nonsense_in_an_address_narrows_nothing_and_breaks_nothing(place, ask, client_for, page, name):
    ask("policy", "问")
    client = client_for("commander@city")
    for text in NONSENSE:
        answer = client.get(reverse(f"desk:{page}", args=[place.incident.slug]), {name: text})
        # The people of a body that does not exist are not found; all else is narrowed by what can be read.
        expected = (200, 400, 404) if (page, name) == ("people", "body") else (200, 400)
        assert answer.status_code in expected, (text, answer.status_code)
        assert b"<script>alert" not in answer.content
    assert Request.objects.count() == 1


@pytest.mark.parametrize("after", ["nan_1", "inf_1", "1e400_1", "_" + "9" * 30, "1_x", "__", "1583200000.0_0"])
def test_a_key_of_a_page_that_cannot_be_read_begins_at_the_beginning(place, ask, client_for, after):
    number = ask("policy", "问").number
    page = client_for("commander@city").get(
        reverse("desk:queue", args=[place.incident.slug]), {"pile": "all", "after": after}
    )
    assert page.status_code == 200
    assert number in page.content.decode() or after.startswith("_9")


def test_an_unknown_act_and_an_unknown_request_are_not_found(place, ask, client_for):
    number, slug = ask("policy", "问").number, place.incident.slug
    official, own = client_for("commander@city"), client_for("reporter")
    assert official.post(reverse("desk:act", args=[slug, number, "fly"])).status_code == 404
    assert official.post(reverse("desk:act", args=[slug, "20990101-0001", "plan"])).status_code == 404
    assert own.post(reverse("desk_my:act", args=[number, "fly"])).status_code == 404


def test_every_act_of_an_official_with_an_empty_form_is_refused_with_words_or_done(place, ask, client_for):
    from fugong.record.desk.web.views.doing import ACTS

    client, slug = client_for("commander@city"), place.incident.slug
    for name, act in ACTS.items():
        number = ask("policy", f"问{name}").number
        answer = client.post(reverse("desk:act", args=[slug, number, name]), {})
        assert answer.status_code == (422 if act.form else 302), name


def test_the_same_click_again_is_said_and_changes_nothing(place, ask, client_for, viewer_of):
    number, slug = ask("policy", "问").number, place.incident.slug
    client, own = client_for("commander@city"), client_for("reporter")
    for _click in range(2):
        client.post(reverse("desk:act", args=[slug, number, "plan"]), {"text": "明天"})
        client.post(reverse("desk:act", args=[slug, number, "answer"]), {"text": "已办"})
        own.post(reverse("desk_my:act", args=[number, "rate"]), {"was_contacted": "no", "outcome": "nothing"})
        own.post(reverse("desk_my:act", args=[number, "confirm"]), {})
    request = Request.objects.get()
    kinds = list(request.entries.values_list("kind", flat=True))
    assert [kinds.count(kind) for kind in ("planned", "answered", "confirmed", "rated", "ended")] == [1] * 5
    assert Rating.objects.count() == 1


@pytest.mark.parametrize("where", ["page", "export", "queue", "panel"])
def test_the_handler_finds_no_trace_of_a_low_mark_before_it_went_up(place, ask, clerk, reporter, client, where):
    """Nor in the timeline: that something was rated says nothing, what was said stands nowhere."""
    from fugong.base.accounts.models import User

    request = ending.answer_request(actor=clerk, request=ask(), text="已办")
    ending.rate_request(
        actor=reporter, request=request, was_contacted=False, outcome=Usefulness.NOTHING, comment="敷衍了事"
    )
    client.force_login(User.objects.get(pk=clerk.id))
    slug = place.incident.slug
    answer = {
        "page": lambda: client.get(reverse("desk:detail", args=[slug, request.number])),
        "export": lambda: client.post(reverse("desk:export", args=[slug])),
        "queue": lambda: client.get(reverse("desk:queue", args=[slug]), {"pile": "waiting"}),
        "panel": lambda: client.get(reverse("registry:detail", args=[slug, place.enterprise.pk])),
    }[where]()
    assert answer.status_code == 200
    text = answer.content.decode(errors="ignore")
    assert "敷衍了事" not in text
    assert str(Usefulness.NOTHING.label) not in text
    assert request.entries.filter(kind=EntryKind.RATED, is_public=False).count() == 1
