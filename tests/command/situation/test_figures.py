"""Figures with their denominators: added up from counts, rounded once, seen as far as the mandate reaches."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fugong.command.situation.logic.figures import Ratio, half_up, remainder, total
from fugong.command.situation.selectors.board import area_rows, board
from fugong.command.situation.selectors.figures import area_in_view, figures_on, indicators_on, members_of
from fugong.core import clock
from fugong.core.decision import Denied, OutOfScope
from fugong.record.registry.models import Enterprise
from fugong.record.reporting.models import DailyReport
from tests import factories

TODAY, EVE = date(2020, 3, 24), date(2020, 3, 23)
ratios = st.builds(
    lambda denominator, share: Ratio(denominator * share // 1000, denominator),
    st.integers(0, 10**7),
    st.integers(0, 1000),
)


class TestRounding:
    @pytest.mark.parametrize(
        ("value", "places", "rounded"),
        [
            (Fraction(125, 1000), 2, "0.13"),
            (Fraction(-125, 1000), 2, "-0.13"),
            (Fraction(124999, 10**6), 2, "0.12"),
            (Fraction(1, 2), 0, "1"),
            (Fraction(5, 2), 0, "3"),
            (Fraction(200, 3), 2, "66.67"),
            (Fraction(85885, 1000), 2, "85.89"),
            (Fraction(99995, 1000), 2, "100.00"),
            (Fraction(0), 2, "0.00"),
        ],
    )
    def test_half_goes_up(self, value, places, rounded):
        assert str(half_up(value, places)) == rounded

    @given(st.decimals(-(10**9), 10**9, places=7), st.integers(0, 6))
    def test_as_decimals_round_half_up(self, value, places):
        with localcontext() as context:
            context.prec = 60
            expected = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
        assert half_up(Fraction(value), places) == expected

    @given(st.fractions(max_denominator=10**6), st.integers(0, 6))
    def test_never_further_away_than_half_a_step_and_a_tie_goes_outward(self, value, places):
        rounded, step = Fraction(half_up(value, places)), Fraction(1, 10**places)
        assert abs(rounded - value) <= step / 2
        if abs(rounded - value) == step / 2:
            assert abs(rounded) > abs(value)

    @given(st.fractions(max_denominator=10**6), st.integers(0, 6))
    def test_both_signs_alike(self, value, places):
        assert half_up(-value, places) == half_up(value, places).copy_negate()

    def test_it_rounds_once_from_the_exact_value(self):
        assert Ratio(44445, 10**5).rounded(1) == Decimal("44.4"), "44.445 → 44.45 → 44.5 would be two roundings"


class TestRatios:
    def test_nothing_of_nothing_is_no_number(self):
        assert (Ratio(0, 0).exact, Ratio(0, 0).rounded(2)) == (None, None)
        assert Ratio(0, 5).rounded(2) == Decimal("0.00")

    def test_a_total_is_never_the_mean_of_rates(self):
        parts = [Ratio(1, 1), Ratio(0, 9)]
        assert total(parts).rounded(2) == Decimal("10.00")
        assert total([]).exact is None

    def test_the_change_is_that_of_the_unrounded_rates(self):
        assert Ratio(2, 3).change_from(Ratio(1, 3), 2) == Decimal("33.33"), "66.67 − 33.33 would be 33.34"
        assert Ratio(1, 3).change_from(Ratio(2, 3), 2) == Decimal("-33.33")
        assert Ratio(1, 3).change_from(Ratio(0, 0), 2) is None
        assert Ratio(0, 0).change_from(Ratio(1, 3), 2) is None

    @given(st.lists(ratios, max_size=12), ratios)
    def test_the_parts_and_the_rest_are_the_whole(self, parts, rest):
        whole = total([*parts, rest])
        assert remainder(whole, parts) == rest
        assert total([*parts, remainder(whole, parts)]) == whole

    @given(st.lists(ratios.filter(lambda ratio: ratio.denominator), min_size=1, max_size=12))
    def test_a_total_lies_between_its_lowest_and_its_highest_part(self, parts):
        exact = [ratio.exact for ratio in parts]
        assert min(exact) <= total(parts).exact <= max(exact)


@pytest.fixture
def figures(place, console):
    """`figures()`: today's figures of the city by (area code, indicator), or of another day, area and viewer."""

    def read(day=TODAY, area=None, viewer=None, incident=None):
        found = figures_on(viewer or console, incident or place.incident, day, area or place.city)
        return {(figure.area.code, figure.indicator.code): figure for figure in found}

    return read


