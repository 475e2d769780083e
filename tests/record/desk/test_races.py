"""Two hands on one request, and a worker that dies over it: one outcome, all of it in the timeline."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from django.core.exceptions import ValidationError

from fugong.core.decision import Denied
from fugong.record.desk.actions import clocks, ending, working
from fugong.record.desk.enums import EntryKind, RequestEnd, RequestState
from fugong.record.desk.models import Entry, Request
from fugong.record.desk.tasks import run_clocks
from tests.record.desk.conftest import DESK
from tests.tools import Race, at_once, entries, url_of_database

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[3]
# The clocks as the worker runs them; it stands still in the middle of its first escalation, which is told already.
DYING = """
import time
import django
django.setup()
from fugong.record.desk.actions.case import Case
told = Case.told
def tell(case, kind, text="", **detail):
    told(case, kind, text, **detail)
    print("told", flush=True)
    time.sleep(120)
Case.told = tell
from fugong.record.desk.tasks import run_clocks
run_clocks()
"""


def kinds(request: Request) -> list[str]:
    return [str(kind) for kind in request.entries.order_by("pk").values_list("kind", flat=True)]


def outcomes(found: list) -> list[str]:
    return ["done" if isinstance(one, Request) else type(one).__name__ for one in found]


class TestClerks:
    def test_of_two_who_take_it_at_once_one_has_it_and_the_other_reads_who(self, ask, clerk, colleague):
        request = ask()
        first, second = Race().run(
            lambda: working.accept_request(actor=clerk, request=request),
            lambda: working.accept_request(actor=colleague, request=request),
        )
        assert first.owner_id == clerk.id
        assert isinstance(second, ValidationError) and clerk.name in str(second)
        assert kinds(request).count(EntryKind.ACCEPTED) == 1

    def test_twelve_taps_at_once_are_one_acceptance(self, ask, clerk, colleague):
        request = ask()
        taps = [lambda who=who: working.accept_request(actor=who, request=request) for who in (clerk, colleague) * 6]
        found = at_once(*taps)
        owner = Request.objects.get().owner_id
        assert outcomes(found).count("done") == 6, "the taps of the one who has it change nothing"
        assert {one.owner_id for one in found if isinstance(one, Request)} == {owner}
        assert kinds(request).count(EntryKind.ACCEPTED) == 1
        assert len(entries("desk.request.accepted")) == 1

    def test_an_answer_that_meets_the_escalation_is_of_the_body_that_has_it_no_more(self, ask, clerk, set_clock):
        request = ask()
        set_clock("2020-03-24T10:30:00+08:00")
        first, second = Race().run(
            lambda: ending.escalate_request(actor=DESK, request=request),
            lambda: ending.answer_request(actor=clerk, request=request, text="已送12人"),
        )
        assert first.level == 1
        assert isinstance(second, Denied)
        assert kinds(request)[-1] == EntryKind.ESCALATED


class TestWorkers:
    @pytest.fixture
    def dying(self, place, ask, set_clock):
        """Two requests overdue, and a worker in a process of its own that stands in the escalation of the first."""
        overdue = [ask(), ask("money-loan", "续贷")]
        set_clock("2020-03-24T10:30:00+08:00")
        url = url_of_database()
        own = {
            "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "fugong.config.settings", "PYTHONPATH": str(ROOT),
            "FUGONG_SECRET_KEY": "a key for tests only",
        }  # fmt: skip
        process = subprocess.Popen(
            [sys.executable, "-c", DYING], cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ, **own}
        )
        assert process.stdout is not None and process.stdout.readline() == "told\n"
        yield process, url, overdue
        process.kill()
        process.communicate()

    @staticmethod
    def _backend(url: str) -> int:
        with psycopg.connect(url, autocommit=True) as watching:
            found = watching.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'"
            ).fetchall()
        assert len(found) == 1
        return int(found[0][0])

    @staticmethod
    def _gone(url: str, backend: int) -> None:
        end = time.monotonic() + 30
        with psycopg.connect(url, autocommit=True) as watching:
            while watching.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [backend]).fetchone():
                assert time.monotonic() < end, "the backend of the killed worker did not end"
                time.sleep(0.02)

    @pytest.mark.parametrize("killed", ["process", "connection"])
    def test_an_escalation_killed_in_the_middle_never_was_and_comes_once(self, dying, killed):
        process, url, overdue = dying
        backend = self._backend(url)
        if killed == "process":
            os.kill(process.pid, signal.SIGKILL)
        else:
            with psycopg.connect(url, autocommit=True) as administrator:
                administrator.execute("SELECT pg_terminate_backend(%s)", [backend])
        self._gone(url, backend)
        assert not Entry.objects.filter(kind=EntryKind.ESCALATED).exists()
        assert set(Request.objects.values_list("level", flat=True)) == {0}
        run_clocks()
        run_clocks()
        for request in overdue:
            request.refresh_from_db()
            assert (request.level, kinds(request).count(EntryKind.ESCALATED)) == (1, 1)
        assert len(entries("desk.request.escalated")) == 2

    def test_two_workers_at_once_go_up_once(self, ask, set_clock):
        request = ask()
        set_clock("2020-03-24T10:30:00+08:00")
        at_once(*[lambda: ending.escalate_request(actor=DESK, request=request)] * 4)
        request.refresh_from_db()
        assert (request.level, kinds(request).count(EntryKind.ESCALATED)) == (1, 1)


class TestReopenMeetsClose:
    @pytest.fixture
    def answered(self, ask, clerk):
        return ending.answer_request(actor=clerk, request=ask(), text="已送12人")

    @pytest.mark.parametrize("order", [("confirm", "deny"), ("deny", "confirm")])
    def test_yes_and_no_of_two_people_of_the_enterprise(self, answered, reporter, order):
        says = {
            "confirm": lambda: ending.confirm_answer(actor=reporter, request=answered),
            "deny": lambda: ending.deny_answer(actor=reporter, request=answered, text="没来人"),
        }
        first, second = Race().run(*(says[one] for one in order))
        assert outcomes([first, second]) == ["done", "ValidationError"]
        answered.refresh_from_db()
        assert answered.state == {"confirm": RequestState.ENDED, "deny": RequestState.RECEIVED}[order[0]]
        told = kinds(answered)
        assert (EntryKind.CONFIRMED in told, EntryKind.DENIED in told) == (order[0] == "confirm", order[0] == "deny")

    @pytest.mark.parametrize("order", [("judge", "deny"), ("deny", "judge")])
    def test_the_reports_say_it_moved_while_the_enterprise_says_it_did_not(self, place, ask, clerk, reporter, order):
        place.report(roster=100, on_post=62)
        request = ending.answer_request(actor=clerk, request=ask(), text="送去33人")
        request = ending.confirm_answer(actor=reporter, request=request)
        assert request.state == RequestState.WATCHING
        for day in ("2020-03-25", "2020-03-26"):
            place.report(day=day, roster=100, on_post=97)
        acts = {
            "judge": lambda: clocks.judge_watched(actor=DESK, request=request),
            "deny": lambda: ending.deny_answer(actor=reporter, request=request, text="人又走了"),
        }
        _first, second = Race().run(*(acts[one] for one in order))
        request.refresh_from_db()
        told = kinds(request)
        if order[0] == "judge":
            assert isinstance(second, ValidationError)
            assert (request.state, request.end, request.level) == (RequestState.ENDED, RequestEnd.SOLVED, 0)
            assert told[-2:] == [EntryKind.MOVED, EntryKind.ENDED]
        else:
            assert (request.state, request.end, request.level) == (RequestState.RECEIVED, "", 1)
            assert told[-2:] == [EntryKind.DENIED, EntryKind.ESCALATED]

    @pytest.mark.parametrize("order", [("report", "reopen"), ("reopen", "report")])
    def test_an_obstacle_ticked_again_while_its_ended_request_is_opened_again(self, place, clerk, reporter, order):
        report = place.report(obstacles=["labour"], roster=100, on_post=62)
        (request,) = clocks.take_obstacles(actor=DESK, report=report)
        ending.withdraw_request(actor=reporter, request=request)
        acts = {
            "report": lambda: clocks.take_obstacles(actor=DESK, report=report),
            "reopen": lambda: ending.reopen_request(actor=reporter, request=request, text="又缺人"),
        }
        found = Race().run(*(acts[one] for one in order))
        assert not [one for one in found if isinstance(one, Exception) and not isinstance(one, ValidationError)]
        (standing,) = Request.objects.open()
        assert (standing.pk == request.pk) == (order[0] == "reopen")
        if order[0] == "report":
            assert standing.number in str(found[1])
