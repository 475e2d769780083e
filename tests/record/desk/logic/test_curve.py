"""The curve of a watched value."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from fugong.record.desk.logic.curve import BOTTOM, LEFT, RIGHT, TOP, curve

MONDAY = date(2020, 3, 16)


def days(*values, start=MONDAY):
    return [(start + timedelta(days=at), Decimal(value)) for at, value in enumerate(values) if value is not None]


def test_nothing_reported_nothing_drawn():
    assert curve([], Decimal(95), MONDAY, None, MONDAY) is None


def test_everything_lies_within_the_frame_and_the_target_on_its_axis():
    drawn = curve(days(146, 147, 161), Decimal(177), MONDAY, None, MONDAY + timedelta(days=4))
    assert all(LEFT <= x <= RIGHT and TOP <= y <= BOTTOM for x, y in drawn.dots)
    assert TOP <= drawn.target_y <= BOTTOM
    assert drawn.target_y < drawn.last[1]  # 177 above 161
    bottom, top = int(drawn.marks[0][1]), int(drawn.marks[-1][1])
    assert bottom <= 146 and top >= 177 and 2 <= len(drawn.marks) <= 6
    assert drawn.days[-1][1] == "03-20"


def test_a_day_without_a_report_is_a_gap():
    assert len(curve(days(10, None, 12, 13), Decimal(15), MONDAY, None, MONDAY).pieces) == 2


def test_one_report_equal_to_the_target_is_drawn():
    drawn = curve(days(100), Decimal(100), MONDAY, None, MONDAY)
    assert drawn.dots[0][1] == drawn.target_y


def test_the_watched_days_reach_into_the_future():
    until = MONDAY + timedelta(days=3)
    drawn = curve(days(1, 2), Decimal(3), MONDAY, (MONDAY + timedelta(days=1), until), MONDAY + timedelta(days=1))
    start, width = drawn.watched
    assert start + width == RIGHT
    assert drawn.days[-1][1] == "03-19"
