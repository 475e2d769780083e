"""A form that is not finished: always kept, nobody else's, never counted, gone when it is sent."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fugong.base.accounts.selectors import viewer_for
from fugong.core.decision import Denied
from fugong.core.registries import Counting
from fugong.core.viewer import service_viewer
from fugong.record.reporting.actions.drafts import LONGEST, forget_drafts, keep_draft
from fugong.record.reporting.models import DailyReport, ReportDraft
from fugong.record.reporting.selectors.counts import reporting_cells
from tests import factories
from tests.tools import in_english

pytestmark = pytest.mark.django_db
TODAY, EVE = date(2020, 3, 24), date(2020, 3, 23)
HALF = {"state": "open", "roster": "120", "on_post": "1x", "remark": "等司机"}
WHOLE = {"state": "open", "roster": "100", "on_post": "80"}


@pytest.fixture
def phone(place, client_for):
    return in_english(client_for("reporter"))


@pytest.fixture
def url(place):
    return lambda name: reverse(f"reporting:{name}", args=[place.enterprise.pk, place.incident.slug])


def value(page, name):
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', page.content.decode())
    found = tag and re.search(r'value="([^"]*)"', tag[0])
    return found[1] if found else ""


def test_a_half_filled_form_is_kept_and_stands_again(place, phone, url):
    place.report(day=EVE, on_post=70)
    answer = phone.post(url("draft"), HALF)
    assert (answer.status_code, answer.url) == (302, "/my/")
    home = phone.get("/my/").content.decode()
    assert "Begun at 09:00, not reported yet" in home
    page = phone.get(url("report"))
    words = page.content.decode()
    assert (value(page, "roster"), value(page, "on_post")) == ("120", "1x")
    assert "等司机" in words and "You began this at 09:00" in words
    assert "fu-wrong" not in words, "nothing is wrong with what is not sent"
    # What stood before is still what changes are counted against.
    assert re.search(r'name="on_post"[^>]*data-was="70"|data-was="70"[^>]*name="on_post"', words)


def test_it_counts_nowhere(place, phone, url):
    before = reporting_cells(Counting(place.incident.pk, TODAY))
    phone.post(url("draft"), WHOLE)
    assert ReportDraft.objects.count() == 1
    assert not DailyReport.objects.exists()
    assert reporting_cells(Counting(place.incident.pk, TODAY)) == before


def test_it_goes_when_the_report_is_sent(place, phone, url):
    phone.post(url("draft"), WHOLE)
    assert value(phone.get(url("report")), "drafted") == "1"
    assert phone.post(url("report"), WHOLE | {"drafted": "1"}).status_code == 302
    assert not ReportDraft.objects.exists()
    assert DailyReport.objects.get().on_post == 80


def test_one_that_was_forgotten_on_another_device_is_not_shown_over_what_was_sent(place, phone, url, set_clock):
    phone.post(url("draft"), HALF)
    set_clock("2020-03-24T09:30:00+08:00")
    phone.post(url("report"), WHOLE)
    assert value(phone.get(url("report")), "roster") == "100"
    assert "Begun" not in phone.get("/my/").content.decode()


def test_what_was_kept_while_the_report_was_on_its_way_does_not_return(place, phone, url, set_clock):
    key = {"client_key": "0b0e5a52-0f0e-4b62-9d7c-6a2a7c7d1f11"}
    phone.post(url("report"), WHOLE | key)
    set_clock("2020-03-24T09:00:05+08:00")
    assert phone.post(url("draft") + "?quiet=1", HALF | key).status_code == 204
    assert not ReportDraft.objects.exists()
    # Both at the same moment: it was kept before the report was there, and committed after it.
    keep_draft(
        actor=viewer_for(place.person("reporter"), TODAY), incident=place.incident, enterprise=place.enterprise,
        day=TODAY, fields={"client_key": [key["client_key"]], "roster": ["120"]},
    )  # fmt: skip
    assert value(phone.get(url("report")), "roster") == "100"


def test_a_change_that_was_begun_is_not_called_unreported(place, phone, url, set_clock):
    phone.post(url("report"), WHOLE)
    set_clock("2020-03-24T09:30:00+08:00")
    phone.post(url("draft"), HALF)
    assert "A change begun at 09:30 is not sent yet" in phone.get("/my/").content.decode()
    page = phone.get(url("report")).content.decode()
    assert "You began this change at 09:30. What you reported stands" in page and "Not reported yet" not in page


def test_a_refused_report_is_kept_too(place, phone, url):
    refused = phone.post(url("report"), WHOLE | {"on_post": "130"})
    assert refused.status_code == 422
    assert value(refused, "drafted") == "1"
    assert value(phone.get(url("report")), "on_post") == "130"


def test_a_warning_that_was_not_answered_is_kept_too(place, phone, url):
    place.report(day=EVE, on_post=100, roster=100)
    assert phone.post(url("report"), WHOLE | {"on_post": "10"}).status_code == 422
    assert value(phone.get(url("report")), "on_post") == "10"


def test_it_is_kept_by_the_page_itself_and_thrown_away(place, phone, url):
    assert phone.post(url("draft") + "?quiet=1", HALF).status_code == 204
    assert phone.post(url("draft") + "?quiet=1", HALF | {"roster": "121"}).status_code == 204
    assert ReportDraft.objects.get().fields["roster"] == ["121"]
    assert "Kept. Nothing" not in phone.get("/my/").content.decode(), "said by nobody who asked"
    assert phone.post(url("draft"), {"drop": "1"}).status_code == 302
    assert not ReportDraft.objects.exists()
    assert phone.post(url("draft"), {"drop": "1"}).status_code == 302, "twice is no fault"


def test_only_its_person_finds_it(place, phone, url, client_for):
    other = factories.UserFactory(username="second")
    factories.GrantFactory(user=other, enterprise=place.enterprise)
    phone.post(url("draft"), HALF)
    client = Client()
    client.force_login(other)
    assert value(client.get(url("report")), "roster") == ""
    assert client_for("reporter@other").post(url("draft"), HALF).status_code == 404


def test_nonsense_is_kept_as_text_and_too_much_is_refused(place, phone, url, viewer_of):
    assert phone.post(url("draft"), {"state": "?", "roster": "\x00-5", "unknown": "x"}).status_code == 302
    assert ReportDraft.objects.get().fields == {"state": ["?"], "roster": ["-5"], "day": ["2020-03-24"]}
    assert phone.post(url("draft") + "?quiet=1", {"remark": "长" * (LONGEST + 1)}).status_code == 413
    assert phone.post(url("draft"), {"remark": "长" * (LONGEST + 1)}, follow=True).status_code == 200
    assert ReportDraft.objects.get().fields["state"] == ["?"], "what was kept before stays"
    with pytest.raises(Denied):
        keep_draft(
            actor=viewer_of("bureau_clerk"), incident=place.incident, enterprise=place.enterprise, day=TODAY, fields={}
        )


def test_after_a_week_it_is_forgotten(place, phone, url, viewer_of, set_clock):
    phone.post(url("draft"), HALF)
    set_clock("2020-03-31T08:59:00+08:00")
    assert forget_drafts(actor=service_viewer("worker")) == 0
    set_clock("2020-03-31T09:01:00+08:00")
    assert forget_drafts(actor=service_viewer("worker")) == 1
    with pytest.raises(Denied):
        forget_drafts(actor=viewer_of("administrator"))


def test_a_report_by_the_form_takes_few_statements(place, phone, url):
    second = factories.EnterpriseFactory(managing_area=place.township)
    factories.GrantFactory(user=place.person("reporter"), enterprise=second)
    phone.post(url("report"), WHOLE)
    with CaptureQueriesContext(connection) as queries:
        sent = phone.post(reverse("reporting:report", args=[second.pk, place.incident.slug]), WHOLE)
    assert sent.status_code == 302
    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) == 9
