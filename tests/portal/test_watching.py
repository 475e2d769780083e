"""What an installation says about itself, and what it says when something under it breaks."""

import errno
import io
import json
import logging
import re
from datetime import timedelta

import psycopg
import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.models.functions import Now
from django.urls import reverse

from fugong.base.audit.actions import record
from fugong.base.audit.models import Unsealed
from fugong.command.situation.models import FigureMark
from fugong.core import logs
from fugong.core.trouble import trouble_of
from fugong.core.watching import HealthCheck, fault, health_checks, well
from fugong.portal.watching import checks, database
from fugong.portal.watching.examination import examine, worst_first
from fugong.portal.watching.metrics import exposition
from tests import factories

pytestmark = pytest.mark.django_db


def found(answers, name):
    return next(answer.finding for answer in answers if answer.name == name)


def operational(state: type[psycopg.Error] | None) -> OperationalError:
    error = OperationalError("no")
    error.__cause__ = state("no") if state else psycopg.OperationalError("no server")
    return error


class TestDoctor:
    def test_answers_every_check_and_ends_with_1_when_something_is_broken(self, capsys):
        with pytest.raises(SystemExit) as ended:
            call_command("doctor", "--json")  # no worker runs in a test
        assert ended.value.code == 1
        answers = json.loads(capsys.readouterr().out)
        assert {answer["name"] for answer in answers} == set(health_checks)
        by_name = {answer["name"]: answer for answer in answers}
        assert by_name["worker"]["level"] == "fault"
        assert "fugong worker" in by_name["worker"]["mend"]
        assert by_name["tables"]["level"] == by_name["database"]["level"] == "ok"

    def test_ends_with_0_when_nothing_is_broken(self, monkeypatch):
        for check in health_checks.values():
            monkeypatch.setitem(
                health_checks._entries,
                check.name,
                HealthCheck(check.name, check.order, check.title, lambda: well("fine"), check.needs_database),
            )
        out = io.StringIO()
        call_command("doctor", stdout=out)
        assert out.getvalue().count("fine") == len(list(health_checks))

    def test_check_that_breaks_is_a_finding_and_ends_no_other(self, monkeypatch):
        def breaks():
            with connection.cursor() as cursor:
                cursor.execute("SELECT no_such_column")

        monkeypatch.setitem(health_checks._entries, "a-broken", HealthCheck("a-broken", 0, "Broken", breaks))
        answers = examine()
        assert found(answers, "a-broken").level == "fault"
        assert found(answers, "database").level == "ok"

    def test_worst_stands_first(self, monkeypatch):
        monkeypatch.setitem(health_checks._entries, "zz", HealthCheck("zz", 999, "Z", lambda: fault("broken", "mend")))
        levels = [answer.finding.level for answer in worst_first(examine())]
        assert levels == sorted(levels, key=["fault", "warning", "ok"].index)


class TestChecks:
    def test_key_that_others_can_read(self, settings, tmp_path):
        settings.HOME = tmp_path
        key = tmp_path / "secret-key"
        key.write_text("secret")
        key.chmod(0o644)
        assert checks.place().level == "fault"
        key.chmod(0o600)
        assert checks.place().level == "ok"

    def test_plain_http_for_others(self, settings):
        settings.ALLOWED_HOSTS = ["fugong.example.cn"]
        settings.SESSION_COOKIE_SECURE = False
        assert checks.safety().level == "fault"
        settings.SESSION_COOKIE_SECURE = True
        assert checks.safety().level == "ok"

    def test_full_disk(self, monkeypatch):
        usage = checks.shutil.disk_usage("/")
        for free, level in ((0.5, "fault"), (3, "warning"), (50, "ok")):
            monkeypatch.setattr(
                checks.shutil, "disk_usage", lambda _place, free=free: usage._replace(free=free * checks.GIB)
            )
            assert checks.disk().level == level

    def test_backup_that_is_old(self, settings, tmp_path):
        settings.BACKUPS = str(tmp_path)
        assert checks.backups().level == "fault"
        folder = tmp_path / "fugong-20200101-000000"
        folder.mkdir()
        manifest = folder / "manifest.json"
        manifest.write_text(json.dumps({"made_at": "2020-01-01T00:00:00+00:00"}))
        assert checks.backups().level == "fault"
        manifest.write_text(json.dumps({"made_at": checks.clock.real_now().isoformat()}))
        assert checks.backups().level == "ok"

    def test_set_clock_is_told(self, monkeypatch):
        monkeypatch.delenv("FUGONG_CLOCK")  # the tests' own
        assert checks.time_set().level == "ok"
        monkeypatch.setenv("FUGONG_CLOCK", "2020-03-24T08:00:00+08:00")
        assert checks.time_set().level == "warning"

    def test_tables_of_an_older_release(self):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'incidents'")
        assert database.tables().level == "fault"

    def test_worker_that_was_heard_of(self):
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '10 minutes')")
            assert database.worker().level == "fault"
            cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now()")
            assert database.worker().level == "ok"
            cursor.execute(
                "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('default', 'x', 0, NULL, NULL, '{}',"
                " now() - interval '10 minutes')::procrastinate_job_to_defer_v1])"
            )
        assert database.worker().level == "warning"


