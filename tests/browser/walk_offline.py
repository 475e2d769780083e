"""A reporter on a phone without a network: kept on the device, sent once when it is back, by nobody else.

Waits are Playwright's own (`expect`, selectors): its `wait_for_function` evaluates text in the page, and our policy
forbids that as soon as it has to look a second time.
"""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from fugong.record.reporting.models import DailyReport, SupersededReport
from tests import factories
from tests.browser.test_thread import official
from tests.browser.wire import Wire
from tests.place import make_place

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TODAY, EVE = date(2020, 3, 24), date(2020, 3, 23)


@pytest.fixture
def town(transactional_db, epidemic):
    place = make_place(epidemic)
    place.report(day=EVE, on_post=80)
    return place


@pytest.fixture
def hand(walker, live_server, request):
    """A phone whose wire to the server can be cut: `phone.wire`. Chinese, unless the test gives a language."""
    wire = Wire(live_server.url)
    phone = walker("phone", getattr(request, "param", "zh-hans"))
    phone.wire, phone.base = wire, wire.url
    yield phone
    wire.cut()


def kept(page, path):
    """Wait until the device holds a page."""
    page.evaluate(
        """async path => {
            for (let tries = 0; tries < 300; tries++) {
                for (const name of await caches.keys())
                    if (name.startsWith('fugong-pages-') && await (await caches.open(name)).match(path)) return;
                await new Promise(resolve => setTimeout(resolve, 100));
            }
            throw new Error(path + ' is not kept');
        }""",
        path,
    )


def fill_without_network(phone, place, on_post, *, leaves=False):
    """The form is filled in and sent with the network gone; ends on the list of those that wait."""
    page, path = phone.page, f"/my/{place.enterprise.pk}/{place.incident.slug}/"
    phone.open(path)
    kept(page, "/my/outbox/")
    phone.open("/my/")
    kept(page, path)
    phone.wire.cut()
    page.goto(phone.base + path)
    page.wait_for_selector("[data-off]:not([hidden])")
    page.fill("[name=on_post]", str(on_post))
    if leaves:
        # What is typed is kept on the device, and stands again on the way back.
        page.wait_for_selector("[data-begun]:not([hidden])")
        page.goto(phone.base + "/my/")
        page.wait_for_selector("[data-off]:not([hidden])")
        page.goto(phone.base + path)
        expect(page.locator("[name=on_post]")).to_have_value(str(on_post))
    phone.look("offline-form")
    page.click(".fu-thumb button[type=submit]")
    page.wait_for_url("**/my/outbox/")
    page.wait_for_selector("[data-outbox] .fu-panel")


def back_online(phone):
    phone.wire.mend()


def reports(place):
    return list(DailyReport.objects.filter(day=TODAY, enterprise=place.enterprise))


def test_a_report_filled_in_without_network_is_sent_once_when_it_is_back(hand, town):
    phone = hand
    phone.sign_in(*official(town, "reporter"))
    fill_without_network(phone, town, 85, leaves=True)
    phone.look("outbox-waiting")
    assert "85 / 100" in phone.page.inner_text("[data-outbox]")
    assert not reports(town)
    back_online(phone)
    phone.page.wait_for_selector("[data-received]:not([hidden])")
    phone.look("outbox-received")
    phone.open("/my/outbox/")
    phone.page.wait_for_selector("[data-empty]:not([hidden])")
    (report,) = reports(town)
    assert (report.on_post, report.revision, report.channel) == (85, 1, "phone")


def test_an_expired_sign_in_keeps_it_and_sends_after_signing_in_again(hand, town):
    phone = hand
    account = official(town, "reporter")
    other = factories.UserFactory(username="second")
    other.set_password(account[1])
    other.save()
    factories.GrantFactory(user=other, enterprise=town.enterprise)
    phone.sign_in(*account)
    fill_without_network(phone, town, 85)
    Session.objects.all().delete()
    back_online(phone)
    phone.page.wait_for_timeout(500)
    assert not reports(town), "nobody is signed in"
    # Another person on the same phone neither sees nor sends it.
    phone.sign_in("second", account[1])
    phone.open("/my/outbox/")
    phone.page.wait_for_selector("[data-empty]:not([hidden])")
    assert not reports(town)
    Session.objects.all().delete()
    phone.sign_in(*account)
    expect(phone.page.locator("[data-waiting]:not([hidden])")).to_have_count(0)
    phone.open("/my/outbox/")
    phone.page.wait_for_selector("[data-empty]:not([hidden])")
    (report,) = reports(town)
    assert (report.on_post, report.reported_by.username, report.revision) == (85, account[0], 1)


def test_what_another_reported_meanwhile_is_shown_beside_it_for_the_person_to_choose(hand, town):
    phone = hand
    phone.sign_in(*official(town, "reporter"))
    fill_without_network(phone, town, 58)
    town.report(on_post=64, reported_by_name="王干部", channel="on_behalf")
    back_online(phone)
    phone.page.wait_for_selector("[data-both]:not([hidden])")
    phone.look("outbox-conflict")
    assert "58 / 100" in phone.page.inner_text("[data-outbox]") and "64 / 100" in phone.page.inner_text("[data-outbox]")
    phone.page.click("[data-use-theirs]")
    phone.page.wait_for_selector("[data-received]:not([hidden])")
    (report,) = reports(town)
    assert report.on_post == 64
    assert [(old.values["on_post"], old.was_set_aside) for old in SupersededReport.objects.all()] == [(58, True)]


@pytest.mark.parametrize("hand", ["en"], indirect=True)
def test_what_is_refused_says_why_and_is_mended(hand, town):
    phone = hand
    phone.sign_in(*official(town, "reporter"))
    fill_without_network(phone, town, 130)
    back_online(phone)
    phone.page.wait_for_selector("[data-mend]:not([hidden])")
    phone.look("outbox-refused")
    phone.page.click("[data-mend]")
    expect(phone.page.locator("[name=on_post]")).to_have_value("130")
    phone.page.fill("[name=on_post]", "95")
    phone.page.click(".fu-thumb button[type=submit]")
    phone.page.wait_for_url("**/receipt/")
    assert [report.on_post for report in reports(town)] == [95]
    phone.open("/my/outbox/")
    phone.page.wait_for_selector("[data-empty]:not([hidden])")
