"""A park's table of reports through the import machine: prefilled, checked, written, taken back."""

from __future__ import annotations

import csv
import importlib
import io
import json
from datetime import date
from types import SimpleNamespace

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from fugong.base.spreadsheets.actions import imports
from fugong.base.spreadsheets.models import ImportRun
from fugong.core.files import read_side
from fugong.record.reporting.actions.locks import lock_day, open_lock
from fugong.record.reporting.enums import LockReason
from fugong.record.reporting.models import DailyReport
from tests import factories
from tests.tools import REPORT_HEADER

TODAY = date(2020, 3, 24)


def row_of(enterprise, **changes):
    row = {
        "uscc": enterprise.uscc, "day": "2020-03-24", "state": "open", "reason": "", "roster": "100", "on_post": "80",
        "capacity": "90", "obstacles": "labour", "supply_days": "3", "remark": "",
    }  # fmt: skip
    return list((row | changes).values())


@pytest.fixture
def clerk(viewer_of):
    return viewer_of("bureau_clerk")


@pytest.fixture
def send(clerk, place):
    """A file of these rows, sent by the clerk and checked by the job."""

    def sent(*rows, actor=clerk) -> ImportRun:
        text = io.StringIO()
        csv.writer(text).writerows([REPORT_HEADER, *rows])
        scope = {"incident": place.incident.slug}
        content = text.getvalue().encode()
        run = imports.start_import(actor=actor, kind="reports", name="日报.csv", chunks=[content], scope=scope)
        return work(run, "check_import")

    return sent


def work(run: ImportRun, name: str) -> ImportRun:
    """Do the job of this name as the worker does."""
    tasks = importlib.import_module("fugong.base.spreadsheets.tasks")
    getattr(tasks, name).func(SimpleNamespace(job=SimpleNamespace(attempts=0)), run.pk)
    run.refresh_from_db()
    return run


def written(clerk, run: ImportRun) -> ImportRun:
    imports.confirm_import(actor=clerk, run=run)
    return work(run, "write_import")


def undone(clerk, run: ImportRun) -> ImportRun:
    imports.request_undo(actor=clerk, run=run)
    return work(run, "undo_import")


def told(run: ImportRun) -> str:
    return json.dumps(read_side(f"{run.side}.json"), ensure_ascii=False)


def said() -> list[tuple]:
    names = ("enterprise_id", "day", "state", "roster", "on_post", "capacity", "obstacles", "channel", "submitted_at")
    return list(DailyReport.objects.order_by("enterprise_id", "day").values_list(*names))


def test_a_preview_counts_and_writes_nothing(place, clerk, send):
    second = factories.EnterpriseFactory(managing_area=place.county)
    place.report(second)
    before = said()
    run = send(row_of(place.enterprise), row_of(second), row_of(place.other), row_of(place.enterprise, roster="x"))
    assert said() == before
    counts = run.counts
    assert (counts["read"], counts["new"], counts["changed"], counts["refused"]) == (4, 1, 1, 2)
    assert place.enterprise.name in told(run)
    assert second.name in told(run)
    assert place.other.name not in told(run)


def test_who_only_sees_an_area_brings_nothing_in_for_it(place, send, viewer_of):
    user = place.person("bureau_clerk@outside")
    factories.MandateFactory(user=user, area=place.county, body=place.county.bodies.get(), role="team_lead")
    run = send(row_of(place.enterprise), row_of(place.other), actor=viewer_of("bureau_clerk@outside"))
    assert (run.counts["new"], run.counts["refused"]) == (1, 1)


def test_what_is_unusual_against_the_day_before_is_told(place, send):
    place.report(day="2020-03-23", roster=100, on_post=80, capacity=90)
    run = send(row_of(place.enterprise, roster="1000"))
    assert (run.counts["new"], run.counts["warned"]) == (1, 1)
    quiet = send(row_of(place.enterprise, roster="101"))
    assert quiet.counts["warned"] == 0


def test_written_and_taken_back(place, clerk, send):
    second = factories.EnterpriseFactory(managing_area=place.county)
    old = place.report(second, roster=55, on_post=44)
    before = said()
    run = written(clerk, send(row_of(place.enterprise), row_of(second)))
    assert [row[3:5] for row in said()] == [(100, 80), (100, 80)]
    assert undone(clerk, run).state == "undone"
    assert said() == before
    old.refresh_from_db()
    assert (old.revision, [one.values["roster"] for one in old.superseded.order_by("revision")]) == (3, [55, 100])


def test_what_was_corrected_since_keeps_the_file(place, clerk, send):
    run = written(clerk, send(row_of(place.enterprise)))
    written(clerk, send(row_of(place.enterprise, on_post="81")))
    kept = undone(clerk, run)
    assert kept.state == "written"
    assert kept.failure
    assert DailyReport.objects.get().on_post == 81


def test_a_locked_day_takes_no_row_but_those_that_were_opened(place, clerk, send, viewer_of):
    second = factories.EnterpriseFactory(managing_area=place.county)
    run = written(clerk, send(row_of(place.enterprise, day="2020-03-23")))
    officer = viewer_of("duty_officer@city")
    for day in (TODAY, date(2020, 3, 23)):
        lock_day(actor=officer, incident=place.incident, area=place.city, day=day, reason=LockReason.PUBLISHED)
    refused = send(row_of(place.enterprise), row_of(second))
    assert (refused.counts["refused"], refused.counts["new"]) == (2, 0)
    open_lock(
        actor=officer,
        incident=place.incident,
        day=TODAY,
        until=factories.clock.now() + factories.datetime.timedelta(hours=2),
        reason="漏报",
        enterprise=second,
    )
    half = written(clerk, send(row_of(place.enterprise), row_of(second)))
    assert (half.counts["refused"], half.counts["new"]) == (1, 1)
    assert undone(clerk, run).state == "written", "the day is published by now"


def test_the_prefilled_table_has_the_last_values_and_comes_back(place, client_for, clerk, send):
    place.report(day="2020-03-23", roster=66, on_post=55, capacity=81.5, obstacles=["labour"])
    client = client_for("bureau_clerk")
    answer = client.post(reverse("imports:prefilled", args=[place.incident.slug, "reports"]))
    assert answer.status_code == 200
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    (line,) = [row for row in sheet if place.enterprise.uscc in row]
    assert [str(cell) for cell in line[2:9]] == ["2020-03-24", "开工", "", "66.0", "55.0", "81.5", "缺工"]
    assert not [row for row in sheet if place.other.uscc in row]
    scope = {"incident": place.incident.slug}
    run = imports.start_import(actor=clerk, kind="reports", name="日报.xlsx", chunks=[answer.content], scope=scope)
    run = work(run, "check_import")
    assert (run.state, run.counts["new"], run.counts["refused"]) == ("checked", 1, 0)