class TestAddresses:
    def test_ready_only_with_tables(self, client):
        assert client.get(reverse("readyz")).json() == {"status": "ok", "worker": False}
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'incidents'")
        assert client.get(reverse("readyz")).status_code == 503

    def test_metrics_count_requests_and_name_the_queue(self, client):
        def answered():
            text = client.get(reverse("metrics")).content.decode()
            assert "fugong_jobs" in text and "fugong_disk_bytes" in text and "fugong_database_bytes" in text
            found = re.search(r'fugong_requests_total\{method="GET",status="200",view="healthz"\} ([0-9.]+)', text)
            return float(found.group(1)) if found else 0

        before = answered()
        client.get(reverse("healthz"))
        client.get(reverse("healthz"))
        assert answered() == before + 2

    def test_metrics_are_not_there_for_others(self, client, settings):
        url = reverse("metrics")
        assert client.get(url, REMOTE_ADDR="10.0.0.7").status_code == 404
        assert client.get(url, headers={"X-Forwarded-For": "10.0.0.7"}).status_code == 404
        settings.METRICS_TOKEN = "right"
        assert client.get(url).status_code == 404
        assert client.get(url, headers={"Authorization": "Bearer wrong"}).status_code == 404
        assert client.get(url, headers={"Authorization": "Bearer right"}, REMOTE_ADDR="10.0.0.7").status_code == 200

    def test_page_says_in_words_what_is_wrong(self, client, place):
        client.force_login(place.person("administrator@city"))
        page = client.get(reverse("status")).content.decode()
        assert "后台程序未运行" in page
        assert "systemctl start fugong-worker" in page


class TestTrouble:
    @pytest.mark.parametrize(
        ("error", "trouble"),
        [
            (operational(None), "away"),
            (operational(psycopg.errors.AdminShutdown), "away"),
            (operational(psycopg.errors.CannotConnectNow), "away"),
            (operational(psycopg.errors.QueryCanceled), "busy"),
            (operational(psycopg.errors.LockNotAvailable), "busy"),
            (operational(psycopg.errors.DiskFull), "full"),
            (OSError(errno.ENOSPC, "no room"), "full"),
            (OSError(errno.EACCES, "not yours"), None),
            (operational(psycopg.errors.InvalidPassword), None),
            (ValueError("ours"), None),
        ],
    )
    def test_state_of_the_machine_or_fault_of_the_program(self, error, trouble):
        assert trouble_of(error) == trouble

    @pytest.mark.parametrize(
        ("language", "words"), [("zh-hans", "数据库暂时连接不上"), ("en", "The database is not there")]
    )
    def test_database_away_is_503_with_a_time_to_come_back(self, client, monkeypatch, language, words):
        client.raise_request_exception = False
        client.cookies["fu_language"] = language

        def away(*args):
            raise operational(None)

        monkeypatch.setattr("fugong.portal.web.status.unapplied", lambda: None)
        monkeypatch.setattr("fugong.portal.web.status.metrics.exposition", away)
        response = client.get(reverse("metrics"))
        assert response.status_code == 503
        assert int(response["Retry-After"]) > 0
        assert words in response.content.decode()
        assert response["X-Request-ID"] in response.content.decode()

    def test_fault_of_the_program_is_500_with_its_number(self, client, monkeypatch):
        client.raise_request_exception = False

        def broken(*args):
            raise ValueError("ours")

        monkeypatch.setattr("fugong.portal.web.status.metrics.exposition", broken)
        response = client.get(reverse("metrics"))
        assert response.status_code == 500
        assert response["X-Request-ID"] in response.content.decode()


