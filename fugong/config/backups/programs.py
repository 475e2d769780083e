"""PostgreSQL's own programs against DATABASE_URL."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from fugong.config.postgres_binaries import PostgresError, client_program


class BackupError(RuntimeError):
    """It could not be done; the message is one sentence for the person at the console."""


def connection_environment(url: str) -> dict[str, str]:
    """What libpq reads, so that no password stands in the list of processes."""
    parts = urlsplit(url)
    given = {
        "PGHOST": parts.hostname or "",
        "PGPORT": str(parts.port or ""),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")),
        "PGSSLMODE": dict(parse_qsl(parts.query)).get("sslmode", ""),
        "PGCONNECT_TIMEOUT": "10",
    }
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
    return kept | {name: value for name, value in given.items() if value} | {"LC_ALL": "C"}


def run(url: str, name: str, *words: str | Path, major: int, script: str | None = None) -> None:
    """Run a client program of this major version or newer. Raises BackupError with its last telling line."""
    try:
        program = client_program(name, major)
    except PostgresError as error:
        raise BackupError(str(error)) from error
    done = subprocess.run(
        [str(program), *map(str, words)],
        env=connection_environment(url),
        input=script,
        stdin=subprocess.DEVNULL if script is None else None,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BackupError(f"{name} failed: {_telling(done.stderr.splitlines())}")


def _telling(lines: Sequence[str]) -> str:
    errors = [line for line in lines if "error" in line.lower() or "could not" in line.lower()]
    return (errors or list(lines) or ["no reason was given"])[0].strip()
