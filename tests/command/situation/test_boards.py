"""The board beyond its tiles: map, trend, scope changes, the brief, the number that pages ask for."""

from __future__ import annotations

import itertools
import re
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.urls import reverse

from fugong.command.situation.actions.figures import keep_figures
from fugong.command.situation.actions.indicators import end_indicator, set_target, state_indicator
from fugong.command.situation.logic.place_map import classes_of, map_of
from fugong.command.situation.logic.trend import chart
from fugong.command.situation.selectors.figures import before, figures_on, indicators_on
from fugong.command.situation.selectors.scope_changes import scope_changes
from fugong.core.decision import Denied
from fugong.record.reporting.models import SupersededReport
from tests import factories
from tests.tools import entries, in_english

TODAY, EVE = date(2020, 3, 24), date(2020, 3, 23)


def words_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def see(place, client_for):
    def get(kind, name, **query):
        client = in_english(client_for(kind))
        return client.get(reverse(f"situation:{name}", args=[place.incident.slug]), query)

    return get


class TestSameHour:
    def test_what_came_in_later_yesterday_is_not_compared_with_a_part_of_today(self, place, console):
        place.report(day=EVE, roster=100, on_post=80)
        place.report(place.other, day=EVE, roster=100, on_post=10, submitted_at="2020-03-23T15:00:00+08:00")
        found = before(console, place.incident, TODAY, place.city).of(place.city)
        assert (found["opening_rate"].numerator, found["return_rate"].numerator) == (1, 80)

    def test_a_correction_that_came_later_gives_way_to_what_stood_then(self, place, console):
        report = place.report(day=EVE, roster=100, on_post=10, submitted_at="2020-03-23T15:00:00+08:00", revision=2)
        SupersededReport.objects.create(
            report=report, revision=1, channel="phone", reported_by_name="李",
            values={"state": "open", "roster": 90, "on_post": 70, "capacity": "50.0"},
            submitted_at="2020-03-23T08:00:00+08:00",
        )  # fmt: skip
        found = before(console, place.incident, TODAY, place.city).of(place.city)
        assert (found["return_rate"].numerator, found["return_rate"].denominator) == (70, 90)

    def test_a_past_day_is_compared_with_the_whole_day_before_it(self, place, console):
        place.report(day=date(2020, 3, 22), on_post=10, submitted_at="2020-03-22T23:00:00+08:00")
        assert before(console, place.incident, EVE, place.city).until is None
        assert before(console, place.incident, EVE, place.city).of(place.city)["return_rate"].numerator == 10


class TestMap:
    def test_an_abolished_code_shows_the_area_that_took_it_over(self):
        drawn = map_of({"371502": "371502", "371523": "371503"})
        assert {shape.code for shape in drawn.shapes} == {"371502", "371503"}
        assert map_of({"110101": "110101"}) is None

    def test_classes_have_round_limits_and_go_by_the_unrounded_value(self):
        classes = classes_of([Fraction(798, 10), Fraction(912, 10), None])
        assert classes.limits == (Decimal(75), Decimal(80), Decimal(85), Decimal(90))
        assert [classes.of(value) for value in (None, Fraction(7499, 100), Fraction(75), Fraction(90))] == [0, 1, 2, 5]


class TestTrend:
    def test_a_day_without_a_value_is_a_gap(self):
        days = [date(2020, 3, number) for number in (1, 2, 3, 4)]
        drawn = chart(days, [("rate", [Decimal(10), None, Decimal(30), Decimal(40)])])
        assert len(drawn.lines[0].pieces) == 2
        assert drawn.lines[0].value == Decimal(40)

    def test_labels_do_not_lie_on_each_other(self):
        days = [date(2020, 3, 1), date(2020, 3, 2)]
        drawn = chart(days, [(name, [Decimal(80), Decimal(80)]) for name in "abc"])
        ys = sorted(line.label_y for line in drawn.lines)
        assert all(later - earlier >= 24 for earlier, later in itertools.pairwise(ys))


class TestScopeChanges:
    def test_who_came_and_who_left_with_the_reason(self, place, console):
        factories.EnterpriseFactory(managing_area=place.county, established_on=TODAY, name="新厂")
        factories.ScopeDecisionFactory(enterprise=place.other, valid_from=TODAY)
        found = scope_changes(console, place.incident, TODAY, place.city)
        assert (found.before, found.now) == (2, 2)
        assert [(change.name, change.why) for change in found.came] == [("新厂", "established")]
        assert [(change.name, change.why) for change in found.left] == [("茌平铝业有限公司", "decision:moved_away")]

    def test_the_board_says_it(self, place, see):
        factories.ScopeDecisionFactory(enterprise=place.other, valid_from=TODAY)
        assert "茌平铝业有限公司 − moved away" in words_of(see("commander@city", "board"))


