"""An accountant's firms as last time: seen first, sent by one tap, each for itself."""

from __future__ import annotations

import re
from datetime import date

import pytest

from fugong.record.reporting.models import DailyReport
from tests import factories
from tests.tools import in_english

pytestmark = pytest.mark.django_db
TODAY, EVE = date(2020, 3, 24), date(2020, 3, 23)


@pytest.fixture
def firms(place):
    made = [factories.EnterpriseFactory(managing_area=place.township, name=f"第{n}商店") for n in range(3)]
    for enterprise in made:
        factories.GrantFactory(user=place.person("reporter"), enterprise=enterprise)
    return made


@pytest.fixture
def phone(client_for):
    return in_english(client_for("reporter"))


def fields(page):
    found = re.findall(r'name="(shown-\d+)" value="([^"]*)"', page.content.decode())
    return dict(found) | {"e": re.findall(r'name="e"\s+value="(\d+)"', page.content.decode())}


def test_they_are_shown_and_sent_by_one_tap(place, firms, phone):
    for firm in firms[:2]:
        place.report(firm, day=EVE, roster=12, on_post=10)
    assert "2 enterprises as last time" in phone.get("/my/").content.decode()
    page = phone.get("/my/together/")
    words = page.content.decode()
    assert words.count("on post 10 of 12") == 2
    assert "Without a report in the last fortnight" in words, "the third firm and the first enterprise"
    assert not DailyReport.objects.filter(day=TODAY).exists()
    sent = phone.post("/my/together/", fields(page))
    assert sent.status_code == 200 and "Reported: 2 enterprises" in sent.content.decode()
    assert [report.on_post for report in DailyReport.objects.filter(day=TODAY)] == [10, 10]
    again = phone.post("/my/together/", fields(page))
    assert again.status_code == 200
    assert DailyReport.objects.filter(day=TODAY, revision=1).count() == 2


def test_one_that_is_taken_out_stays(place, firms, phone):
    for firm in firms:
        place.report(firm, day=EVE)
    sent = fields(phone.get("/my/together/"))
    sent["e"].remove(str(firms[1].pk))
    phone.post("/my/together/", sent)
    assert set(DailyReport.objects.filter(day=TODAY).values_list("enterprise", flat=True)) == {firms[0].pk, firms[2].pk}


def test_one_that_is_refused_keeps_no_other_back(place, firms, phone):
    for firm in firms[:2]:
        place.report(firm, day=EVE)
    page = fields(phone.get("/my/together/"))
    DailyReport.objects.filter(enterprise=firms[0]).update(revision=2, on_post=1)
    sent = phone.post("/my/together/", page)
    assert sent.status_code == 422
    assert "has changed since you looked" in sent.content.decode()
    assert DailyReport.objects.get(day=TODAY).enterprise == firms[1]


def test_nobody_reports_for_a_foreign_firm(place, firms, phone):
    place.report(place.other, day=EVE)
    page = {"e": [str(place.other.pk)], f"shown-{place.other.pk}": ""}
    assert phone.post("/my/together/", page).status_code == 200
    assert not DailyReport.objects.filter(day=TODAY).exists()
