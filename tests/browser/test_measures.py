"""Measures: two questions on a phone turn undecided into entitled; a clerk writes a measure and tries it."""

from __future__ import annotations

from datetime import date

import pytest

from fugong.core import clock
from fugong.core.viewer import service_viewer
from fugong.record.registry.enums import FactKind
from fugong.services.policies.actions.loading import load_catalogue
from fugong.services.policies.actions.matching import match_versions
from fugong.services.policies.models import MeasureVersion
from tests import factories
from tests.place import make_place
from tests.services.policies.firms import CATALOGUE, TWO_TIERS

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


def test_a_clerk_writes_a_measure_of_two_tiers_and_tries_it_on_three_firms(walker, town):
    for name, revenue in (("大机械有限公司", 300_000_000), ("中机械有限公司", 20_000_000), ("新机械有限公司", None)):
        firm = factories.EnterpriseFactory(name=name, managing_area=town.township)
        factories.FactFactory(enterprise=firm, kind=FactKind.INDUSTRY, text="34", valid_from=date(2020, 1, 1))
        if revenue:
            factories.FactFactory(enterprise=firm, kind=FactKind.REVENUE, number=revenue, valid_from=date(2020, 1, 1))
    walker = signed_in(walker, "desk", "zh-hans", town.person("bureau_clerk@city"))
    page, here = walker.page, f"/i/{town.incident.slug}/measures/"
    walker.open(f"{here}?q=社保")
    walker.look("measures-catalogue")
    page.click(".fu-head a.fu-btn.go")
    for name, value in TWO_TIERS.items():
        field = page.locator(f"[name={name}]").first
        if name == "joined":
            continue
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.fill("[name=firms]", "大机械有限公司\n中机械有限公司\n新机械有限公司")
    page.click("button[value=try]")
    page.wait_for_selector(".fu-answer")
    assert page.locator(".fu-answer.yes").count() == 2
    assert page.locator(".fu-answer.maybe").count() == 1
    walker.look("measure-tried")
    page.click("button[value=keep]")
    page.wait_for_url("**/measures/m/**")
    walker.look("measure-draft")
    page.click("form[action$='/publish/'] button")
    page.wait_for_load_state()
    versions = MeasureVersion.objects.published().filter(measure__title=TWO_TIERS["title"])
    version = versions.select_related("measure", "document__area").get()
    match_versions(actor=service_viewer("tests"), versions=[version], day=clock.today())
    page.reload()
    walker.look("measure-funnel")
    walker.open(f"{here}of/{town.enterprise.pk}/")
    walker.look("measures-of-a-firm")
    assert TWO_TIERS["title"] in page.inner_text("main")
