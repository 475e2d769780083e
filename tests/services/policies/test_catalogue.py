"""The catalogue of officials: search in Chinese, a two-tier measure written, tried and published, a firm's page."""

from __future__ import annotations

from datetime import date

import pytest

from fugong.core import clock
from fugong.core.viewer import service_viewer
from fugong.record.registry.enums import FactKind
from fugong.services.policies.actions.matching import match_versions
from fugong.services.policies.logic.drafting import place_of
from fugong.services.policies.models import Measure, MeasureVersion, PolicyDocument, Standing
from fugong.services.policies.selectors.catalogue import measures_found, versions_of
from tests import factories
from tests.services.policies.firms import TWO_TIERS


@pytest.mark.parametrize(
    ("text", "found", "not_found"),
    [
        ("社保", {"social-premiums"}, {"sd-hiring"}),
        ("吸纳就业", {"sd-hiring"}, {"social-premiums"}),
        ("〔2020〕11号", {"social-premiums"}, {"sd-hiring"}),
        ("口罩 补贴", {"lc-mask-equipment"}, {"sd-hiring"}),
        ("保社", set(), {"social-premiums"}),
        ("'; drop table", set(), {"social-premiums"}),
    ],
)
def test_search_finds_words_wherever_they_stand(measures, place, viewer_of, text, found, not_found):
    codes = {version.measure.code for version in measures_found(viewer_of("commander@in"), text)}
    assert found <= codes
    assert not not_found & codes


@pytest.fixture
def three_firms(measures, place):
    """A large one, a middling one, and one of which no revenue is known."""
    firms = []
    for name, revenue in (("大机械有限公司", 300_000_000), ("中机械有限公司", 20_000_000), ("新机械有限公司", None)):
        firm = factories.EnterpriseFactory(name=name, managing_area=place.township)
        factories.FactFactory(enterprise=firm, kind=FactKind.INDUSTRY, text="34", valid_from=date(2020, 1, 1))
        if revenue:
            factories.FactFactory(enterprise=firm, kind=FactKind.REVENUE, number=revenue, valid_from=date(2020, 1, 1))
        firms.append(firm)
    return firms


def test_a_clerk_writes_tries_keeps_and_publishes_a_two_tier_measure(three_firms, place, client_for):
    browser, url = client_for("bureau_clerk@city"), f"/i/{place.incident.slug}/measures/"
    names = "\n".join(firm.name for firm in three_firms)
    tried = browser.post(f"{url}new/", TWO_TIERS | {"firms": names, "act": "try"})
    page = tried.content.decode()
    assert tried.status_code == 200
    assert not Measure.objects.filter(title=TWO_TIERS["title"]).exists(), "trying keeps nothing"
    for words in ("150,000元", "50,000元", "还缺：年营业收入"):
        assert words in page
    kept = browser.post(f"{url}new/", TWO_TIERS | {"act": "keep"}, follow=True)
    draft = MeasureVersion.objects.get(measure__title=TWO_TIERS["title"])
    assert not draft.is_published
    assert draft.document.place_code == "3715"
    assert "发布并告知" in kept.content.decode()
    browser.post(f"{url}drafts/{draft.pk}/publish/")
    draft.refresh_from_db()
    assert draft.is_published
    match_versions(actor=service_viewer("tests"), versions=[draft], day=clock.today())
    amounts = dict(Standing.objects.filter(version=draft).values_list("enterprise__name", "amount"))
    assert amounts["大机械有限公司"] == 150_000
    assert amounts["中机械有限公司"] == 50_000
    assert Standing.objects.get(version=draft, enterprise=three_firms[2]).verdict == "unknown"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"value_0": ""}, "value_0"),
        ({"how_0": "at_least"}, "how_0"),
        ({"fact_1": "headcount", "value_1": "many"}, "value_1"),
        ({"fact_1": "size", "how_1": "in", "value_1": "tiny"}, "value_1"),
        ({"low_2": "5"}, "give_2"),
        ({"tier_of": ""}, "tier_of"),
        ({"doc_source": ""}, "doc_source"),
        ({"firms": "甲\n乙\n丙\n丁"}, "firms"),
        ({"firms": "没有这家"}, "firms"),
        ({"low_0": "300000000"}, None),
        ({"value_1": "1e999999999"}, "value_1"),
        ({"give_1": "1000000000001"}, "give_1"),
    ],
)
def test_a_fault_in_the_form_is_named_and_nothing_is_lost(measures, place, client_for, change, named):
    url = f"/i/{place.incident.slug}/measures/new/"
    answer = client_for("bureau_clerk@city").post(url, TWO_TIERS | {"act": "try"} | change)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="规模企业稳产奖励"' in page
    if named:
        assert f'href="#id_{named}"' in page
    assert not PolicyDocument.objects.filter(title=TWO_TIERS["doc_title"]).exists()


