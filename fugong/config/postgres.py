"""One private PostgreSQL cluster for this checkout, made and started when it is needed.

    DATABASE_URL is used as it is; else installed programs (as root on Debian they get installed); else the embedded
    wheel, which FUGONG_PG=embedded forces

As root the data lies in /var/lib/fugong/<name>-<hash> and belongs to the system user `fugong`, because PostgreSQL
refuses to run as root and a closed checkout cannot be entered by another account. Otherwise it lies in
<home>/pg/<name>. TCP on 127.0.0.1 only: the path of a socket in a deep folder is too long for the kernel.
Standard library only, because it runs before anything else can.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from fugong.config.home import SYSTEM_FOLDER, default_home
from fugong.config.postgres_binaries import (
    Binaries,
    Owner,
    PostgresError,
    embedded_forced,
    find_binaries,
    run_as,
    say,
    system_owner,
)
from fugong.config.postgres_settings import HOST, choose_port, server_settings

DATABASE = "fugong"
ROLE = "fugong"
_START_ATTEMPTS = 4
_START_SECONDS = 60
_PID, _PORT, _STATUS = 0, 3, 7  # lines of postmaster.pid (PostgreSQL's src/include/utils/pidfile.h, counted from 0)


@dataclass(frozen=True)
class Cluster:
    """Where one cluster lives and which account runs it (None: the account of this process)."""

    folder: Path
    owner: Owner | None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def record(self) -> Path:
        return self.folder / "cluster.json"


@dataclass(frozen=True)
class Access:
    """What a client needs; kept in cluster.json, readable by the account that made the cluster only."""

    port: int
    password: str

    @property
    def url(self) -> str:
        return f"postgresql://{ROLE}:{self.password}@{HOST}:{self.port}/{DATABASE}"


def database_url(name: str = "main", *, durable: bool = True) -> str:
    """DATABASE_URL unchanged when it is set, else that of this checkout's own cluster. Raises PostgresError."""
    return os.environ.get("DATABASE_URL") or ensure_database(default_home(), name, durable=durable)


def ensure_database(home: Path, name: str = "main", *, durable: bool = True) -> str:
    """The URL of a running database; makes and starts the cluster `name` of this home when needed.

    `durable=False` trades safety in a power cut for speed (tests). Several processes may call it at once.
    Raises PostgresError with one sentence that says what is missing and how to mend it.
    """
    try:
        cluster = cluster_for(home, name)
        access = _running(cluster)
        if access is None:
            with _locked(cluster):
                access = _running(cluster) or _started(cluster, durable=durable)
            _note_home(cluster, home)
    except OSError as error:
        raise PostgresError(f"The database folder cannot be used: {error}.") from error
    return access.url


def stop_database(home: Path, name: str = "main") -> bool:
    """Stop the cluster, ending its connections; True when it was running. Raises PostgresError."""
    cluster = cluster_for(home, name)
    if _server_pid(cluster.data) is None:
        return False
    _stop(cluster)
    return True


def _stop(cluster: Cluster) -> None:
    with _locked(cluster):
        pg_ctl = _binaries(cluster).folder / "pg_ctl"
        done = run_as(cluster.owner, [pg_ctl, "stop", "-D", cluster.data, "-m", "fast", "-w", "-t", "60"])
    if done.returncode != 0 and _server_pid(cluster.data) is not None:
        raise PostgresError(f"The database did not stop: {done.stderr.strip() or done.stdout.strip()}")


def is_running(home: Path, name: str = "main") -> bool:
    """Whether this home's cluster answers."""
    return _running(cluster_for(home, name)) is not None


def cluster_for(home: Path, name: str) -> Cluster:
    """Where the cluster `name` of this home lies. A forced embedded server has its own: majors cannot share one."""
    name = f"{name}-embedded" if embedded_forced() else name
    owner = system_owner()
    if owner is None:
        return Cluster(home / "pg" / name, None)
    # The mark makes a fresh checkout at the path of a deleted one fresh: it does not inherit that one's data.
    digest = hashlib.sha256(f"{home.resolve()}\n{_mark(home)}".encode()).hexdigest()[:10]
    return Cluster(SYSTEM_FOLDER / f"{name}-{digest}", owner)


