"""A reporter on a phone without a network: kept on the device, sent once when it is back, by nobody else."""

from __future__ import annotations

import time
from datetime import date

import pytest
from django.contrib.sessions.models import Session

from fugong.record.reporting.models import DailyReport, SupersededReport
from tests import factories
from tests.browser.test_thread import official
from tests.place import make_place

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TODAY, EVE = date(2020, 3, 24), date(2020, 3, 23)


@pytest.fixture
def town(transactional_db, epidemic):
    place = make_place(epidemic)
    place.report(day=EVE, on_post=80)
    return place


def kept(page, path):
    """Wait until the device holds a page."""
    page.wait_for_function(
        """async path => {
            for (const name of await caches.keys())
                if (name.startsWith('fugong-pages-') && await (await caches.open(name)).match(path)) return true;
        }""",
        arg=path,
    )


def fill_without_network(phone, place, on_post):
    """The form is filled in and sent with the network gone; ends on the list of those that wait."""
    page, path = phone.page, f"/my/{place.enterprise.pk}/{place.incident.slug}/"
    phone.open(path)
    kept(page, "/my/outbox/")
    phone.open("/my/")
    kept(page, path)
    phone.context.set_offline(True)
    page.goto(phone.base + path)
    page.wait_for_selector("[data-off]:not([hidden])")
    page.fill("[name=on_post]", str(on_post))
    phone.look("offline-form")
    page.click(".fu-thumb button[type=submit]")
    page.wait_for_url("**/my/outbox/")
    page.wait_for_selector("[data-outbox] .fu-panel")


def back_online(phone):
    phone.context.set_offline(False)


def reports(place):
    return list(DailyReport.objects.filter(day=TODAY, enterprise=place.enterprise))


@pytest.mark.parametrize("language", ["zh-hans"])
def test_a_report_filled_in_without_network_is_sent_once_when_it_is_back(walker, town, language):
    phone = walker("phone", language)
    phone.sign_in(*official(town, "reporter"))
    fill_without_network(phone, town, 85)
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
