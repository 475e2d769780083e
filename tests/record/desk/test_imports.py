"""A hotline's table of requests through the import machine: judged, routed, recognised, taken back, killed."""

from __future__ import annotations

import csv
import importlib
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.utils.translation import override

from bench.made_up import codes
from fugong.base.spreadsheets.actions import imports
from fugong.base.spreadsheets.models import ImportRun
from fugong.core.bulk import copy_rows
from fugong.core.decision import Denied
from fugong.core.files import read_side
from fugong.core.viewer import service_viewer
from fugong.record.desk.actions import working
from fugong.record.desk.models import Entry, Request
from tests import factories
from tests.tools import entries, url_of_database, write_csv

HEADER = ("统一社会信用代码", "企业名称", "事项", "诉求", "内容", "影响人数", "工单编号", "What is needed", "How many")
ROOT = Path(__file__).resolve().parents[3]
ROWS = 2_000
CONSOLE = service_viewer("console")
# The import as the console does it; it stands still once half of its timeline is stored.
DYING = """
import sys, time
import django
django.setup()
from pathlib import Path
from fugong.base.spreadsheets.actions.imports import import_file
from fugong.core.viewer import service_viewer
from fugong.record.desk.actions import incoming
copy_rows = incoming.copy_rows
def half(table, columns, rows):
    rows = list(rows)
    if table == "desk_entry":
        copy_rows(table, columns, rows[: len(rows) // 2])
        print("half", flush=True)
        time.sleep(120)
    copy_rows(table, columns, rows)
incoming.copy_rows = half
import_file(actor=service_viewer("console"), kind="requests", path=Path(sys.argv[1]), scope={"incident": "covid-2020"})
"""


def row_of(enterprise, **changes):
    row = {
        "code": enterprise.uscc, "name": "", "category": "缺工", "title": "缺磨工20人", "text": "本周内",
        "people": "20", "number": "", "item": "", "quantity": "",
    }  # fmt: skip
    return list((row | changes).values())


@pytest.fixture
def clerk(viewer_of):
    return viewer_of("bureau_clerk")


def work(run: ImportRun, name: str) -> ImportRun:
    """Do the job of this name as the worker does."""
    tasks = importlib.import_module("fugong.base.spreadsheets.tasks")
    getattr(tasks, name).func(SimpleNamespace(job=SimpleNamespace(attempts=0)), run.pk)
    run.refresh_from_db()
    return run


@pytest.fixture
def send(place, clerk):
    """A file of these rows, sent and checked by the job."""

    def sent(*rows, actor=clerk) -> ImportRun:
        text = io.StringIO()
        csv.writer(text).writerows([HEADER, *rows])
        content, scope = text.getvalue().encode(), {"incident": place.incident.slug}
        with override("zh-hans"):
            run = imports.start_import(actor=actor, kind="requests", name="诉求.csv", chunks=[content], scope=scope)
        return work(run, "check_import")

    return sent


def written(actor, run: ImportRun) -> ImportRun:
    imports.confirm_import(actor=actor, run=run)
    return work(run, "write_import")


def counts(run: ImportRun) -> tuple[int, ...]:
    return tuple(run.counts[name] for name in ("read", "new", "same", "refused"))


def told(run: ImportRun) -> str:
    return json.dumps(read_side(f"{run.side}.json"), ensure_ascii=False)


