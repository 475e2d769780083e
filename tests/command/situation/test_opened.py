"""A figure opened: each tab agrees with its list, the left out stand with their reason, corrections with both words."""

from __future__ import annotations

import html
import io
import re
from datetime import date

import openpyxl
import pytest
from django.urls import reverse

from fugong.base.audit.models import AuditEntry
from fugong.command.situation.actions.indicators import state_indicator
from fugong.command.situation.logic.effect import effect_of_missing
from fugong.command.situation.logic.ratios import Ratio
from fugong.command.situation.selectors.figures import members_of
from fugong.command.situation.selectors.indicators import indicators_on
from fugong.command.situation.selectors.opened import opened_figure
from fugong.core.registries import Slice
from fugong.record.registry.enums import FactKind
from fugong.record.reporting.actions.totals import Stated, state_total
from fugong.record.reporting.logic.totals import TotalValues
from fugong.record.reporting.models import SupersededReport
from fugong.record.reporting.selectors.behind import corrections_of, left_out_enterprises
from tests import factories
from tests.tools import in_english, words_of

TODAY = date(2020, 3, 24)


@pytest.fixture
def city(place):
    """Open, closed, missing and left out enterprises in the two counties, one of them corrected."""
    place.report(roster=100, on_post=80)
    closed = factories.EnterpriseFactory(managing_area=place.county, name="停工厂")
    place.report(closed, state="closed", roster=30, on_post=0)
    seasonal = factories.EnterpriseFactory(managing_area=place.county, name="季节厂")
    factories.ScopeDecisionFactory(enterprise=seasonal, valid_from=date(2020, 3, 1))
    corrected = factories.EnterpriseFactory(managing_area=place.zone, name="更正厂")
    report = place.report(corrected, roster=60, on_post=50, revision=2, submitted_at="2020-03-24T08:30:00+08:00")
    SupersededReport.objects.create(
        report=report, revision=1, channel="phone", reported_by_name="李",
        values={"state": "open", "roster": 60, "on_post": 6, "capacity": None},
        submitted_at="2020-03-24T07:30:00+08:00",
    )  # fmt: skip
    place.report(place.other, day=date(2020, 3, 23), roster=40, on_post=30)
    return place


@pytest.fixture
def opened(city, console):
    return lambda code, area=None: opened_figure(console, city.incident, TODAY, area or city.city, code)


@pytest.mark.parametrize("code", ["opening_rate", "return_rate", "return_rate_normal", "capacity", "reporting_rate"])
def test_the_number_on_each_tab_is_the_number_of_rows_beneath_it(opened, city, console, code):
    factories.FactFactory(enterprise=city.enterprise, kind=FactKind.HEADCOUNT, number=90, valid_from=date(2020, 1, 1))
    found = opened(code)
    for state in ("open", "partial", "closed", "missing"):
        rows = members_of(console, city.incident, TODAY, city.city, found.figure.indicator, Slice(frozenset({state})))
        assert len(rows) == found.behind.get(state, 0), state
    assert len(left_out_enterprises(found.counting)) == sum(found.excluded.values()) == 1
    assert len(corrections_of(found.counting, 50)) == found.corrections == 1


def test_the_members_add_up_to_the_figure(opened, city, console):
    for indicator in indicators_on(city.incident, TODAY):
        found = opened(indicator.code)
        rows = members_of(console, city.incident, TODAY, city.city, indicator)
        assert sum(row.numerator for row in rows) == found.figure.ratio.numerator
        assert sum(row.denominator for row in rows) == found.figure.ratio.denominator


def test_who_is_left_out_stands_with_the_reason(city, client_for):
    url = reverse("situation:figure", args=[city.incident.slug, "return_rate"])
    words = words_of(in_english(client_for("commander@city")).get(url, {"state": "out"}))
    assert "Not counted 1" in words
    assert re.search(r"季节厂 东昌府区 \w+", words), words


def test_a_definition_s_own_exclusion_is_named_by_its_words(city, opened, viewer_of):
    factories.FactFactory(enterprise=city.other, kind=FactKind.TAG, text="停产", valid_from=date(2020, 3, 1))
    content = indicators_on(city.incident, TODAY)[1].content | {
        "code": "without", "exclusions": [{"tags": ["停产"], "reason": {"zh": "已停产", "en": "stopped"}}]
    }  # fmt: skip
    state_indicator(actor=viewer_of("commander@city"), incident=city.incident, content=content,
                    valid_from=TODAY, reason="会议纪要")  # fmt: skip
    found = opened("without")
    whys = {row.name: row.why for row in left_out_enterprises(found.counting)}
    assert whys[city.other.name] == "definition:0"
    assert sum(found.excluded.values()) == 2