def pair(figure):
    return figure.ratio.numerator, figure.ratio.denominator


class TestCounting:
    def test_open_of_expected_and_on_post_of_roster(self, place, figures):
        place.report(roster=100, on_post=85)
        place.report(place.other, roster=50, on_post=20, state="partial")
        found = figures()
        assert pair(found["371500", "opening_rate"]) == (2, 2)
        assert pair(found["371500", "return_rate"]) == (105, 150)
        assert (found["371500", "return_rate"].value, found["371503", "return_rate"].value) == (
            Decimal("70.00"),
            Decimal("40.00"),
        )
        assert pair(found["371502", "return_rate"]) == (85, 100)
        assert pair(found["371500-JK", "opening_rate"]) == (0, 0)

    def test_the_whole_comes_first_then_the_reporting_areas_and_no_township(self, place, figures):
        assert [code for code, indicator in figures() if indicator == "return_rate"] == [
            "371500", "371502", "371503", "371500-JK",
        ]  # fmt: skip
        assert {indicator for _code, indicator in figures()} == {
            "opening_rate", "return_rate", "return_rate_normal", "above_scale_opening_rate", "capacity",
            "reporting_rate", "minutes_asked",
        }  # fmt: skip

    def test_the_closed_are_expected_but_their_people_count_in_neither_part(self, place, figures):
        place.report(state="closed", roster=100, on_post=3)
        place.report(place.other, roster=50, on_post=20)
        assert pair(figures()["371500", "opening_rate"]) == (1, 2)
        assert pair(figures()["371500", "return_rate"]) == (20, 50)

    def test_those_who_have_not_reported_are_not_carried_over_from_the_day_before(self, place, figures):
        place.report(day=EVE, roster=100, on_post=85)
        place.report(place.other, roster=50, on_post=20)
        assert pair(figures()["371500", "opening_rate"]) == (1, 2)
        assert pair(figures()["371500", "return_rate"]) == (20, 50)
        assert pair(figures(EVE)["371500", "opening_rate"]) == (1, 2)

    def test_before_anybody_has_reported_the_return_rate_is_unknown_and_the_opening_rate_is_zero(self, figures):
        assert (figures()["371500", "return_rate"].value, pair(figures()["371500", "return_rate"])) == (None, (0, 0))
        assert figures()["371500", "opening_rate"].value == Decimal("0.00")
        assert figures()["371500-JK", "opening_rate"].value is None

    def test_a_correction_counts_once_and_as_it_stands_now(self, place, figures):
        report = place.report(roster=100, on_post=85)
        DailyReport.objects.filter(pk=report.pk).update(on_post=60, revision=2)
        assert pair(figures()["371500", "return_rate"]) == (60, 100)

    def test_another_incident_s_reports_do_not_count(self, place, figures):
        flood = factories.IncidentFactory(area=place.city)
        factories.ReportFactory(incident=flood, enterprise=place.enterprise, playbook_version=place.playbook)
        assert pair(figures()["371500", "opening_rate"]) == (0, 2)
        assert pair(figures(incident=flood)["371500", "opening_rate"]) == (1, 2)

    @pytest.mark.parametrize(
        ("life", "expected"),
        [
            ({"established_on": date(2020, 3, 25)}, 1),
            ({"established_on": TODAY}, 2),
            ({"established_on": None}, 2),
            ({"closed_on": TODAY}, 1),
            ({"closed_on": date(2020, 3, 25)}, 2),
        ],
        ids=str,
    )
    def test_expected_is_who_is_in_business_on_the_day(self, place, figures, life, expected):
        Enterprise.objects.filter(pk=place.enterprise.pk).update(**life)
        assert pair(figures()["371500", "opening_rate"]) == (0, expected)

    def test_a_day_keeps_its_denominator_when_an_enterprise_closes_later(self, place, figures):
        place.report(day=EVE)
        Enterprise.objects.filter(pk=place.enterprise.pk).update(closed_on=TODAY)
        assert pair(figures(EVE)["371500", "opening_rate"]) == (1, 2)
        assert pair(figures()["371500", "opening_rate"]) == (0, 1)

    def test_a_report_counts_in_the_area_of_its_day_after_a_move(self, place, figures):
        place.report(day=EVE, roster=100, on_post=85)
        Enterprise.objects.filter(pk=place.enterprise.pk).update(managing_area=place.zone)
        place.report(Enterprise.objects.get(pk=place.enterprise.pk), roster=100, on_post=90)
        yesterday, today = figures(EVE), figures()
        assert (pair(yesterday["371502", "return_rate"]), pair(yesterday["371500-JK", "return_rate"])) == (
            (85, 100),
            (0, 0),
        )
        assert (pair(today["371502", "return_rate"]), pair(today["371500-JK", "return_rate"])) == ((0, 0), (90, 100))
        assert pair(yesterday["371500", "opening_rate"]) == pair(today["371500", "opening_rate"]) == (1, 2)

    def test_each_figure_says_what_it_counts_and_as_of_when(self, figures):
        rate = figures()["371500", "return_rate"]
        assert (rate.unit, figures()["371500", "opening_rate"].unit) == ("person", "enterprise")
        assert "yesterday’s values are never carried over" in rate.indicator.definition
        assert rate.as_of <= clock.now()
        assert rate.day == TODAY

    def test_they_take_one_query_per_indicator_however_many_enterprises(self, place, console):
        for _ in range(5):
            place.report(factories.EnterpriseFactory(managing_area=place.county))
        with CaptureQueriesContext(connection) as queries:
            figures_on(console, place.incident, TODAY, place.city)
        few = len(queries)
        for _ in range(10):
            place.report(factories.EnterpriseFactory(managing_area=place.other_county))
        with CaptureQueriesContext(connection) as queries:
            figures_on(console, place.incident, TODAY, place.city)
        assert len(queries) == few