@pytest.mark.django_db
class TestRows:
    def test_each_goes_to_the_body_of_its_rule_with_clock_and_target(self, place, clerk, send, labour):
        place.report(roster=100, on_post=62)
        run = send(row_of(place.enterprise), row_of(place.enterprise, category="money-loan", title="续贷", people=""))
        assert not Request.objects.exists()
        assert counts(run) == (2, 2, 0, 0)
        assert "东昌府区人社局" in told(run)
        written(clerk, run)
        shortage, loan = Request.objects.order_by("pk")
        assert (shortage.number, loan.number) == ("20200324-0001", "20200324-0002")
        assert (shortage.owner_body, shortage.offered_to, shortage.channel) == (labour, None, "file")
        assert (shortage.people_waiting, shortage.watch_metric, shortage.watch_target) == (20, "on_post", 95)
        assert shortage.next_due_at == shortage.contact_due_at
        assert loan.owner_body.name == "聊城市指挥部"
        assert list(shortage.entries.values_list("kind", flat=True)) == ["opened", "routed"]
        assert entries("desk.requests.imported")[0].detail["new"] == 2

    def test_the_same_file_again_opens_nothing_and_a_corrected_one_the_rest(self, place, clerk, send):
        first = row_of(place.enterprise, number="W-1")
        written(clerk, send(first))
        again = send(row_of(place.enterprise, number="W-1", title="同一工单换了说法"), row_of(place.enterprise))
        assert counts(again) == (2, 1, 1, 0)
        written(clerk, again)
        assert counts(written(clerk, send(first, row_of(place.enterprise)))) == (2, 0, 2, 0)
        assert Request.objects.count() == 2

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"code": "", "name": ""}, "企业"),
            ({"code": "91370000NOSUCHCODE"}, "台账"),
            ({"code": "", "name": "没有的公司"}, "台账"),
            ({"category": "天气"}, "天气"),
            ({"category": ""}, "事项"),
            ({"title": ""}, "诉求"),
            ({"title": "长" * 81}, "80"),
            ({"people": "很多"}, "很多"),
            ({"people": "-3"}, "-3"),
            ({"people": "2000000"}, "2000000"),
            ({"category": "防疫物资", "quantity": "几箱"}, "几箱"),
        ],
    )
    def test_a_row_that_cannot_be_taken_is_named_and_the_others_come_in(self, place, clerk, send, changes, words):
        run = send(row_of(place.enterprise, **changes), row_of(place.enterprise, title="另一件"))
        assert counts(run) == (2, 1, 0, 1)
        assert words in told(run)
        written(clerk, run)
        assert Request.objects.get().title == "另一件"

    def test_rows_of_other_areas_are_not_told_of_and_not_taken(self, place, send):
        run = send(row_of(place.other))
        assert counts(run) == (1, 0, 0, 1)
        assert place.other.name not in told(run)

    def test_a_name_that_several_bear_asks_for_the_code(self, place, send):
        factories.EnterpriseFactory(name=place.enterprise.name, managing_area=place.county)
        run = send(row_of(place.enterprise, code="", name=place.enterprise.name), row_of(place.enterprise))
        assert counts(run) == (2, 1, 0, 1)
        assert "2" in told(run)

    def test_who_stands_twice_in_the_file(self, place, send):
        run = send(row_of(place.enterprise), row_of(place.enterprise))
        assert counts(run) == (2, 1, 0, 1)

    @pytest.mark.parametrize("kind", ["auditor", "administrator", "reporter"])
    def test_others_may_not_import(self, send, viewer_of, kind):
        with pytest.raises(Denied):
            send(actor=viewer_of(kind))

    def test_taken_back_until_a_hand_was_laid_on_one(self, place, clerk, send, viewer_of):
        run = written(clerk, send(row_of(place.enterprise)))
        imports.request_undo(actor=clerk, run=run)
        assert work(run, "undo_import").state == "undone"
        assert not Request.objects.exists() and not Entry.objects.exists()
        run = written(clerk, send(row_of(place.enterprise)))
        working.note_contact(actor=viewer_of("commander@city"), request=Request.objects.get(), reached=True, text="")
        imports.request_undo(actor=clerk, run=run)
        work(run, "undo_import")
        assert Request.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_file_killed_midway_opens_none_and_again_each_once(place, labour, tmp_path):
    moment = "2020-01-01T00:00:00+08:00"
    columns = ("uscc", "name", "kind", "managing_area_id", "registered_address", "business_scope",
               "capital_currency", "created_at", "updated_at")  # fmt: skip
    rows = ((code, code, "enterprise", place.county.pk, "", "", "", moment, moment) for code in codes(ROWS))
    with transaction.atomic():
        copy_rows("registry_enterprise", columns, rows)
    lines = [(code, "", "缺工" if n % 2 else "贷款", f"第{n}件", "", n % 90, f"W-{n}", "", "")
             for n, code in enumerate(codes(ROWS))]  # fmt: skip
    path = write_csv(tmp_path / "requests.csv", HEADER, lines)
    own = {
        "DATABASE_URL": url_of_database(),
        "DJANGO_SETTINGS_MODULE": "fugong.config.settings", "PYTHONPATH": str(ROOT),
        "FUGONG_SECRET_KEY": "a key for tests only", "FUGONG_HOME": str(tmp_path / "home"),
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-c", DYING, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ, **own}
    )
    assert process.stdout is not None and process.stdout.readline() == "half\n"
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert (Request.objects.count(), Entry.objects.count(), ImportRun.objects.count()) == (0, 0, 0)
    scope = {"incident": place.incident.slug}
    outcome = imports.import_file(actor=CONSOLE, kind="requests", path=path, scope=scope)
    again = imports.import_file(actor=CONSOLE, kind="requests", path=path, scope=scope)
    assert (outcome.new, outcome.refused, again.new, again.same) == (ROWS, [], 0, ROWS)
    assert Request.objects.filter(owner_body=labour).count() == ROWS // 2
    assert Request.objects.values("number").distinct().count() == ROWS