def test_a_correction_stands_with_what_was_said_before(city, client_for):
    url = reverse("situation:figure", args=[city.incident.slug, "return_rate"])
    words = words_of(in_english(client_for("commander@city")).get(url, {"state": "later"}))
    assert "Corrected 1" in words
    assert "更正厂 经开区 open 6 / 60" in words
    assert "open 50 / 60" in words


def test_a_county_sees_no_correction_and_nobody_left_out_of_another(city, client_for):
    for state in ("out", "later"):
        url = reverse("situation:figure", args=[city.incident.slug, "return_rate"])
        page = client_for("commander@outside").get(url, {"state": state}).content.decode()
        assert "季节厂" not in page
        assert "更正厂" not in page


def test_the_missing_may_move_it_from_none_back_to_all_back(opened):
    found = opened("return_rate")
    assert (found.behind["missing"], found.people) == (1, 40)
    assert found.effect == (Ratio(130, 200), Ratio(170, 200))
    assert opened("opening_rate").effect == (Ratio(2, 4), Ratio(3, 4))
    assert opened("capacity").effect is None
    assert effect_of_missing("return", "roster", Ratio(1, 2), 0, 0) is None


def test_a_total_that_stands_in_for_reports_is_listed_and_its_enterprises_are_not(city, opened, viewer_of, client_for):
    state_total(
        actor=viewer_of("bureau_clerk@city"), incident=city.incident, area=city.zone, day=TODAY,
        values=TotalValues(enterprises=12, enterprises_open=9), stated=Stated(source="=1+1", counts=True),
    )  # fmt: skip
    found = opened("opening_rate")
    assert [total.enterprises for total in found.totals] == [12]
    assert found.figure.ratio == Ratio(10, 15)
    assert sum(found.behind.values()) == 3, "the enterprise of the zone stands behind no figure any more"
    url = reverse("situation:figure", args=[city.incident.slug, "opening_rate"])
    words = words_of(in_english(client_for("commander@city")).get(url, {"state": "totals"}))
    assert "Stated as totals 1" in words
    assert "9 / 12" in words


class TestWorkbook:
    def book(self, client, place, code="return_rate", **query):
        url = reverse("situation:figure_export", args=[place.incident.slug, code])
        response = in_english(client).post(f"{url}?{'&'.join(f'{k}={v}' for k, v in query.items())}")
        assert response.status_code == 200, response.content
        return openpyxl.load_workbook(io.BytesIO(response.content))

    def test_it_holds_the_figure_its_enterprises_and_the_left_out(self, city, client_for):
        city.enterprise.name = "=HYPERLINK(1)"
        city.enterprise.save()
        book = self.book(client_for("commander@city"), city)
        rows = list(book["Enterprises"].iter_rows(min_row=2, values_only=True))
        assert sum(row[4] for row in rows) == 130
        cell = next(cell for cell in book["Enterprises"]["B"] if cell.value == "=HYPERLINK(1)")
        assert cell.data_type == "s", "a name is never a formula"
        assert book["Not counted"]["B2"].value == "季节厂"
        assert book["Corrected"]["D2"].value == 6
        areas = list(book["By area"].iter_rows(min_row=2, values_only=True))
        assert areas[-1][2] == sum(row[2] for row in areas[:-1])

    def test_a_county_s_holds_its_own_alone_and_the_taking_is_on_record(self, city, client_for):
        book = self.book(client_for("commander@outside"), city)
        assert [row[1] for row in book["Enterprises"].iter_rows(min_row=2, values_only=True)] == [city.other.name]
        (entry,) = AuditEntry.objects.filter(verb="situation.figure.exported")
        assert (entry.area_id, entry.detail["code"]) == (city.other_county.pk, "return_rate")

    def test_another_area_or_an_unknown_figure_is_not_found(self, city, client_for):
        url = reverse("situation:figure_export", args=[city.incident.slug, "return_rate"])
        assert client_for("commander@outside").post(f"{url}?area=371502").status_code == 404
        assert client_for("reporter").post(url).status_code in (403, 404)
        unknown = reverse("situation:figure_export", args=[city.incident.slug, "happiness"])
        assert client_for("commander").post(unknown).status_code == 404
        assert not AuditEntry.objects.filter(verb="situation.figure.exported").exists()


def test_the_left_out_are_paged_by_key(city, client_for):
    for number in range(60):
        one = factories.EnterpriseFactory(managing_area=city.county, name=f"外{number:02d}")
        factories.ScopeDecisionFactory(enterprise=one, valid_from=date(2020, 3, 1))
    url, seen = reverse("situation:figure", args=[city.incident.slug, "return_rate"]) + "?state=out", []
    while url:
        page = client_for("commander@city").get(url).content.decode()
        seen += re.findall(r">外(\d\d)</a>", page)
        link = re.search(r'href="([^"]*)"\s+rel="next"', page)
        url = html.unescape(link[1]) if link else ""
    assert seen == [f"{number:02d}" for number in range(60)]
