"""Checklists in a visit: asked by the playbook, kept with the visit or not at all, failed until they pass."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from django.urls import reverse

from fugong.base.accounts.selectors import viewer_for
from fugong.base.questionnaires.actions.forms import ask_form, stop_asking
from fugong.base.questionnaires.models import FormVersion, Response
from fugong.core import clock
from fugong.core.decision import Denied
from fugong.record.liaison.models import Visit, VisitCheck
from fugong.record.liaison.selectors.checks import checklists, checks_at
from fugong.record.liaison.selectors.day_sheet import day_sheet
from tests import factories
from tests.tools import in_english, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(place, person, give, client):
    """The resident officer of the enterprise, signed in, with a checklist that every visit asks."""
    user = person("许志远")
    give(user, [place.enterprise])
    factories.FormVersionFactory()
    content = place.playbook.content
    asked = [{"form": "check", "ways": [], "purposes": []}]
    place.playbook.content = content | {"field": content["field"] | {"checklists": asked}}
    place.playbook.save()
    client.force_login(user)
    return user


@pytest.fixture
def send(place, officer, client):
    """`send(ok="no")`: a visit that the phone kept, with these answers to the checklist."""

    def visit(number=1, key=None, way="send_visit", **answers):
        data = {"way": "visit", "purpose": "round", "client_key": key or uuid4(), "check.check": number}
        data |= {f"check.check.{name}": value for name, value in answers.items()}
        return client.post(reverse(f"field:{way}", args=[place.enterprise.pk]), data)

    return visit


def test_a_checklist_is_enough_for_a_visit_and_is_kept_once(send, place):
    key = uuid4()
    for _ in range(2):
        assert send(key=key, ok="yes", n="007").json()["state"] == "received"
    check = VisitCheck.objects.get()
    assert check.response.answers == {"ok": "yes", "n": "7"}
    assert (check.response.subject_name, check.response.area) == (place.enterprise.name, place.township)
    assert check.visit.has_checks
    assert Visit.objects.count() == 1


def test_what_the_form_does_not_take_is_said_question_by_question_and_nothing_is_kept(send, client):
    in_english(client)
    answer = send(n="-1")
    assert answer.status_code == 422
    assert "入厂测温: This has to be answered." in answer.json()["text"]
    assert "隔离房间数: 不能是负数" in answer.json()["text"]
    page = send(way="visit", n="-1")
    assert page.status_code == 422
    assert page.content.count(b"data-wrong\n       >") == 2
    assert b'value="-1"' in page.content
    assert not Visit.objects.exists()
    assert not Response.objects.exists()


def test_a_list_that_nobody_touched_is_not_sent_empty(send):
    assert send().status_code == 422
    assert send(ok=" ", n="").status_code == 422
    assert not VisitCheck.objects.exists()


def test_a_failed_check_stands_on_the_day_sheet_until_it_passes(send, officer, place, viewer_of):
    def reasons():
        (card,) = day_sheet(viewer_for(officer, clock.today()))
        return [need.text for need in card.needs if need.weight >= 40 and need.state == "risk"]

    send(ok="no", seen="无人测温")
    assert reasons() == ["“核查表”不合格：入厂测温"]
    (last,) = checks_at(viewer_of("bureau_clerk"), place.enterprise.pk, clock.today())
    assert (last.failed, last.failed_words, last.by) == (1, "入厂测温", "许志远")
    assert checks_at(viewer_of("bureau_clerk@outside"), place.enterprise.pk, clock.today()) == []
    send(ok="yes")
    assert reasons() == []


def test_old_answers_stay_on_the_version_that_the_phone_showed(send):
    old = FormVersion.objects.get()
    content = factories.form_content()
    content["questions"] = content["questions"][1:2]
    factories.FormVersionFactory(number=2, content=content)
    assert send(number=1, ok="yes").json()["state"] == "received"
    assert send(number=2, n="4").json()["state"] == "received"
    assert [(row.version.number, row.answers) for row in Response.objects.order_by("pk")] == [
        (1, {"ok": "yes"}),
        (2, {"n": "4"}),
    ]
    assert Response.objects.order_by("pk").first().version == old
    assert send(number=9, n="4").status_code == 422


def test_what_was_not_asked_is_not_kept(send):
    send(ok="yes", seen="不该问的")
    assert Response.objects.get().answers == {"ok": "yes"}


def test_the_pages_show_what_is_asked_and_how_it_stood(send, officer, place, client):
    send(ok="no", seen="无人测温")
    visit = client.get(reverse("field:visit", args=[place.enterprise.pk]))
    assert 'name="check.check.ok"' in visit.content.decode()
    assert "不合格：入厂测温" in words_of(visit)
    assert "不合格：入厂测温" in words_of(client.get(reverse("field:enterprise", args=[place.enterprise.pk])))


def test_a_playbook_names_only_forms_that_it_brings(epidemic):
    assert [one["form"] for one in epidemic.content["field"]["checklists"]] == [
        "reopening-prevention",
        "restart-safety",
    ]
    assert {one["code"] for one in epidemic.content["forms"]} == {"reopening-prevention", "restart-safety"}
    assert replace(epidemic, folder=None).content == epidemic.content


def test_a_form_of_the_county_is_asked_there_until_it_is_stopped(officer, place, viewer_of):
    clerk = viewer_of("bureau_clerk@in")
    own = factories.FormVersionFactory(form__code="own", form__area=place.county).form
    factories.FormVersionFactory(form__code="other", form__area=place.other_county)

    def asked():
        viewer = viewer_for(officer, clock.today())
        return [
            version.form.code for _rule, version in checklists(viewer, place.incident, place.township, clock.today())
        ]

    assert asked() == ["check", "own"]
    stop_asking(actor=clerk, form=own)
    assert asked() == ["check"]
    ask_form(actor=clerk, form=own)
    assert asked() == ["check", "own"]
    with pytest.raises(Denied):
        stop_asking(actor=viewer_of("bureau_clerk@outside"), form=own)
    with pytest.raises(Denied):
        stop_asking(actor=viewer_of("administrator@city"), form=FormVersion.objects.get(form__code="check").form)