def _note_home(cluster: Cluster, home: Path) -> None:
    """As root: write beside the data whose it is, and stop servers whose checkout was deleted. Their data stay."""
    if cluster.owner is None:
        return
    (cluster.folder / "home").write_text(str(home.resolve()), encoding="utf-8")
    for note in SYSTEM_FOLDER.glob("*/home"):
        orphan = Cluster(note.parent, cluster.owner)
        if not Path(note.read_text(encoding="utf-8")).exists() and _server_pid(orphan.data) is not None:
            with contextlib.suppress(PostgresError):
                _stop(orphan)


def _mark(home: Path) -> str:
    path = home / "mark"
    home.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError), path.open("x", encoding="ascii") as file:
        file.write(secrets.token_hex(8))
    return path.read_text(encoding="ascii")


@contextlib.contextmanager
def _locked(cluster: Cluster) -> Iterator[None]:
    """One process at a time makes, starts or stops a cluster; the kernel frees the lock when that process dies."""
    cluster.folder.mkdir(parents=True, exist_ok=True)
    # With another account as owner of the data its folder must let that account pass, but not list.
    cluster.folder.chmod(0o711 if cluster.owner else 0o700)
    with (cluster.folder / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _running(cluster: Cluster) -> Access | None:
    """How to reach the cluster when it is ready; starts no process, so it is cheap enough for every command."""
    lines = _pid_file(cluster.data)
    if len(lines) <= _STATUS or lines[_STATUS].strip() != "ready" or _server_pid(cluster.data) is None:
        return None
    access = _read_access(cluster)
    if access is None or access.port != int(lines[_PORT]):
        return None
    try:
        socket.create_connection((HOST, access.port), timeout=2).close()
    except OSError:
        return None
    return access


def _pid_file(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return []


def _server_pid(data: Path) -> int | None:
    """The process of this cluster's server; None when postmaster.pid is missing or left over from a killed server."""
    lines = _pid_file(data)
    if not lines or not lines[_PID].strip().isdigit():
        return None
    pid = int(lines[_PID])
    if Path("/proc/self").exists():  # the number may meanwhile belong to a stranger
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            return None
        return pid if os.fsencode(data) in words else None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        return pid
    return pid


def _read_access(cluster: Cluster) -> Access | None:
    try:
        return Access(**json.loads(cluster.record.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _write_access(cluster: Cluster, access: Access) -> None:
    partial = cluster.record.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(asdict(access), file)
    partial.replace(cluster.record)


def _started(cluster: Cluster, *, durable: bool) -> Access:
    binaries = _binaries(cluster)
    access = _read_access(cluster)
    if not (cluster.data / "PG_VERSION").exists():
        say("Making a database ...")
        access = Access(choose_port(None), secrets.token_hex(16))
        _write_access(cluster, access)
        _initialise(cluster, binaries, access.password)
    if access is None:
        raise PostgresError(f"{cluster.record} is missing or damaged, so the password of the database is lost.")
    return _start(cluster, binaries, access, durable=durable)


def _binaries(cluster: Cluster) -> Binaries:
    version = cluster.data / "PG_VERSION"
    return find_binaries(cluster.owner, major=int(version.read_text().strip()) if version.exists() else None)


def _initialise(cluster: Cluster, binaries: Binaries, password: str) -> None:
    """Make the cluster, its one role and its one database; it gets its name only when it is whole."""
    partial = cluster.folder / "data.partial"
    shutil.rmtree(partial, ignore_errors=True)  # left by a process killed in the middle
    partial.mkdir(mode=0o700)
    with tempfile.NamedTemporaryFile("w", prefix="fugong-", dir="/tmp") as secret:  # a superuser nobody signs in as
        secret.write(secrets.token_hex(16))
        secret.flush()
        if cluster.owner:
            os.chown(partial, cluster.owner.uid, cluster.owner.gid)
            os.chown(secret.name, cluster.owner.uid, cluster.owner.gid)
        command: list[str | Path] = [
            binaries.folder / "initdb",
            "-D",
            partial,
            "-U",
            "postgres",
            "--pwfile",
            secret.name,
        ]
        # Sorting by code point everywhere (LC_COLLATE=C), upper and lower case by Unicode where the system has it.
        languages = ["--encoding=UTF8", "--locale-provider=libc", "--locale=C", "--lc-ctype"]
        rules = ["--auth=scram-sha-256", "--no-instructions"]
        for ctype in ("C.UTF-8", "C"):
            done = run_as(cluster.owner, [*command, *rules, *languages, ctype])
            if done.returncode == 0:
                break
    if done.returncode != 0:
        raise PostgresError(f"PostgreSQL's initdb failed: {_last_line(done.stderr or done.stdout)}")
    statements = [
        f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{password}'",
        f"GRANT pg_monitor TO {ROLE}",
        f"CREATE DATABASE {DATABASE} OWNER {ROLE}",
    ]
    single: list[str | Path] = [binaries.folder / "postgres", "--single", "-j", "-D", partial, "postgres"]
    done = run_as(cluster.owner, single, stdin="".join(f"{statement};\n\n" for statement in statements))
    if done.returncode != 0 or "ERROR:" in done.stderr:
        raise PostgresError(f"The database could not be made: {_last_line(done.stderr)}")
    partial.rename(cluster.data)


def _start(cluster: Cluster, binaries: Binaries, access: Access, *, durable: bool) -> Access:
    """Start the server, on another port when its own is taken meanwhile; waits for one that is just recovering."""
    log = cluster.data / "start.log"
    answer = ""
    for attempt in range(_START_ATTEMPTS):
        if _server_pid(cluster.data) is None:
            _forget_stranger(cluster.data)
            access = Access(choose_port(access.port), access.password)
            _write_access(cluster, access)
            options = " ".join(f"-c {key}={value}" for key, value in server_settings(access.port, durable).items())
            start: list[str | Path] = [
                binaries.folder / "pg_ctl",
                "start",
                "-D",
                cluster.data,
                "-l",
                log,
                "-w",
                "-t",
                f"{_START_SECONDS}",
            ]
            answer = run_as(cluster.owner, [*start, "-o", options]).stderr
        if _wait_until_ready(cluster, _START_SECONDS if _server_pid(cluster.data) else 0):
            return access
        time.sleep(attempt)  # children of a killed server need a moment to go
    lines = log.read_text(encoding="utf-8", errors="replace") if log.exists() else answer
    raise PostgresError(f"The database did not start: {_last_line(lines)} (more in {log})")


def _wait_until_ready(cluster: Cluster, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while _running(cluster) is None:
        if time.monotonic() >= deadline or _server_pid(cluster.data) is None:
            return False
        time.sleep(0.05)
    return True


def _forget_stranger(data: Path) -> None:
    """Remove a postmaster.pid whose number now belongs to another program: PostgreSQL would take it for a server.

    A number that belongs to nobody is left to PostgreSQL, which knows what else to check.
    """
    lines = _pid_file(data)
    if lines and lines[_PID].strip().isdigit() and Path(f"/proc/{lines[_PID].strip()}").exists():
        (data / "postmaster.pid").unlink()


def _last_line(text: str) -> str:
    telling = [line for line in text.splitlines() if "FATAL" in line or "error" in line.lower()] or text.splitlines()
    return telling[-1].strip() if telling else "no reason was given"


def main(arguments: list[str] | None = None) -> int:
    """`python -m fugong.config.postgres start|stop|running [name] [--fast]`; start prints the URL."""
    parser = argparse.ArgumentParser(prog="fugong.config.postgres", description="This checkout's own PostgreSQL.")
    parser.add_argument("verb", choices=["start", "stop", "running"])
    parser.add_argument("name", nargs="?", default="main")
    parser.add_argument("--fast", action="store_true", help="give up safety in a power cut (for tests)")
    options = parser.parse_args(arguments)
    try:
        if options.verb == "start":
            sys.stdout.write(ensure_database(default_home(), options.name, durable=not options.fast) + "\n")
        elif options.verb == "stop":
            stop_database(default_home(), options.name)
        else:
            return 0 if is_running(default_home(), options.name) else 1
    except (PostgresError, subprocess.SubprocessError) as error:
        sys.stderr.write(f"fugong: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