def test_a_county_clerk_writes_for_the_county_only(measures, place, client_for):
    url = f"/i/{place.incident.slug}/measures/new/"
    browser = client_for("bureau_clerk@in")
    assert browser.post(url, TWO_TIERS | {"act": "keep"}).status_code == 422
    assert browser.post(url, TWO_TIERS | {"act": "keep", "area": "371502"}).status_code == 302
    assert MeasureVersion.objects.get(measure__title=TWO_TIERS["title"]).document.place_code == "371502"


def test_a_draft_can_be_thrown_away_and_a_published_one_not(measures, place, client_for):
    browser, url = client_for("bureau_clerk@city"), f"/i/{place.incident.slug}/measures/"
    browser.post(f"{url}new/", TWO_TIERS | {"act": "keep"})
    draft = MeasureVersion.objects.get(measure__title=TWO_TIERS["title"])
    standing = MeasureVersion.objects.get(measure__code="sd-hiring")
    browser.post(f"{url}drafts/{draft.pk}/drop/")
    browser.post(f"{url}drafts/{standing.pk}/drop/")
    assert not MeasureVersion.objects.filter(pk=draft.pk).exists()
    assert MeasureVersion.objects.filter(pk=standing.pk).exists()


def test_a_draft_is_read_where_it_is_kept(measures, place, client_for, viewer_of):
    client_for("bureau_clerk@city").post(f"/i/{place.incident.slug}/measures/new/", TWO_TIERS | {"act": "keep"})
    draft = MeasureVersion.objects.get(measure__title=TWO_TIERS["title"])
    later = MeasureVersion.objects.get(measure__code="sd-hiring")
    later.pk, later.state, later.published_at, later.valid_from = None, "draft", None, date(2020, 6, 1)
    later.save()
    for kind, seen in (("commander@city", True), ("bureau_clerk@in", False)):
        viewer = viewer_of(kind)
        found = {version.measure.code: version for version in measures_found(viewer)}
        assert (draft.measure.code in found) is seen
        assert found["sd-hiring"].is_published
        assert (later in versions_of(viewer, later.measure)) is seen
        page = client_for(kind).get(f"/i/{place.incident.slug}/measures/m/{draft.measure.code}/")
        assert page.status_code == (200 if seen else 404)


def test_the_page_of_a_measure_shows_its_funnel(measures, place, client_for):
    version = MeasureVersion.objects.select_related("document__area", "measure").get(measure__code="sd-hiring")
    place.report(day=date(2020, 3, 13), state="open")
    match_versions(actor=service_viewer("tests"), versions=[version], day=clock.today())
    page = client_for("commander@city").get(f"/i/{place.incident.slug}/measures/m/sd-hiring/").content.decode()
    assert "首次填报开工的日期：2020-02-10 – 2020-03-10" in page
    assert "2家企业中" in page


def test_an_official_asks_on_behalf_and_the_panel_shows_it(measures, place, client_for):
    place.report(day=date(2020, 3, 2), state="open")
    browser, base = client_for("bureau_clerk@in"), f"/i/{place.incident.slug}"
    browser.post(f"{base}/measures/of/{place.enterprise.pk}/answer/", {"new_insured": "25", "granted_hiring": "no"})
    page = browser.get(f"{base}/measures/of/{place.enterprise.pk}/").content.decode()
    assert "25,000元" in page
    panel = browser.get(f"{base}/enterprises/{place.enterprise.pk}/panels/policies.measures/").content.decode()
    assert "一次性吸纳就业补贴" in panel


@pytest.mark.parametrize(
    ("code", "place"),
    [
        ("371500", "3715"),
        ("370000", "37"),
        ("371502", "371502"),
        ("371500-JK", "371500-JK"),
        ("371502001", "371502001"),
    ],
)
def test_the_place_is_the_beginning_of_its_codes(code, place):
    assert place_of(code) == place
