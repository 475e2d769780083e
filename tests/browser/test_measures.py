"""Measures: an enterprise on its phone answers two questions and sees undecided become entitled."""

from __future__ import annotations

from datetime import date

import pytest

from fugong.core.viewer import service_viewer
from fugong.services.policies.actions.loading import load_catalogue
from tests.place import make_place
from tests.services.policies.firms import CATALOGUE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(transactional_db, epidemic):
    place = make_place(epidemic)
    load_catalogue(actor=service_viewer("tests"), catalogue=CATALOGUE, area=place.city, source="tests")
    place.report(day=date(2020, 3, 2), state="open")
    return place


def signed_in(walker, surface, language, user):
    user.set_password("a-long-password")
    user.save()
    walked = walker(surface, language)
    walked.sign_in(user.username, "a-long-password")
    return walked


@pytest.mark.parametrize(("surface", "language"), [("phone", "zh-hans"), ("phone", "en")])
def test_an_enterprise_answers_and_undecided_becomes_entitled(walker, town, surface, language):
    walker = signed_in(walker, surface, language, town.person("reporter@own"))
    page, mine = walker.page, f"/my/measures/{town.enterprise.pk}/"
    walker.open("/my/measures/")
    page.wait_for_url(f"**{mine}")
    walker.look("my-measures")
    walker.open(f"{mine}m/sd-hiring/")
    assert page.locator(".fu-answer.maybe").count() == 1
    walker.look("my-measure-undecided")
    page.fill("[name=new_insured]", "25")
    page.locator("label:has([name=granted_hiring][value=no])").click()
    page.locator(".fu-ask button[type=submit]").click()
    page.wait_for_selector(".fu-answer.yes .worth")
    assert "25,000" in page.inner_text(".fu-answer .worth")
    walker.look("my-measure-entitled")
    walker.open(f"{mine}what-if/?new_insured=40")
    walker.look("my-measures-what-if")
    assert "40,000" in page.inner_text("main")
