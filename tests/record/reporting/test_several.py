"""Two incidents on one day: one screen, shared answers typed once, a report stored for each; all of them or none."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from fugong.core import clock
from fugong.record.incidents.models import PlaybookVersion
from fugong.record.reporting.actions.locks import lock_day, open_lock
from fugong.record.reporting.enums import LockReason
from fugong.record.reporting.models import DailyReport
from tests import factories
from tests.tools import in_english, words_of

TODAY, EVE = date(2020, 3, 24), date(2020, 3, 23)
TYPED = {"state": "open", "roster": "100", "on_post": "82", "supply_days": "3"}


@pytest.fixture
def phone(place, client_for):
    return in_english(client_for("reporter"))


@pytest.fixture
def flood(place):
    """A flood in the county by a playbook of its own: other obstacles, other supplies, one more item."""
    content = dict(place.playbook.content)
    report = dict(content["report"])
    report["obstacles"] = [{"code": "mud", "zh": "清淤", "en": "Mud"}]
    report["supply"] = {"zh": "抽水泵还够几天", "en": "Days of pumps left"}
    report["items"] = [
        *report["items"],
        {"name": "pumps", "type": "integer", "label": {"zh": "水泵", "en": "Pumps"}, "hint": {}},
    ]
    PlaybookVersion.objects.create(
        code="flood", version="1", effective_from=date(2020, 3, 1), content=content | {"report": report},
        digest="flood", loaded_at=clock.now(),
    )  # fmt: skip
    return factories.IncidentFactory(area=place.county, slug="flood", name_en="Flood", playbook_code="flood")


def form_url(place):
    return reverse("reporting:report", args=[place.enterprise.pk, place.incident.slug])


def test_shared_answers_are_typed_once_and_stored_for_each(place, phone, flood):
    page = words_of(phone.get(form_url(place)))
    assert "Flood What stands above for COVID-19 counts here too." in page
    assert "Days of pumps left" in page and "Pumps" in page
    assert page.count("People on the roster") == 1
    prefix = f"i{flood.pk}"
    data = TYPED | {"obstacles": ["labour"], f"{prefix}-obstacles": ["mud"], f"{prefix}-supply_days": "7"}
    data |= {f"{prefix}-extra_pumps": "4", "extra_quarantined": "2"}
    assert phone.post(form_url(place), data).status_code == 302
    covid, other = DailyReport.objects.order_by("incident_id")
    assert (covid.on_post, covid.obstacles, covid.supply_days, covid.extra) == (82, ["labour"], 3, {"quarantined": "2"})
    assert (other.on_post, other.obstacles, other.supply_days) == (82, ["mud"], 7)
    assert other.extra == {"quarantined": "2", "pumps": "4"}
    assert other.playbook_version.code == "flood"


def test_what_one_refuses_leaves_the_other_out_too(place, phone, flood):
    response = phone.post(form_url(place), TYPED | {f"i{flood.pk}-supply_days": "many"})
    assert response.status_code == 422
    assert not DailyReport.objects.exists()


def test_one_tap_sends_both_and_the_start_page_has_one_card(place, phone, flood):
    place.report(day=EVE)
    factories.ReportFactory(
        incident=flood, enterprise=place.enterprise, day=EVE, playbook_version=PlaybookVersion.objects.get(code="flood")
    )
    home = words_of(phone.get(reverse("reporting:home")))
    assert home.count("Same as yesterday, report") == 1
    assert "COVID-19, Flood" in home or "Flood, COVID-19" in home
    phone.post(reverse("reporting:same", args=[place.enterprise.pk, place.incident.slug]))
    assert DailyReport.objects.filter(day=TODAY).count() == 2


def test_an_opened_day_is_reported_at_its_own_address(place, phone, viewer_of):
    url = f"{form_url(place)}?day=2020-03-23"
    assert phone.get(url).status_code == 403
    officer = viewer_of("duty_officer")
    lock_day(actor=officer, incident=place.incident, area=place.county, day=EVE, reason=LockReason.PUBLISHED)
    open_lock(
        actor=officer, incident=place.incident, day=EVE, until=clock.now() + timedelta(hours=1), reason="漏报",
        enterprise=place.enterprise,
    )  # fmt: skip
    assert "Mon 23 March" in words_of(phone.get(url))
    answer = phone.post(url, TYPED)
    assert answer["Location"].endswith("/receipt/?day=2020-03-23")
    assert DailyReport.objects.get().is_late
    assert "Mon 23 March" in words_of(phone.get(answer["Location"]))


def test_the_form_offers_the_other_answers(place, phone):
    page = phone.get(form_url(place)).content.decode()
    for kind in ("area", "not_ours", "closing"):
        assert reverse("registry_my:propose", args=[place.enterprise.pk, kind]) in page


def test_another_word_for_the_second_incident_is_shown_before_it_is_lost(place, phone, flood):
    page = phone.get(form_url(place)).content.decode()
    assert f'value="{flood.pk}"' in page
    factories.ReportFactory(
        enterprise=place.enterprise, incident=flood, playbook_version=PlaybookVersion.objects.get(code="flood"),
        on_post=64, reported_by_name="王干部", channel="on_behalf",
    )  # fmt: skip
    typed = TYPED | {"beside": str(flood.pk), f"i{flood.pk}-supply_days": "7", "client_key": str(uuid4())}
    kept = phone.post(reverse("reporting:send", args=[place.enterprise.pk, place.incident.slug]), typed)
    assert kept.status_code == 422
    assert "Flood: 王干部 reported 64 on post of 100" in kept.json()["text"]
    refused = phone.post(form_url(place), typed)
    assert refused.status_code == 422 and "王干部 reported 64" in refused.content.decode()
    assert not DailyReport.objects.filter(incident=place.incident).exists()
    assert phone.post(form_url(place), typed | {"beside": ""}).status_code == 302
    assert DailyReport.objects.get(incident=flood).on_post == 64


def test_answers_for_the_second_incident_come_in_though_the_first_is_reported(place, phone, flood):
    place.report(on_post=60, reported_by_name="王干部", channel="on_behalf")
    typed = TYPED | {"beside": str(flood.pk), f"i{flood.pk}-supply_days": "7", "seen": "1"}
    assert phone.post(form_url(place), typed).status_code == 302
    assert DailyReport.objects.get(incident=flood).supply_days == 7
    assert DailyReport.objects.get(incident=place.incident).on_post == 82


def test_a_draft_keeps_the_second_incident_also_when_the_first_is_reported(place, phone, flood):
    prefix = f"i{flood.pk}"
    place.report(on_post=80)
    begun = TYPED | {"beside": str(flood.pk), f"{prefix}-extra_pumps": "4", f"{prefix}-supply_days": "7"}
    draft = reverse("reporting:draft", args=[place.enterprise.pk, place.incident.slug])
    assert phone.post(f"{draft}?quiet=1", begun).status_code == 204
    page = phone.get(form_url(place)).content.decode()
    assert re.search(rf'name="{prefix}-extra_pumps"[^>]*value="4"|value="4"[^>]*name="{prefix}-extra_pumps"', page)
    assert phone.post(form_url(place), begun | {"drafted": "1", "seen": "1"}).status_code == 302
    assert DailyReport.objects.get(incident=flood).extra == {"pumps": "4"}
