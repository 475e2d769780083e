"""The daily report as its people meet it: one tap, ten firms, an officer on the telephone, a lock that is opened."""

from __future__ import annotations

import sys
import time
from datetime import date

import pytest
from playwright.sync_api import expect

from fugong.record.reporting.models import DailyReport
from tests import factories
from tests.browser.test_thread import official
from tests.place import make_place

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TODAY, EVE = date(2020, 3, 24), date(2020, 3, 23)
LONGEST = 30  # seconds; reporting "nothing changed" stays under it


@pytest.fixture
def town(transactional_db, epidemic):
    place = make_place(epidemic)
    place.report(day=EVE, on_post=80)
    return place


def more_enterprises(place, number, reporter=None):
    found = []
    for index in range(number):
        enterprise = factories.EnterpriseFactory(managing_area=place.township, name=f"古楼第{index + 1}商店")
        if reporter:
            factories.GrantFactory(user=reporter, enterprise=enterprise)
        place.report(enterprise, day=EVE, roster=12, on_post=10)
        found.append(enterprise)
    return found


def test_nothing_changed_is_one_tap(walker, town, capsys):
    phone = walker("phone", "zh-hans")
    account = official(town, "reporter")
    began = time.monotonic()
    phone.sign_in(*account)
    opened = time.monotonic()
    phone.page.click("form[data-send] button[type=submit]")
    phone.page.wait_for_url("**/receipt/")
    done = time.monotonic()
    phone.look("receipt")
    with capsys.disabled():
        sys.stdout.write(
            f"\nnothing changed: 1 tap, {done - opened:.1f} s from start; {done - began:.1f} s with signing in\n"
        )
    assert done - opened < LONGEST
    assert DailyReport.objects.get(day=TODAY).on_post == 80


def test_an_accountant_reports_ten_firms_from_one_page(walker, town, capsys):
    more_enterprises(town, 9, town.person("reporter"))
    phone = walker("phone", "zh-hans")
    phone.sign_in(*official(town, "reporter"))
    phone.look("ten-firms")
    began = time.monotonic()
    phone.page.click("a[href='/my/together/']")
    phone.look("ten-firms-preview")
    phone.page.uncheck("[name=e] >> nth=0")
    phone.page.click("button[form=together]")
    phone.page.wait_for_selector(".fu-note.ok")
    with capsys.disabled():
        sys.stdout.write(f"\nnine of ten firms unchanged: 3 taps, {time.monotonic() - began:.1f} s\n")
    phone.look("ten-firms-sent")
    assert DailyReport.objects.filter(day=TODAY).count() == 9


def test_a_form_that_is_left_half_filled_stands_there_again(walker, town):
    phone = walker("phone", "zh-hans")
    phone.sign_in(*official(town, "reporter"))
    path = f"/my/{town.enterprise.pk}/{town.incident.slug}/"
    phone.open(path)
    phone.page.fill("[name=on_post]", "77")
    phone.page.click("button[name=draft]")
    phone.page.wait_for_url("**/my/")
    phone.look("home-begun")
    phone.open(path)
    expect(phone.page.locator("[name=on_post]")).to_have_value("77")
    phone.look("form-begun")
    phone.page.fill("[name=on_post]", "78")
    expect(phone.page.locator("[data-begun] [data-word]")).to_contain_text("已自动保存")
    phone.page.keyboard.press("Enter")
    phone.page.wait_for_url("**/receipt/")
    assert DailyReport.objects.get(day=TODAY).on_post == 78
    phone.open(path)
    expect(phone.page.locator("[data-begun]")).to_be_hidden()


@pytest.mark.parametrize(("surface", "language"), [("desk", "zh-hans"), ("phone", "en")])
def test_an_officer_reports_for_several_and_the_enterprise_sees_it(walker, town, surface, language):
    shops = more_enterprises(town, 2)
    desk = walker(surface, language)
    desk.sign_in(*official(town, "township_cadre"))
    desk.open(f"/i/{town.incident.slug}/reports/")
    desk.look("missing")
    for box in desk.page.locator("[name=e]").all():
        box.check()
    desk.page.click("main form[method=get] button[type=submit]")
    desk.page.wait_for_url("**/behalf/**")
    desk.page.fill(f"[name=e{town.enterprise.pk}-told_by]", "李厂长")
    desk.page.fill(f"[name=e{shops[0].pk}-on_post]", "99")
    desk.look("behalf")
    desk.page.click("button[value=all]")
    desk.page.wait_for_selector(".fu-wrong")
    desk.look("behalf-refused")
    desk.page.fill(f"[name=e{shops[0].pk}-on_post]", "9")
    desk.page.click(f"button[value='{shops[0].pk}']")
    expect(desk.page.locator(".fu-note.ok")).to_have_count(1)
    assert DailyReport.objects.filter(day=TODAY, channel="on_behalf").count() == 3
    phone = walker("phone", language)
    phone.sign_in(*official(town, "reporter"))
    phone.open(f"/my/{town.enterprise.pk}/history/")
    phone.look("history-behalf")
    assert "李厂长" in phone.page.inner_text("main")


def test_the_duty_officer_opens_a_lock(walker, town):
    desk = walker("desk", "zh-hans")
    desk.sign_in(*official(town, "duty_officer"))
    times = f"/i/{town.incident.slug}/reports/times/"
    desk.open(times)
    desk.look("times")
    desk.page.click("form[action*='/times/lock/'] button[type=submit]")
    desk.page.wait_for_url("**/times/?**")
    phone = walker("phone", "zh-hans")
    phone.sign_in(*official(town, "reporter"))
    form = f"/my/{town.enterprise.pk}/{town.incident.slug}/"
    phone.open(form)
    phone.page.fill("[name=on_post]", "85")
    phone.page.click(".fu-thumb button[type=submit]")
    phone.page.wait_for_selector(".fu-errors")
    phone.look("locked")
    assert "值班员可开锁" in phone.page.inner_text(".fu-errors")
    desk.page.fill("form[action*='/times/open/'] [name=enterprise]", town.enterprise.uscc)
    desk.page.fill("form[action*='/times/open/'] [name=reason]", "录入有误")
    desk.page.click("form[action*='/times/open/'] button[type=submit]")
    desk.page.wait_for_selector(f"text={town.enterprise.name}")
    desk.look("times-opened")
    phone.page.click(".fu-thumb button[type=submit]")
    phone.page.wait_for_url("**/receipt/")
    assert DailyReport.objects.get(day=TODAY).on_post == 85