class TestLog:
    def test_request_line_holds_no_query(self, client, caplog):
        with caplog.at_level(logging.INFO, "fugong.request"):
            client.get(reverse("healthz") + "?q=13800138000", headers={"X-Request-ID": "abcdef0123456789"})
        record = next(record for record in caplog.records if record.name == "fugong.request")
        line = logs.JsonFormatter().format(record)
        assert "13800138000" not in line
        assert json.loads(line) | {"time": "", "ms": 0} == {
            "time": "", "level": "INFO", "logger": "fugong.request", "message": "request", "view": "healthz",
            "method": "GET", "status": 200, "ms": 0, "statements": 0,
        }  # fmt: skip

    def test_exception_is_told_without_what_it_quotes(self):
        try:
            raise ValueError("phone 13800138000")
        except ValueError as error:
            record = logging.LogRecord(
                "django.request", 40, "", 0, "%s: %s", ("Error", "/x/13800138000"), (ValueError, error, None)
            )
        line = logs.JsonFormatter().format(record)
        assert "13800138000" not in line
        assert json.loads(line)["exception"]["kind"] == "builtins.ValueError"

    def test_slow_statement_is_named_without_its_values(self, client, settings, caplog):
        settings.SLOW_STATEMENT_MS = 0
        client.force_login(factories.UserFactory())
        with caplog.at_level(logging.WARNING, "fugong.slow"):
            client.get(reverse("home"))
        slow = [record for record in caplog.records if record.name == "fugong.slow"]
        assert any("django_session" in record.sql and "%s" in record.sql for record in slow)
        assert client.session.session_key not in " ".join(record.sql for record in slow)


class TestSealsAndMarks:
    """What the worker does beside its jobs; that it stands still is seen before anybody misses it."""

    @pytest.mark.parametrize(("seconds", "level"), [(0, "ok"), (15, "warning"), (61, "fault")])
    def test_an_entry_without_a_seal(self, place, viewer_of, set_clock, seconds, level):
        record(actor=viewer_of("administrator"), verb="areas.imported", subject="areas.area:1", area_id=None)
        set_clock(f"2020-03-24T09:{seconds // 60:02d}:{seconds % 60:02d}+08:00")
        assert found(examine(), "seals").level == level

    def test_nothing_waits(self, place):
        Unsealed.objects.all().delete()
        FigureMark.objects.all().delete()
        assert found(examine(), "seals").level == found(examine(), "marks").level == "ok"

    @pytest.mark.parametrize(("seconds", "level"), [(0, "ok"), (15, "warning"), (61, "fault")])
    def test_a_mark_that_nobody_counts(self, place, seconds, level):
        FigureMark.objects.all().delete()
        mark = FigureMark.objects.create(incident=place.incident, first_day="2020-03-24")
        FigureMark.objects.filter(pk=mark.pk).update(made_at=Now() - timedelta(seconds=seconds))
        answer = found(examine(), "marks")
        assert answer.level == level
        assert level == "ok" or "1" in answer.sentence

    def test_both_are_gauges(self, place):
        FigureMark.objects.all().delete()
        FigureMark.objects.create(incident=place.incident, first_day="2020-03-24")
        text = exposition().decode()
        assert 'fugong_marks{what="waiting"} 1.0' in text
        assert f'fugong_trail{{what="unsealed"}} {float(Unsealed.objects.count())}' in text
