"""The bulletin as its people make it: a clerk at a desk drafts, a commander on a phone approves, a clerk revises."""

from __future__ import annotations

import pytest

from fugong.command.situation.models import Bulletin
from tests import factories
from tests.browser.test_thread import official
from tests.place import make_place

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = {
    "zh-hans": {"approve": "签发并发布", "all": "未到100%"},
    "en": {"approve": "Approve and publish", "all": "not 100 %"},
}


@pytest.fixture
def town(transactional_db, epidemic):
    place = make_place(epidemic)
    place.report(roster=100, on_post=80, day="2020-03-23")
    place.report(roster=100, on_post=85)
    factories.EnterpriseFactory(managing_area=place.county)
    return place


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_clerk_drafts_and_the_head_approves(walker, town, language):
    clerk = walker("desk", language)
    clerk.sign_in(*official(town, "bureau_clerk@city"))
    page = clerk.page
    clerk.open(f"/i/{town.incident.slug}/situation/bulletins/")
    clerk.look("bulletins")
    page.click("form[action*='/new/'] button.go")
    page.wait_for_url("**/bulletins/*/")
    clerk.look("bulletin-counting")
    factories.counted_bulletin(Bulletin.objects.get())
    page.wait_for_selector(".fu-rich .fu-tok")
    clerk.look("bulletin-edit")
    address = page.url.removeprefix(clerk.base)
    text = page.input_value("#id_text")
    assert page.inner_text(".fu-rich .fu-tok[data-source='{return_rate.value}'] >> nth=0") == "85.00%"

    # Typed between the chips: the page beside it follows, and "all" is refused.
    page.click(".fu-rich > div:last-child")
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("二、结论")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("全市企业已全部开工，返岗")
    page.select_option("#id_insert", "{return_rate.value}")
    page.wait_for_selector("#page :text('返岗85.00%')")
    assert page.input_value("#id_text") == f"{text}\n二、结论\n全市企业已全部开工，返岗{{return_rate.value}}"
    # A chip goes as a whole.
    page.keyboard.press("Backspace")
    assert page.input_value("#id_text").endswith("已全部开工，返岗")
    assert WORDS[language]["all"] in page.inner_text("#faults")
    clerk.look("bulletin-fault")
    page.click("button[name=then]")
    page.wait_for_load_state()
    assert page.locator(".fu-rich").is_visible(), "a text with a fault stays a draft"
    page.click("[data-codes]")
    page.fill("#id_text", f"{text}\n二、结论\n返岗{{return_rate.value}}")
    page.click("button[name=then]")
    page.wait_for_selector("#id_text", state="detached")

    head = walker("phone", language)
    head.sign_in(*official(town, "commander@city"))
    head.open(address)
    head.look("bulletin-approve")
    head.page.click(f"text={WORDS[language]['approve']}")
    head.page.wait_for_selector("text=第1期 >> visible=true")
    head.look("bulletin-published")
    head.page.click(".fu-prose a.fu-tok >> text=85.00%")
    head.page.wait_for_url("**/figures/return_rate/**")
    assert town.enterprise.name in head.page.inner_text("main")
    head.look("bulletin-figure")

    # The document is Chinese, whoever reads the screen in English.
    bulletin = Bulletin.objects.get()
    assert (bulletin.number, bulletin.approved_by_name) == (1, town.person("commander@city").name)
    clerk.open(address)
    assert "员工返岗率85.00%，较前一日提高5.00个百分点" in page.inner_text(".fu-a4")
    page.fill("[name=reason]", "更正一家企业数据")
    page.click("form[action*='/revise/'] button")
    page.wait_for_url("**/bulletins/*/")
    factories.counted_bulletin(Bulletin.objects.get(revision=2))
    page.wait_for_selector(".fu-rich")
    clerk.look("bulletin-revision")
