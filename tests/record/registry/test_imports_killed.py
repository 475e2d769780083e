"""kill -9 of an importing process, and apart of its database backend, halfway: as if it had never begun."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.db import connection

from fugong.base.spreadsheets.models import ImportRun
from fugong.record.registry.logic.uscc import compose_code
from fugong.record.registry.models import Enterprise

ROWS = 10_000
ROOT = Path(__file__).resolve().parents[3]
# Streamed rows are counted by the server itself; half of them means that half of the file is in.
HALFWAY = """
SELECT pid FROM pg_stat_progress_copy WHERE tuples_processed >= %s AND datname = current_database()
"""


def register(path: Path, number: int, first: int = 0) -> Path:
    with path.open("w", newline="", encoding="utf-8") as target:
        writer = csv.writer(target)
        writer.writerow(["企业名称", "统一社会信用代码", "注册地址", "注册资本", "成立日期", "职工人数"])
        writer.writerows(
            [f"东昌第{n}木业有限公司", compose_code("371502", f"9{n:07d}"), "古楼街道", "300万元", "2012-05-08", "12"]
            for n in range(first, first + number)
        )
    return path


def counts() -> dict[str, int]:
    """Rows of every table of ours."""
    models = [model for model in apps.get_models() if model.__module__.startswith("fugong.")]
    return {model._meta.label: model._base_manager.count() for model in models}


class Importing:
    """The command in a process of its own, on the database of the test."""

    def __init__(self, path: Path, home: Path) -> None:
        given = connection.settings_dict
        self.url = f"postgresql://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
        self.home = home
        self.process = subprocess.Popen(
            [sys.executable, "-m", "fugong", "import-enterprises", str(path), "--json"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={
                **os.environ,
                "DATABASE_URL": self.url,
                "FUGONG_HOME": str(home),
                "FUGONG_SECRET_KEY": "a key for tests only",
                "DJANGO_SETTINGS_MODULE": "fugong.config.settings",
                "FUGONG_CLOCK": os.environ["FUGONG_CLOCK"],
                "PYTHONPATH": str(ROOT),
            },
        )

    def wait_until(self, rows: int) -> int:
        """The process id of its backend, once so many rows are in."""
        with psycopg.connect(self.url, autocommit=True) as watching:
            until = time.monotonic() + 60
            while time.monotonic() < until and self.process.poll() is None:
                found = watching.execute(HALFWAY, [rows]).fetchone()
                if found:
                    return int(found[0])
                time.sleep(0.005)
        raise AssertionError(f"the import was not seen at {rows} rows: {self.process.communicate()}")

    def answer(self) -> dict:
        out, errors = self.process.communicate(timeout=120)
        assert self.process.returncode == 0, errors
        return json.loads(out)


def kill_process(importing: Importing, backend: int) -> None:
    os.kill(importing.process.pid, signal.SIGKILL)


def kill_backend(importing: Importing, backend: int) -> None:
    with psycopg.connect(importing.url, autocommit=True) as administrator:
        administrator.execute("SELECT pg_terminate_backend(%s)", [backend])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kill", [kill_process, kill_backend])
def test_killed_halfway_and_begun_again(kill, place, tmp_path):
    home = tmp_path / "home"
    path = register(tmp_path / "large.csv", ROWS)
    before = counts()
    importing = Importing(path, home)
    backend = importing.wait_until(ROWS // 2)
    kill(importing, backend)
    assert importing.process.wait(timeout=60) != 0
    importing.process.communicate()
    other = Importing(register(tmp_path / "other.csv", 50, first=ROWS), home).answer()
    assert (other["accepted"], other["new"]) == (50, 50)
    wait_for_end_of(backend)
    after = counts()
    own = {label for label in after if after[label] != before[label]}
    # Nothing but what the other file brought.
    assert after["registry.Enterprise"] - before["registry.Enterprise"] == 50
    assert after["spreadsheets.ImportRun"] - before["spreadsheets.ImportRun"] == 1
    assert own == {
        "registry.Enterprise",
        "registry.EnterpriseFact",
        "spreadsheets.ImportRun",
        "registry.ImportedEnterprise",
        "audit.AuditEntry",
        "audit.Unsealed",
        "situation.FigureMark",
    }
    again = Importing(path, home).answer()
    assert (again["read"], again["new"], again["refused"]) == (ROWS, ROWS, [])
    assert Enterprise.objects.filter(name__startswith="东昌第").count() == ROWS + 50
    assert ImportRun.objects.count() == 2


def wait_for_end_of(backend: int) -> None:
    until = time.monotonic() + 30
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [backend])
            if cursor.fetchone()[0] == 0:
                return
            time.sleep(0.05)
    raise AssertionError("the backend of the killed import did not end")
