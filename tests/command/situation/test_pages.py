"""The board and an opened figure: each number with its base, each enterprise once, each area its own."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest
from django.urls import reverse

from fugong.record.registry.models import Enterprise
from tests import factories
from tests.tools import in_english, words_of

TODAY, EVE = date(2020, 3, 24), date(2020, 3, 23)


@pytest.fixture
def see(place, client_for):
    """`see("commander@city", "figure", "return_rate", day="2020-03-23")`: the page, in English."""

    def get(kind, name="board", code="", **query):
        args = [place.incident.slug, *([code] if code else [])]
        return in_english(client_for(kind)).get(reverse(f"situation:{name}", args=args), query)

    return get


@pytest.fixture
def reported(place):
    place.report(day=EVE, roster=100, on_post=80)
    place.report(roster=100, on_post=85)
    return place


class TestBoard:
    def test_each_figure_stands_with_its_base_and_its_change(self, reported, see):
        words = words_of(see("commander@city"))
        assert "Opening rate 50.00 % 1 / 2 0.00 points on yesterday" in words
        assert "Return rate 85.00 % 85 / 100 +5.00 points on yesterday" in words
        assert "Reporting rate 50.00 % 1 / 2 0.00 points on yesterday" in words
        assert "the same hour" in words

    def test_without_reports_there_is_a_dash_and_no_change(self, place, see):
        words = words_of(see("commander@city"))
        assert "Return rate — 0 / 0 nothing to compare with" in words
        assert "Opening rate 0.00 % 0 / 2 nothing to compare with" in words

    def test_what_is_below_a_hundred_is_not_shown_as_a_hundred(self, place, see):
        place.report(roster=100_000, on_post=99_996)
        words = words_of(see("commander"))
        assert "Return rate 99.99 % 99,996 / 100,000" in words
        assert "Opening rate 100.00 % 1 / 1" in words

    def test_the_areas_add_up_to_the_row_of_the_whole(self, reported, see):
        reported.report(factories.EnterpriseFactory(managing_area=reported.city), roster=10, on_post=5)
        words = words_of(see("commander@city"))
        for row in (
            "1 东昌府区 85.00 85 / 100 +5.00",
            "— 茌平区 — 0 / 0 —",
            "— 经开区 — 0 / 0 —",
            "Liaocheng 81.82 90 / 110 +1.82",
        ):
            assert row in words, words
        opening = words_of(see("commander@city", by="opening_rate"))
        assert "1 东昌府区 100.00 1 / 1" in opening
        assert "2 茌平区 0.00 0 / 1" in opening

    def test_an_area_opens_its_own_board_on_the_same_day(self, reported, see, client_for):
        page = see("commander@city", day="2020-03-23").content.decode()
        link = html.unescape(re.search(r'href="([^"]*area=371502[^"]*)">东昌府区', page)[1])
        assert "day=2020-03-23" in link
        assert "Return rate 80.00%" in words_of(in_english(client_for("commander@city")).get(link))

    def test_who_is_missing_is_named_with_the_last_word(self, reported, see):
        reported.report(reported.other, day=date(2020, 3, 20), state="closed")
        words = words_of(see("commander@city"))
        assert "1 not reported" in words
        assert "茌平铝业有限公司 茌平区 2020-03-20 closed" in words

    def test_only_the_first_missing_are_listed_and_all_are_counted(self, place, see):
        for number in range(12):
            factories.EnterpriseFactory(managing_area=place.county, name=f"缺报{number:02d}有限公司")
        words = words_of(see("commander"))
        assert "13 not reported" in words
        assert "The first 8 of 13 are shown." in words
        assert len(set(re.findall(r"缺报\d\d", words))) == 7

    def test_when_all_have_reported_it_says_so(self, reported, see):
        assert "No report is missing" in words_of(see("commander"))

    def test_a_county_sees_its_own_and_of_others_not_even_the_names(self, reported, see):
        reported.report(reported.other)
        page = see("commander").content.decode()
        assert "东昌府" in page
        assert "茌平" not in page
        assert "经开区" not in page

    def test_a_past_day_is_as_it_was(self, reported, see):
        Enterprise.objects.filter(pk=reported.enterprise.pk).update(managing_area=reported.zone)
        words = words_of(see("commander@city", day="2020-03-23"))
        assert "1 东昌府区 80.00 80 / 100" in words
        assert "经开区 — 0 / 0" in words

    @pytest.mark.parametrize(("kind", "offered"), [("commander", True), ("bureau_clerk", True), ("team_lead", False)])
    def test_the_bulletin_is_offered_to_who_drafts(self, reported, see, kind, offered):
        assert ("Draft the bulletin" in words_of(see(kind))) == offered


class TestFigure:
    def test_it_opens_to_its_equation_its_chain_and_its_definition(self, reported, see):
        words = words_of(see("commander@city", "figure", "return_rate"))
        assert "Return rate 85.00%" in words
        assert "÷" in words
        assert "unrounded 85.000000" in words
        assert "Expected 2" in words
        assert "Not reported −1 not carried over from yesterday" in words
        assert "Reported 1 Closed 0 Open 1" in words
        assert "half up to 2 places; changes from unrounded values" in words

    def test_every_enterprise_of_it_stands_there_once(self, place, see, client_for):
        for number in range(60):
            enterprise = factories.EnterpriseFactory(managing_area=place.county, name=f"厂{number:03d}")
            place.report(enterprise, roster=10, on_post=number % 10 + 1)
        page, seen = see("commander", "figure", "return_rate").content.decode(), []
        while True:
            seen += re.findall(r">厂(\d{3})</a>", page)
            link = re.search(r'href="([^"]*)"\s+rel="next"', page)
            if not link:
                break
            page = in_english(client_for("commander")).get(html.unescape(link[1])).content.decode()
        assert seen == [f"{number:03d}" for number in range(60)]

    @pytest.mark.parametrize(
        ("state", "names"),
        [("", ["开工厂", "部分厂"]), ("closed", ["停工厂"]), ("missing", ["东昌府纺织有限公司", "茌平铝业有限公司"])],
    )
    def test_its_tabs_part_the_open_the_missing_and_the_closed(self, place, see, state, names):
        for name, said in (("开工厂", "open"), ("部分厂", "partial"), ("停工厂", "closed")):
            place.report(factories.EnterpriseFactory(managing_area=place.zone, name=name), state=said)
        page = see("commander@city", "figure", "opening_rate", state=state).content.decode()
        listed = re.findall(r'<th scope="row">\s*<a href="[^"]*/enterprises/[^"]*">([^<]+)</a>', page)
        assert sorted(listed) == sorted(names)
        tabs = [" ".join(re.sub(r"<[^>]+>", " ", tab).split()) for tab in re.findall(r"<a [^>]*>[^<]*<b>\d+</b>", page)]
        assert tabs == ["open 2", "closed 1", "not reported 2", "Not counted 0", "Corrected 0"]

    @pytest.mark.parametrize("query", [{"state": "asleep"}, {"after": "x"}, {"after": "999999"}, {"after": "9" * 5000}])
    def test_no_address_that_somebody_makes_up_breaks_it(self, reported, see, query):
        response = see("commander", "figure", "return_rate", **query)
        assert response.status_code == 200
        assert "东昌府纺织有限公司" in response.content.decode()

    def test_a_figure_that_the_playbook_does_not_have_is_not_found(self, reported, see):
        assert see("commander", "figure", "happiness").status_code == 404

    @pytest.mark.parametrize("name", ["board", "figure", "bulletin"])
    @pytest.mark.parametrize("area", ["371503", "371500", "371500-JK", "371503100"])
    def test_another_area_is_not_found(self, reported, see, name, area):
        code = "return_rate" if name == "figure" else ""
        assert see("bureau_clerk", name, code, area=area).status_code == 404
        assert see("bureau_clerk", name, code, area="371502001").status_code == 200

    def test_the_members_of_a_moved_enterprise_s_day_stay_where_they_were(self, reported, see):
        Enterprise.objects.filter(pk=reported.enterprise.pk).update(managing_area=reported.other_county)
        words = words_of(see("commander@city", "figure", "return_rate", day="2020-03-23", area="371502"))
        assert "东昌府纺织有限公司 古楼街道 open 80 100" in words
