"""The bulletin of a day: honest words for figures, always in Chinese, always a draft, on record when taken."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from fugong.base.documents.logic.official import Table, render_text
from fugong.command.situation.actions.bulletins import take_bulletin
from fugong.command.situation.logic.bulletin import (
    REST,
    Statement,
    changed,
    counted,
    coverage,
    percent,
    plain_sentence,
)
from fugong.command.situation.logic.figures import Indicator, Ratio
from fugong.command.situation.selectors.bulletin import bulletin_draft, bulletin_facts
from fugong.command.situation.selectors.figures import indicators_on
from fugong.core.decision import Denied, OutOfScope
from tests import factories
from tests.tools import entries, in_english

TODAY, EVE = date(2020, 3, 24), date(2020, 3, 23)
PLAIN = Indicator("rate", "return", 2, {"sentence": "{denominator}，其中{numerator}，返岗率{value}{change}。"})
ratios = st.builds(
    lambda denominator, gone: Ratio(max(0, denominator - gone), denominator),
    st.integers(1, 10**7),
    st.integers(0, 100) | st.integers(0, 10**7),
)


def stated(numerator, denominator, before=None, unit="person", indicator=PLAIN):
    return plain_sentence(Statement(indicator, unit, Ratio(numerator, denominator), before))


class TestWords:
    @pytest.mark.parametrize(
        ("number", "unit", "words"),
        [
            (5853, "enterprise", "5853家"),
            (12345, "enterprise", "12345家"),
            (9999, "person", "9999人"),
            (10000, "person", "1万人"),
            (277400, "person", "27.74万人"),
            (270000, "person", "27万人"),
            (123450, "person", "12.35万人"),
            (123449, "person", "12.34万人"),
            (1000000, "person", "100万人"),
            (0, "person", "0人"),
        ],
    )
    def test_counts_as_official_texts_write_them(self, number, unit, words):
        assert counted(number, unit) == words

    @pytest.mark.parametrize(
        ("value", "words"),
        [(None, "—"), (Decimal("85.89"), "85.89%"), (Decimal("100.00"), "100%"), (Decimal("0.00"), "0.00%")],
    )
    def test_percent(self, value, words):
        assert percent(value) == words

    @pytest.mark.parametrize(
        ("numerator", "denominator", "words"),
        [
            (99996, 100000, "99.99%"),
            (999999, 1000000, "99.99%"),
            (99994, 100000, "99.99%"),
            (9995, 10000, "99.95%"),
            (100000, 100000, "100%"),
            (0, 0, "—"),
            (0, 7, "0.00%"),
            (2, 3, "66.67%"),
        ],
    )
    def test_what_is_below_a_hundred_never_reads_a_hundred(self, numerator, denominator, words):
        assert f"返岗率{words}。" in stated(numerator, denominator)

    @given(ratios, st.integers(0, 4))
    def test_only_all_of_all_reads_a_hundred(self, ratio, places):
        indicator = Indicator("rate", "return", places, PLAIN.content)
        words = stated(ratio.numerator, ratio.denominator, indicator=indicator)
        assert ("返岗率100%" in words) == (ratio.numerator == ratio.denominator)
        assert "全部" not in words

    @pytest.mark.parametrize(
        ("now", "before", "words"),
        [
            (Ratio(8589, 10000), Ratio(8515, 10000), "，较前一日提高0.74个百分点"),
            (Ratio(8515, 10000), Ratio(8589, 10000), "，较前一日下降0.74个百分点"),
            (Ratio(2, 3), Ratio(1, 3), "，较前一日提高33.33个百分点"),
            (Ratio(1, 3), Ratio(2, 6), "，与前一日持平"),
            (Ratio(1, 3), None, ""),
            (Ratio(1, 3), Ratio(0, 0), ""),
            (Ratio(0, 0), Ratio(1, 3), ""),
        ],
    )
    def test_the_change_in_words(self, now, before, words):
        assert changed(Statement(PLAIN, "person", now, before)) == words

    def test_a_rate_of_nothing_is_a_dash_and_has_no_change(self):
        assert stated(0, 0, Ratio(1, 2)) == "0人，其中0人，返岗率—。"

    @pytest.mark.parametrize(
        ("states", "words"),
        [
            ({"open": 5, "partial": 2, "closed": 1}, "当日已报8家，未开工1家；无缺报。"),
            ({"open": 5, "missing": 3}, "当日已报5家，未开工0家；缺报3家，不沿用前日数。"),
            ({"missing": 3}, "当日已报0家，未开工0家；缺报3家，不沿用前日数。"),
        ],
    )
    def test_how_many_have_reported_is_said(self, states, words):
        assert coverage(states) == words


@pytest.fixture
def reported(place):
    """A day with reports of both counties, and the day before."""
    place.report(day=EVE, roster=100, on_post=80)
    place.report(roster=100, on_post=85)
    place.report(place.other, roster=50, on_post=20, state="partial")
    return place


def text_of(viewer, place, day=TODAY, area=None):
    return render_text(bulletin_draft(viewer, place.incident, day, area or place.city))


class TestText:
    def test_the_figures_of_the_day_in_sentences(self, reported, console):
        text = text_of(console, reported)
        assert (
            "截至3月24日9时，聊城市应报企业2家，其中开工（含部分开工）2家，开工率100%，较前一日提高50.00个百分点。"
            in text
        )
        assert "开工企业在册职工150人，其中在岗105人，员工返岗率70.00%，较前一日下降10.00个百分点。" in text
        assert "当日已报2家，未开工0家；无缺报。" in text

    def test_a_past_day_has_no_hour(self, reported, console):
        text = text_of(console, reported, EVE)
        assert "截至3月23日，聊城市" in text
        assert "缺报1家，不沿用前日数" in text

    def test_without_reports_of_the_day_before_nothing_is_compared(self, reported, console):
        assert "前一日" not in text_of(console, reported, EVE)
        assert "员工返岗率80.00%。" in text_of(console, reported, EVE)

    def test_nothing_reads_all_even_when_all_are_open(self, reported, console):
        assert "全部" not in text_of(console, reported)

    def test_a_day_without_reports_has_dashes(self, place, console):
        text = text_of(console, place)
        assert "员工返岗率—。" in text
        assert "0/0\t—" in text

    def test_each_area_stands_in_the_table_with_its_base(self, reported, console):
        document = bulletin_draft(console, reported.incident, TODAY, reported.city)
        (table,) = (block for block in document.body if isinstance(block, Table))
        assert table.head == ("区域", "开工/应报", "开工率", "在岗/在册", "员工返岗率")
        assert table.rows == (
            ("东昌府区", "1/1", "100%", "85/100", "85.00%"),
            ("茌平区", "1/1", "100%", "20/50", "40.00%"),
            ("经开区", "0/0", "—", "0/0", "—"),
        )

    def test_what_no_area_holds_is_a_row_of_its_own(self, reported, console):
        reported.report(factories.EnterpriseFactory(managing_area=reported.city), roster=10, on_post=5)
        facts = bulletin_facts(console, reported.incident, TODAY, reported.city)
        name, ratios = facts.rows[-1]
        assert (name, ratios["opening_rate"], ratios["return_rate"]) == (REST, Ratio(1, 1), Ratio(5, 10))

    def test_the_headquarters_of_the_area_issues_it_else_the_area(self, reported, console):
        city = bulletin_draft(console, reported.incident, TODAY, reported.city)
        assert (city.organisation, city.issuer, city.signature) == (
            "聊城市指挥部",
            "聊城市指挥部办公室",
            "聊城市指挥部",
        )
        county = bulletin_draft(console, reported.incident, TODAY, reported.county)
        assert (county.organisation, county.title) == ("东昌府区", "东昌府区企业复工复产进展情况")

    def test_it_is_chinese_whoever_reads_the_screen_in_english(self, reported, console):
        text = text_of(console, reported)
        assert "Opening rate" not in text
        assert [indicator.label for indicator in indicators_on(reported.incident, TODAY)][:2] == [
            "Opening rate", "Return rate",
        ]  # fmt: skip


class TestFile:
    def taken(self, actor, place, area=None):
        content = take_bulletin(actor=actor, incident=place.incident, day=TODAY, area=area or place.city)
        return Document(io.BytesIO(content))

    def test_it_opens_and_holds_the_figures(self, reported, console):
        document = self.taken(console, reported)
        text = "\n".join(paragraph.text for paragraph in document.paragraphs)
        assert "其中在岗105人，员工返岗率70.00%" in text
        assert "2020年3月24日" in text
        cells = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
        assert ["东昌府区", "1/1", "100%", "85/100", "85.00%"] in cells

    def test_it_is_marked_as_a_draft_and_carries_no_number(self, reported, console):
        document = self.taken(console, reported)
        assert "（草稿）" in [paragraph.text for paragraph in document.paragraphs]
        assert not any("期" in paragraph.text for paragraph in document.paragraphs)
        assert document.core_properties.content_status == "草稿"

    def test_taking_it_is_on_record(self, reported, viewer_of):
        self.taken(viewer_of("bureau_clerk"), reported, reported.county)
        (entry,) = entries("situation.bulletin.taken")
        assert entry.actor_id == reported.person("bureau_clerk").pk
        assert (entry.subject, entry.detail) == (
            f"incidents.incident:{reported.incident.pk}",
            {"day": "2020-03-24", "area": "371502"},
        )

    @pytest.mark.parametrize(
        "kind", ["township_cadre@city", "administrator@city", "auditor@city", "reporter", "nobody"]
    )
    def test_who_does_not_draft_takes_none(self, reported, viewer_of, kind):
        with pytest.raises(Denied):
            self.taken(viewer_of(kind), reported)
        assert not entries("situation.bulletin.taken")

    def test_that_of_another_area_is_not_given(self, reported, viewer_of):
        for area in (reported.city, reported.other_county):
            with pytest.raises(OutOfScope):
                self.taken(viewer_of("bureau_clerk"), reported, area)


class TestPages:
    def url(self, place, name, query=""):
        return reverse(f"situation:{name}", args=[place.incident.slug]) + query

    def test_the_page_shows_the_same_words_as_the_file(self, reported, client_for, console):
        page = in_english(client_for("commander@city")).get(self.url(reported, "bulletin")).content.decode()
        document = bulletin_draft(console, reported.incident, TODAY, reported.city)
        assert f"<p>{document.body[0].text}</p>" in page
        assert "当日已报2家，未开工0家；无缺报。" in page
        assert page.count(">85/100</td>") == 1

    def test_each_figure_in_the_text_opens(self, reported, client_for):
        client = client_for("commander@city")
        page = client.get(self.url(reported, "bulletin", "?day=2020-03-23")).content.decode()
        opened = reverse("situation:figure", args=[reported.incident.slug, "return_rate"]) + "?day=2020-03-23"
        assert f'href="{opened}">80.00%</a>' in page
        assert client.get(opened).status_code == 200

    def test_downloading_is_a_post_and_on_record(self, reported, client_for):
        client = client_for("commander@city")
        assert client.get(self.url(reported, "bulletin_download")).status_code == 405
        assert not entries("situation.bulletin.taken")
        response = client.post(self.url(reported, "bulletin_download"))
        assert response["Content-Type"].endswith("wordprocessingml.document")
        assert response["Content-Disposition"] == 'attachment; filename="bulletin-2020-03-24.docx"'
        assert Document(io.BytesIO(response.content)).tables
        assert len(entries("situation.bulletin.taken")) == 1

    def test_the_file_is_of_the_day_and_area_on_the_screen(self, reported, client_for):
        client = client_for("commander@city")
        response = client.post(self.url(reported, "bulletin_download", "?day=2020-03-23&area=371502"))
        text = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(response.content)).paragraphs)
        assert "截至3月23日，东昌府区应报企业1家" in text
        (entry,) = entries("situation.bulletin.taken")
        assert entry.detail == {"day": "2020-03-23", "area": "371502"}

    def test_a_county_s_clerk_gets_the_county_s_without_asking_for_it(self, reported, client_for):
        page = client_for("bureau_clerk").get(self.url(reported, "bulletin")).content.decode()
        assert "东昌府区应报企业" in page
        assert "茌平" not in page
        assert (
            client_for("bureau_clerk").post(self.url(reported, "bulletin_download", "?area=371503")).status_code == 404
        )
