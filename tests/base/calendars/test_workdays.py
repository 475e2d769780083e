from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from fugong.base.calendars.actions import set_calendar_day
from fugong.base.calendars.logic.workdays import WorkCalendar
from fugong.base.calendars.selectors import local_days, working_calendar
from fugong.core.decision import Denied


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        ("2020-04-03", 2, "2020-04-08"),  # Tomb-sweeping
        ("2020-04-30", 2, "2020-05-07"),  # Labour Day
        ("2020-04-24", 2, "2020-04-27"),  # the Sunday between is worked
        ("2020-01-23", 2, "2020-02-04"),  # Spring Festival, made longer by the epidemic
        ("2020-03-24", 1, "2020-03-25"),
        ("2020-03-28", 1, "2020-03-30"),  # a Saturday
        ("2020-03-28", 0, "2020-03-30"),
        ("2020-03-27", 0, "2020-03-27"),
    ],
)
def test_national_days(place, start, count, expected):
    day = date.fromisoformat(start)
    calendar = working_calendar(place.county, day)
    assert calendar.after(day, count) == date.fromisoformat(expected)
    assert calendar.is_known(day, date.fromisoformat(expected))


def test_an_unknown_year_counts_monday_to_friday_provisionally(place):
    filed = date(2026, 12, 30)
    calendar = working_calendar(place.county, filed)
    due = calendar.after(filed, 7)
    assert due == date(2027, 1, 8)
    assert not calendar.is_known(filed, due)
    assert calendar.is_known(filed, date(2026, 12, 31))


def test_a_place_without_any_row_answers_too():
    assert WorkCalendar().after(date(2020, 3, 27), 1) == date(2020, 3, 30)


class TestLocalDays:
    def test_the_nearer_area_wins_over_the_wider_and_over_the_country(self, place, viewer_of):
        admin = viewer_of("administrator@city")
        day = date(2020, 4, 6)  # a national holiday
        set_calendar_day(actor=admin, area=place.city, day=day, is_working=True, name="加班", source="市政府通知")
        assert working_calendar(place.county, day).is_working(day)
        set_calendar_day(actor=admin, area=place.county, day=day, is_working=False, name="停班", source="区政府通知")
        assert not working_calendar(place.township, day).is_working(day)
        assert working_calendar(place.other_county, day).is_working(day)
        assert [str(row) for row in local_days(place.county, day)][:3] == [
            "2020-04-06 清明节",
            "2020-04-06 加班",
            "2020-04-06 停班",
        ]

    def test_a_second_word_replaces_the_first(self, place, viewer_of):
        admin, day = viewer_of("administrator@city"), date(2020, 3, 25)
        for works in (False, True):
            set_calendar_day(actor=admin, area=place.city, day=day, is_working=works, name="调休", source="通知")
        assert working_calendar(place.city, day).is_working(day)

    @pytest.mark.parametrize("kind", ["bureau_clerk", "commander@outside", "auditor@city", "reporter"])
    def test_others_may_not(self, place, viewer_of, kind):
        with pytest.raises(Denied):
            set_calendar_day(
                actor=viewer_of(kind),
                area=place.county,
                day=date(2020, 3, 25),
                is_working=False,
                name="停班",
                source="通知",
            )

    @pytest.mark.parametrize("wrong", [{"name": " "}, {"source": ""}, {"day": date(1020, 3, 25)}])
    def test_what_it_needs(self, place, viewer_of, wrong):
        values = {"day": date(2020, 3, 25), "is_working": False, "name": "停班", "source": "通知"} | wrong
        with pytest.raises(ValidationError):
            set_calendar_day(actor=viewer_of("commander"), area=place.county, **values)
