from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta

import pytest

from fugong.core import clock

TICK = timedelta(seconds=5)


def test_without_a_setting_it_is_the_real_time(monkeypatch):
    monkeypatch.delenv("FUGONG_CLOCK")
    assert clock.now() - clock.real_now() < TICK
    monkeypatch.setenv("FUGONG_CLOCK", "")
    assert clock.now() - clock.real_now() < TICK


def test_it_answers_in_utc_and_names_the_day_of_the_place(set_clock):
    set_clock("2020-03-24T00:30:00+08:00")
    assert clock.now().tzinfo == UTC
    assert clock.now().date() == date(2020, 3, 23)
    assert clock.today() == date(2020, 3, 24)


def test_an_anchored_clock_ticks_from_its_anchor(monkeypatch):
    monkeypatch.setenv("FUGONG_CLOCK", f"2020-03-24T08:00:00+08:00@{time.time() - 3600}")
    expected = datetime(2020, 3, 24, 1, 0, tzinfo=UTC)
    assert timedelta(0) <= clock.now() - expected < TICK


def test_a_clock_without_anchor_ticks_from_the_start_of_the_process(monkeypatch):
    monkeypatch.setenv("FUGONG_CLOCK", "2020-03-24T08:00:00+08:00")
    since_start = timedelta(seconds=time.time() - clock._STARTED)
    assert abs(clock.now() - datetime(2020, 3, 24, tzinfo=UTC) - since_start) < TICK


def test_two_processes_with_one_anchor_agree(monkeypatch):
    monkeypatch.setenv("FUGONG_CLOCK", f"2020-03-24T08:00:00+08:00@{time.time()}")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "fugong.config.settings")
    code = "from fugong.core import clock; print((clock.now() - clock.real_now()).total_seconds())"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(other.stdout) == pytest.approx((clock.now() - clock.real_now()).total_seconds(), abs=0.01)


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("yesterday", "write 2020-03-24T08:00:00"),
        ("2020-03-24T08:00:00", "time zone is missing"),
        ("2020-03-24T08:00:00@0", "time zone is missing"),
        ("2020-03-24T08:00:00+08:00@noon", "UNIX-SECONDS"),
        ("2020-03-24T08:00:00+08:00@inf", "UNIX-SECONDS"),
        ("2020-03-24T08:00:00+08:00@nan", "UNIX-SECONDS"),
        ("@1584921600", "write 2020-03-24T08:00:00"),
    ],
)
def test_a_setting_that_cannot_be_read_is_refused_with_its_text(monkeypatch, setting, words):
    monkeypatch.setenv("FUGONG_CLOCK", setting)
    with pytest.raises(clock.BadClock) as refusal:
        clock.now()
    assert setting in str(refusal.value)
    assert words in str(refusal.value)


def test_real_time_is_not_moved(set_clock):
    set_clock("1999-01-01T00:00:00+08:00")
    assert clock.real_now().year >= 2024