class TestBrief:
    def test_the_text_says_each_figure_with_its_base_and_its_change(self, place, see):
        place.report(day=EVE, roster=100, on_post=80)
        place.report(roster=100, on_post=85)
        page = see("commander@city", "brief").content.decode()
        text = re.search(r'<pre id="brief-text"[^>]*>(.*?)</pre>', page, re.S)[1]
        assert "Return rate 85.00% (85 / 100; +5.00 on yesterday)" in text
        assert "Not reported: 1" in text
        assert 'data-copy="brief-text"' in page


class TestVersion:
    def test_it_is_304_until_something_is_counted(self, place, client_for, console):
        keep_figures(actor=console)
        client, url = client_for("commander"), reverse("situation:version", args=[place.incident.slug])
        first = client.get(url)
        assert first.json()["version"] > 0
        assert client.get(url, headers={"if-none-match": first["ETag"]}).status_code == 304
        set_target_of_nothing = place.report(roster=10, on_post=5)
        assert set_target_of_nothing.pk
        keep_figures(actor=console)
        assert client.get(url, headers={"if-none-match": first["ETag"]}).status_code == 304, "no event, no new count"

    def test_a_board_is_remembered_under_its_version(self, place, client_for, console):
        keep_figures(actor=console)
        url = reverse("situation:board", args=[place.incident.slug])
        client = in_english(client_for("commander"))
        assert "Opening rate 0.00" in words_of(client.get(url))
        place.report(roster=10, on_post=5)
        assert "Opening rate 0.00" in words_of(client.get(url)), "a stored report without its mark is not seen"


def content(**more):
    both = {"zh": "乙口径返岗率", "en": "Return rate B"}
    return {
        "code": "return_b", "metric": "return", "places": 2, "scope": {"kinds": ["enterprise"]},
        **dict.fromkeys(("name", "numerator", "denominator", "columns", "definition"), both),
    } | more  # fmt: skip


class TestDefinitions:
    def state(self, place, actor, day=EVE, **more):
        return state_indicator(
            actor=actor, incident=place.incident, content=content(**more), valid_from=day, reason="市指挥部要求"
        )

    def test_a_definition_of_the_incident_stands_beside_the_playbook_s_from_its_day(self, place, viewer_of, console):
        self.state(place, viewer_of("bureau_clerk@city"))
        assert "return_b" in [one.code for one in indicators_on(place.incident, TODAY)]
        assert "return_b" not in [one.code for one in indicators_on(place.incident, date(2020, 3, 22))]
        assert "return_rate" in [one.code for one in indicators_on(place.incident, TODAY)]
        (entry,) = entries("situation.indicator.stated")
        assert entry.detail["code"] == "return_b"

    def test_a_later_statement_changes_it_from_its_day_only(self, place, console):
        self.state(place, console, code="return_rate", base="normal")
        assert [
            next(one.base for one in indicators_on(place.incident, day) if one.code == "return_rate")
            for day in (date(2020, 3, 22), EVE, TODAY)
        ] == ["roster", "normal", "normal"]

    def test_an_ended_one_is_gone_from_its_day(self, place, console):
        end_indicator(actor=console, incident=place.incident, code="capacity", valid_from=TODAY, reason="停用")
        assert "capacity" not in [one.code for one in indicators_on(place.incident, TODAY)]
        assert "capacity" in [one.code for one in indicators_on(place.incident, EVE)]

    def test_its_exclusions_are_left_out(self, place, console):
        place.report(roster=100, on_post=50)
        reason = {"zh": "分支机构", "en": "branches"}
        self.state(place, console, exclusions=[{"kinds": ["enterprise"], "reason": reason}], scope={})
        figures = figures_on(console, place.incident, TODAY, place.city, parts=False)
        found = {figure.indicator.code: figure.ratio for figure in figures}
        assert (found["return_b"].denominator, found["return_rate"].denominator) == (0, 100)

    @pytest.mark.parametrize("kind", ["bureau_clerk@in", "team_lead@city", "auditor@city", "reporter"])
    def test_who_does_not_hold_the_whole_incident_states_none(self, place, viewer_of, kind):
        with pytest.raises(Denied):
            self.state(place, viewer_of(kind))

    def test_a_target_holds_for_the_areas_beneath_until_they_have_their_own(self, place, console, see):
        place.report(roster=100, on_post=85)
        set_target(
            actor=console, incident=place.incident, area=place.city, code="return_rate", valid_from=EVE,
            value=Decimal(95), source="聊指办发〔2020〕9号",
        )  # fmt: skip
        assert "target 95, 10.00 short" in words_of(see("commander@city", "board"))
        assert "target 95, 10.00 short" in words_of(see("commander", "board"))
