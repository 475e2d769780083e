"""`fugong serve`: the web server."""

import contextlib
import os
import shutil
import socket
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from fugong.core import clock

FIRST_PORT, LAST_PORT = 8000, 8099


class Command(BaseCommand):
    help = "Serves the application with granian until it is stopped."
    requires_system_checks = []  # the workers load the same code a moment later

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
        parser.add_argument("--port", type=int, help=f"port (default: the first free one from {FIRST_PORT})")
        parser.add_argument("--workers", type=int, default=2, help="processes, one per core (default: %(default)s)")
        parser.add_argument(
            "--threads", type=int, default=2, help="requests at once per process (default: %(default)s)"
        )

    def handle(self, *args: Any, host: str, port: int | None, workers: int, threads: int, **options: Any) -> None:
        port = port or first_free_port(host)
        if not is_free(host, port):
            raise CommandError(f"Port {port} on {host} is taken.")
        with contextlib.suppress(OSError):  # whitenoise warns when it is missing; finders serve what is not collected
            Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        self.stderr.write(f"Serving on http://{host}:{port}/ (Ctrl-C stops it)")
        self.stderr.flush()
        os.environ.setdefault("FUGONG_ROLE", "web")
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = fresh_counters(port)
        if "@" not in (clock_setting := os.environ.get("FUGONG_CLOCK", "@")):
            # All workers, also one that is started anew, go by one clock.
            os.environ["FUGONG_CLOCK"] = f"{clock_setting}@{clock.real_now().timestamp()}"
        command = [sys.executable, "-P", "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
        command += ["--workers", str(workers), "--blocking-threads", str(threads), "--no-ws"]
        command += ["--respawn-failed-workers", "--workers-kill-timeout", "10", "--log-level", "warning"]
        # In place of this process: signals then reach the server itself, and no idle Django stays in memory.
        os.execv(sys.executable, [*command, "fugong.config.wsgi:application"])  # noqa: S606  # our own words, no shell


def fresh_counters(port: int) -> str:
    """The empty folder in which the processes of this server count what `/metrics/` adds up."""
    folder = Path(settings.HOME) / "run" / f"metrics-{port}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    return str(folder)


def first_free_port(host: str) -> int:
    """The first port from FIRST_PORT that nobody listens on. Raises CommandError when all are taken."""
    for port in range(FIRST_PORT, LAST_PORT + 1):
        if is_free(host, port):
            return port
    raise CommandError(f"All ports from {FIRST_PORT} to {LAST_PORT} on {host} are taken; name one with --port.")


def is_free(host: str, port: int) -> bool:
    """Whether this process may listen on the port."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
