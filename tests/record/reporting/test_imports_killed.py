"""kill -9 of an importing process, and apart of its database backend, halfway: as if it had never begun."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.db import connection, transaction

from bench.made_up import codes, write_reports
from fugong.core.bulk import copy_rows
from fugong.record.reporting.models import DailyReport

ROWS = 10_000
ROOT = Path(__file__).resolve().parents[3]
HALFWAY = "SELECT pid FROM pg_stat_progress_copy WHERE tuples_processed >= %s AND datname = current_database()"


def register(place, number: int) -> None:
    """As many enterprises as the file has rows, written plainly."""
    columns = ("uscc", "name", "kind", "managing_area_id", "registered_address", "business_scope",
               "capital_currency", "created_at", "updated_at")  # fmt: skip
    moment = "2020-01-01T00:00:00+08:00"
    rows = ((code, code, "enterprise", place.county.pk, "", "", "", moment, moment) for code in codes(number))
    with transaction.atomic():
        copy_rows("registry_enterprise", columns, rows)


def counts() -> dict[str, int]:
    """Rows of every table of ours."""
    models = [model for model in apps.get_models() if model.__module__.startswith("fugong.")]
    return {model._meta.label: model._base_manager.count() for model in models}


class Importing:
    """The command in a process of its own, on the database of the test."""

    def __init__(self, path: Path, home: Path) -> None:
        given = connection.settings_dict
        self.url = f"postgresql://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
        own = {
            "DATABASE_URL": self.url,
            "FUGONG_HOME": str(home),
            "FUGONG_SECRET_KEY": "a key for tests only",
            "DJANGO_SETTINGS_MODULE": "fugong.config.settings",
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, "-m", "fugong", "import-reports", str(path), "--json"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **own}
        )

    def wait_until(self, rows: int) -> int:
        """The process id of its backend, once so many rows are in."""
        with psycopg.connect(self.url, autocommit=True) as watching:
            until = time.monotonic() + 90
            while time.monotonic() < until and self.process.poll() is None:
                if found := watching.execute(HALFWAY, [rows]).fetchone():
                    return int(found[0])
                time.sleep(0.005)
        raise AssertionError(f"the import was not seen at {rows} rows: {self.process.communicate()}")


def kill_process(importing: Importing, backend: int) -> None:
    os.kill(importing.process.pid, signal.SIGKILL)


def kill_backend(importing: Importing, backend: int) -> None:
    with psycopg.connect(importing.url, autocommit=True) as administrator:
        administrator.execute("SELECT pg_terminate_backend(%s)", [backend])


def wait_for_end_of(backend: int) -> None:
    until = time.monotonic() + 30
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [backend])
            if cursor.fetchone()[0] == 0:
                return
            time.sleep(0.05)
    raise AssertionError("the backend of the killed import did not end")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kill", [kill_process, kill_backend])
def test_reports_killed_halfway_and_begun_again(kill, place, tmp_path):
    register(place, ROWS)
    path = write_reports(tmp_path / "reports.csv", ROWS, date(2020, 3, 23), 1)
    before = counts()
    importing = Importing(path, tmp_path / "home")
    backend = importing.wait_until(ROWS // 2)
    kill(importing, backend)
    assert importing.process.wait(timeout=90) != 0
    importing.process.communicate()
    wait_for_end_of(backend)
    assert counts() == before
    again = Importing(path, tmp_path / "home")
    out, errors = again.process.communicate(timeout=180)
    assert again.process.returncode == 0, errors
    found = json.loads(out)
    assert (found["read"], found["new"], found["refused"]) == (ROWS, ROWS, [])
    assert DailyReport.objects.count() == ROWS