# Where an enterprise is managed, how it stands and how many are on its roster and on post.
cities = st.lists(
    st.tuples(
        st.sampled_from(["city", "county", "township", "other_county", "other_township", "zone"]),
        st.sampled_from(["open", "partial", "closed", "missing"]),
        st.integers(0, 50),
        st.integers(0, 100),
    ),
    max_size=10,
)


class TestSums:
    @settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(cities)
    def test_areas_and_rest_are_the_whole_and_every_figure_is_its_enterprises(self, place, console, enterprises):
        DailyReport.objects.all().delete()
        Enterprise.objects.exclude(pk__in=[place.enterprise.pk, place.other.pk]).delete()
        expected = {"opening_rate": Ratio(0, 2), "return_rate": Ratio()}
        for where, state, roster, share in enterprises:
            enterprise = factories.EnterpriseFactory(managing_area=getattr(place, where))
            on_post = roster * share // 100
            if state != "missing":
                place.report(enterprise, state=state, roster=roster, on_post=on_post)
            works = state in ("open", "partial")
            expected["opening_rate"] += Ratio(int(works), 1)
            expected["return_rate"] += Ratio(on_post, roster) if works else Ratio()
        figures = figures_on(console, place.incident, TODAY, place.city)
        whole = {figure.indicator.code: figure.ratio for figure in figures if figure.area == place.city}
        assert {code: whole[code] for code in expected} == expected
        rows = area_rows(figures, place.city, {})
        for code, ratio in whole.items():
            assert total(row.ratios[code] for row in rows) == ratio
        for figure in figures:
            members = members_of(console, place.incident, TODAY, figure.area, figure.indicator)
            assert total(Ratio(member.numerator, member.denominator) for member in members) == figure.ratio

    def test_what_the_city_manages_itself_stands_in_a_row_of_the_rest(self, place, console):
        place.report(factories.EnterpriseFactory(managing_area=place.city), roster=10, on_post=5)
        seen = board(console, place.incident, TODAY, place.city)
        assert [row.area and row.area.code for row in seen.rows] == ["371502", "371503", "371500-JK", None]
        rest = seen.rows[-1].ratios
        assert (rest["opening_rate"], rest["return_rate"]) == (Ratio(1, 1), Ratio(5, 10))
        assert [row.missing for row in seen.rows] == [1, 1, 0, 0]

    def test_without_any_there_is_no_such_row(self, place, console):
        seen = board(console, place.incident, TODAY, place.city)
        assert [row.area.code for row in seen.rows] == ["371502", "371503", "371500-JK"]

    def test_the_board_counts_reported_missing_and_the_day_before(self, place, console):
        place.report(day=EVE)
        place.report(place.other, state="closed")
        seen = board(console, place.incident, TODAY, place.city)
        assert (seen.reported, seen.missing_total, seen.reported_before) == (Ratio(1, 2), 1, Ratio(1, 2))
        assert [(row.name, row.last_day, row.last_state) for row in seen.missing] == [
            (place.enterprise.name, EVE, "open")
        ]
        assert seen.before["opening_rate"] == Ratio(1, 2)

    def test_missing_enterprises_are_listed_with_their_last_word_of_this_incident_before_the_day(self, place, console):
        flood = factories.IncidentFactory(area=place.city)
        factories.ReportFactory(
            incident=flood, enterprise=place.enterprise, playbook_version=place.playbook, day=EVE, state="closed"
        )
        place.report(day=date(2020, 3, 20), state="partial")
        place.report(day=TODAY)
        (row,) = (
            row for row in board(console, place.incident, EVE, place.city).missing if row.pk == place.enterprise.pk
        )
        assert (row.last_day, row.last_state) == (date(2020, 3, 20), "partial")


