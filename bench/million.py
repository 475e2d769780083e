"""A million reports by `fugong import-reports`, killed twice halfway, then brought in: time, memory, and against whom.

    python -m bench.million [--rows 1000000]

First kill -9 of the process at half of the rows, then of its database backend: the tables are as before. Then the whole
file; then the floor of the bench "import reports" and a raw COPY of the same file. Exit code 1 beyond a budget.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.served import make_place

LEAST_OF_FLOOR, LEAST_OF_COPY, MOST_GIGABYTES = 0.6, 0.03, 1.5
_HALFWAY = "SELECT pid FROM pg_stat_progress_copy WHERE tuples_processed >= %s AND datname = current_database()"


def _counts() -> dict[str, int]:
    from django.apps import apps

    models = [model for model in apps.get_models() if model.__module__.startswith("fugong.")]
    return {model._meta.label: model._base_manager.count() for model in models}


def _begin(path: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-m", "fugong", "import-reports", str(path), "--json"]
    with path.with_suffix(".json").open("wb") as answer:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=answer, stderr=subprocess.PIPE)


def _backend(process: subprocess.Popen[bytes], rows: int) -> int:
    """The backend of the import, once so many rows are in. Raises RuntimeError when it ended before."""
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as watching:
        while process.poll() is None:
            if found := watching.execute(_HALFWAY, [rows]).fetchone():
                return int(found[0])
            time.sleep(0.01)
    told = process.stderr.read().decode() if process.stderr else ""
    raise RuntimeError(f"the import ended before it could be killed: {told[-2000:]}")


def _end_backend(pid: int) -> None:
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as administrator:
        administrator.execute("SELECT pg_terminate_backend(%s)", [pid])


def _killed(path: Path, rows: int, what: str, kill: Callable[[int, int], None]) -> bool:
    """Kill an import at half of its rows; whether nothing of it is left."""
    from django.db import connection

    before = _counts()
    process = _begin(path)
    backend = _backend(process, rows // 2)
    kill(process.pid, backend)
    code = process.wait()
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [backend])
            if cursor.fetchone() == (0,):
                break
            time.sleep(0.1)
    same = _counts() == before
    print(f"{what} killed at {rows // 2:,} rows: exit code {code}, {'nothing' if same else 'SOMETHING'} is half done")
    return same and code != 0


def _whole(path: Path, rows: int) -> tuple[float, float]:
    """Seconds and gigabytes of the whole import by the command."""
    begun = time.perf_counter()
    process = _begin(path)
    _pid, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    assert os.waitstatus_to_exitcode(status) == 0, process.stderr and process.stderr.read()
    answer = json.loads(path.with_suffix(".json").read_text())
    assert (answer["read"], answer["new"], len(answer["refused"])) == (rows, rows, 0), answer
    print(json.dumps({name: value for name, value in answer.items() if isinstance(value, int)}))
    return seconds, used.ru_maxrss * 1024 / 1e9


def _raw_copy(path: Path) -> float:
    from django.db import connection, transaction

    begun = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE raw (uscc text, day date, state text, reason text, roster int, on_post int,"
            " capacity numeric, obstacles text, supply_days numeric, remark text) ON COMMIT DROP"
        )
        with cursor.copy("COPY raw FROM STDIN (FORMAT csv, HEADER)") as copy, path.open("rb") as file:
            while chunk := file.read(2**17):
                copy.write(chunk)
    return time.perf_counter() - begun


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.million", description="A million reports from one file.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    os.environ["PYTHONPATH"] = str(Path(__file__).resolve().parents[1])
    make_place(rows)
    from bench.import_reports import write_by_hand
    from bench.made_up import write_reports

    with TemporaryDirectory() as folder:
        first, second, third = (
            write_reports(Path(folder) / f"{day}.csv", rows, date(2020, 3, day), day) for day in (21, 22, 23)
        )
        kept = _killed(first, rows, "process", lambda pid, _backend: os.kill(pid, signal.SIGKILL))
        kept &= _killed(first, rows, "backend", lambda _pid, backend: _end_backend(backend))
        seconds, gigabytes = _whole(first, rows)
        begun = time.perf_counter()
        write_by_hand(second, date(2020, 3, 22), rows)
        by_hand = time.perf_counter() - begun
        raw = _raw_copy(third)
    print(
        f"{rows:,} rows in {seconds:.1f} s with the start of the command ({rows / seconds:,.0f} rows/s),"
        f" {gigabytes:.2f} GB at most (budget {MOST_GIGABYTES})\n"
        f"by hand {by_hand:.1f} s: {by_hand / seconds:.2f} of its rows/s (budget {LEAST_OF_FLOOR});"
        f" raw COPY {raw:.1f} s: {raw / seconds:.3f} (budget {LEAST_OF_COPY})"
    )
    kept &= gigabytes <= MOST_GIGABYTES and by_hand / seconds >= LEAST_OF_FLOOR and raw / seconds >= LEAST_OF_COPY
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
