"""A command of ours in a process of its own that stands still at a chosen row, so that it dies there on any machine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.apps import apps
from django.db import connection

from tests.tools import url_of_database

ROOT = Path(__file__).resolve().parents[1]
_LOCK = 20_200_324  # of the test alone: an advisory lock that the trigger waits for
_STAND_STILL = """
CREATE FUNCTION stand_still() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared({lock});
    RETURN NEW;
END $$;
CREATE TRIGGER stand_still BEFORE INSERT ON {table} FOR EACH ROW WHEN ({row}) EXECUTE FUNCTION stand_still();
"""
_STANDING = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted"
_SECONDS = 120  # until something counts as stuck; never what is judged


def counts() -> dict[str, int]:
    """Rows of every table of ours."""
    models = [model for model in apps.get_models() if model.__module__.startswith("fugong.")]
    return {model._meta.label: model._base_manager.count() for model in models}


class Command:
    """`fugong ...` in a process of its own, on the database of the test.

    :param home: its FUGONG_HOME.
    """

    def __init__(self, *words: str, home: Path) -> None:
        own = {
            "DATABASE_URL": url_of_database(),
            "FUGONG_HOME": str(home),
            "FUGONG_SECRET_KEY": "a key for tests only",
            "DJANGO_SETTINGS_MODULE": "fugong.config.settings",
            "PYTHONPATH": str(ROOT),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "fugong", *words],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **own},
        )  # fmt: skip

    def answer(self) -> dict[str, Any]:
        """What it printed, once it has ended well."""
        out, errors = self.process.communicate(timeout=_SECONDS)
        assert self.process.returncode == 0, errors
        return json.loads(out)


@contextmanager
def standing_still(table: str, row: str) -> Iterator[Callable[[Command], int]]:
    """Whoever enters this row waits until the block ends.

    :param row: SQL over NEW: the row before which a command stands still, with all before it entered.
    :returns: A function that waits for a command to stand there and gives the process id of its backend.
    """
    with psycopg.connect(url_of_database(), autocommit=True) as holding:
        holding.execute(_STAND_STILL.format(lock=_LOCK, table=table, row=row).encode())
        holding.execute("SELECT pg_advisory_lock(%s)", [_LOCK])

        def backend_of(command: Command) -> int:
            until = time.monotonic() + _SECONDS
            while command.process.poll() is None and time.monotonic() < until:
                if found := holding.execute(_STANDING, [_LOCK]).fetchone():
                    return int(found[0])
                time.sleep(0.02)
            raise AssertionError(f"it never came to the row: {command.process.communicate()}")

        try:
            yield backend_of
        finally:
            holding.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
            # Waits for the transaction that stood there.
            holding.execute(f"DROP TRIGGER stand_still ON {table}; DROP FUNCTION stand_still()".encode())


def kill_process(command: Command, backend: int) -> None:
    """kill -9 of the command itself."""
    os.kill(command.process.pid, signal.SIGKILL)


def kill_backend(command: Command, backend: int) -> None:
    """Its connection ended by the server."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [backend])