class TestScope:
    def test_a_county_sees_its_own_and_what_lies_beneath(self, place, figures, viewer_of):
        place.report(roster=100, on_post=85)
        place.report(place.other, roster=50, on_post=20)
        found = figures(area=place.county, viewer=viewer_of("commander"))
        assert {code for code, _indicator in found} == {"371502"}
        assert pair(found["371502", "return_rate"]) == (85, 100)

    @pytest.mark.parametrize("where", ["city", "other_county", "zone", "other_township"])
    def test_and_nothing_else(self, place, figures, viewer_of, where):
        with pytest.raises(OutOfScope):
            figures(area=getattr(place, where), viewer=viewer_of("commander"))
        with pytest.raises(OutOfScope):
            members_of(
                viewer_of("commander"), place.incident, TODAY, getattr(place, where),
                indicators_on(place.incident, TODAY)[0],
            )  # fmt: skip

    def test_without_a_choice_each_begins_at_the_widest_area_of_the_mandate(self, place, viewer_of):
        assert area_in_view(viewer_of("commander@city"), place.incident) == place.city
        assert area_in_view(viewer_of("commander"), place.incident) == place.county
        assert area_in_view(viewer_of("commander@outside"), place.incident) == place.other_county

    def test_an_area_outside_the_incident_is_none_of_it(self, place, console, viewer_of):
        local = factories.IncidentFactory(area=place.county)
        assert area_in_view(console, local) == place.county
        assert area_in_view(console, local, "371502001") == place.township
        for code in ("371500", "371503", "999999"):
            with pytest.raises(OutOfScope):
                area_in_view(console, local, code)
        with pytest.raises(OutOfScope):
            area_in_view(viewer_of("commander@outside"), local)

    def test_an_incident_of_a_county_expects_the_county_s_enterprises(self, place, figures):
        local = factories.IncidentFactory(area=place.county)
        assert pair(figures(incident=local, area=place.county)["371502", "opening_rate"]) == (0, 1)

    @pytest.mark.parametrize("kind", ["auditor@city", "reporter", "liaison_officer", "nobody", "anonymous"])
    def test_figures_are_for_officials(self, place, figures, viewer_of, kind):
        with pytest.raises(Denied, match="for officials"):
            figures(viewer=viewer_of(kind))
