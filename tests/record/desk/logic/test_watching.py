from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from fugong.record.desk.logic.watching import Verdict, target_of, verdict

START = date(2020, 3, 24)


@pytest.mark.parametrize(
    ("normal", "baseline", "percent", "target"),
    [(186, 148, 95, 177), (100, 97, 95, 98), (3, Decimal("0.5"), 100, 3), (0, 0, 95, 1), (100, 40, 80, 80)],
)
def test_the_target_is_part_of_the_normal_and_always_better_than_before(normal, baseline, percent, target):
    assert target_of(normal, baseline, percent) == target


@pytest.mark.parametrize(
    ("values", "days_later", "expected"),
    [
        ([], 0, Verdict.OPEN),
        ([], 3, Verdict.NOT_MOVED),
        ([180], 1, Verdict.OPEN),
        ([180, 177], 1, Verdict.MOVED),
        ([180, 176], 1, Verdict.OPEN),
        ([180, 176, 178, 179], 3, Verdict.MOVED),
        ([180, None, 178], 2, Verdict.MOVED),  # a closed day says nothing
        ([160, 170, 176], 3, Verdict.NOT_MOVED),
        ([176, 180], 3, Verdict.NOT_MOVED),
    ],
)
def test_what_the_reports_say(values, days_later, expected):
    days = [(START + timedelta(days=number), value) for number, value in enumerate(values)]
    last_day = START + timedelta(days=2)
    today = START + timedelta(days=days_later)
    assert verdict(days, 177, needed=2, last_day=last_day, today=today) == expected
