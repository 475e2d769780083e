"""An installation of its own for drills: folder, database, server and worker, and people who report without a pause.

Everything that was answered with success is written down here, so that afterwards each of it can be asked for.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"
DEMO_MOMENT = "2020-03-24T08:00:00+08:00"
TODAY = "2020-03-24"
FUGONG = [sys.executable, "-P", "-m", "fugong"]
DATABASE = [sys.executable, "-P", "-m", "fugong.config.postgres"]

PEOPLE = """
import json, sys
from django.conf import settings
from django.contrib.auth import SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from fugong.core.viewer import service_viewer
from fugong.record.incidents.models import Incident
from fugong.record.registry.actions.grants import invite_reporter
from fugong.record.reporting.models import DailyReport
incident = Incident.objects.order_by("pk").first()
yesterday = DailyReport.objects.filter(day="2020-03-23", roster__gte=6, state="open")
silent = yesterday.exclude(enterprise__reports__day="2020-03-24").select_related("enterprise").order_by("enterprise_id")
people = []
for report in silent[: int(sys.argv[1])]:
    user, _password = invite_reporter(actor=service_viewer("fugong drill"), enterprise=report.enterprise, name="演练")
    user.must_change = False
    user.save(update_fields=["must_change"])
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    people.append({"enterprise": report.enterprise_id, "roster": report.roster, "session": session.session_key,
                   "slug": incident.slug})
print(json.dumps(people))
"""


@dataclass
class Person:
    """A reporter of one enterprise, and what the server has acknowledged: values of `on_post`, in order."""

    enterprise: int
    roster: int
    session: str
    slug: str
    acknowledged: list[tuple[float, int]] = field(default_factory=list)


class Installation:
    """Processes that are started again when they die, as the systemd units do."""

    def __init__(self, folder: Path, port: int, **environment: str) -> None:
        self.folder, self.port = folder, port
        self.clock = f"{DEMO_MOMENT}@{int(time.time())}"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("FUGONG_", "DATABASE_URL"))},
            "FUGONG_HOME": str(folder),
            "FUGONG_CLOCK": self.clock,
            "PYTHONPATH": str(ROOT),
            **environment,
        }
        if "FUGONG_PG" in os.environ:
            self.environment["FUGONG_PG"] = os.environ["FUGONG_PG"]
        self.wanted: dict[str, list[str]] = {}
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.log = folder / "drill.log"
        self.keeps_database = True
        self._ending = threading.Event()
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        folder.mkdir(parents=True, exist_ok=True)
        # Ended from outside, a drill still stops what it started and takes its small disks away.
        signal.signal(signal.SIGTERM, signal.default_int_handler)

    def fugong(self, *words: str, check: bool = True, **extra: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [*FUGONG, *words],
            env={**self.environment, **extra},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        if check and done.returncode != 0:
            raise RuntimeError(f"fugong {' '.join(words)} ended with {done.returncode}: {done.stderr[-1500:]}")
        return done

    def url(self) -> str:
        done = subprocess.run([*DATABASE, "start"], env=self.environment, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def prepare(self) -> None:
        self.fugong("migrate", "--verbosity", "0")
        self.fugong("load-demo")

    def people(self, number: int) -> list[Person]:
        code = "import django; django.setup()\n" + PEOPLE
        environment = {
            **self.environment,
            "DJANGO_SETTINGS_MODULE": "fugong.config.settings",
            "DATABASE_URL": self.url(),
        }
        done = subprocess.run(
            [sys.executable, "-P", "-c", code, str(number)], env=environment, capture_output=True, text=True
        )
        if done.returncode != 0:
            raise RuntimeError(done.stderr[-2000:])
        return [Person(**row) for row in json.loads(done.stdout)]

    def start(self, *, worker: bool = True) -> None:
        self.wanted["server"] = [*FUGONG, "serve", "--port", str(self.port)]
        if worker:
            self.wanted["worker"] = [*FUGONG, "worker"]
        self._keeper.start()
        self.wait_until(self.ready, 60, "the server is ready")

    def _keep(self) -> None:
        """What the units do: Restart=always, RestartSec=1."""
        while not self._ending.wait(1):
            if self.keeps_database:
                subprocess.run([*DATABASE, "start"], env=self.environment, capture_output=True)
            for name, command in self.wanted.items():
                process = self.running.get(name)
                if (process is None or process.poll() is not None) and not self._ending.is_set():
                    with self.log.open("ab") as log:
                        self.running[name] = subprocess.Popen(
                            command, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                            start_new_session=True,
                        )  # fmt: skip

    def kill(self, name: str) -> None:
        """kill -9 of the process and everything it started."""
        process = self.running[name]
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def postmaster(self) -> int:
        with psycopg.connect(self.url()) as connection:
            (folder,) = connection.execute("SHOW data_directory").fetchone()  # type: ignore[misc]
        return int(Path(folder, "postmaster.pid").read_text().splitlines()[0])

    def stop(self) -> None:
        self._ending.set()
        if self._keeper.is_alive():
            self._keeper.join()
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
        self.running.clear()

    def remove(self) -> None:
        self.stop()
        try:
            with psycopg.connect(self.url()) as connection:
                (data,) = connection.execute("SHOW data_directory").fetchone()  # type: ignore[misc]
        except (psycopg.Error, subprocess.SubprocessError):
            data = None
        subprocess.run([*DATABASE, "stop"], env=self.environment, capture_output=True)
        if data:
            shutil.rmtree(Path(data).parent, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def ask(self, path: str, method: str = "GET", body: str | bytes = b"", **headers: str) -> tuple[int, str]:
        """Status and where the answer leads to."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=30)
        try:
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status, answer.getheader("Location", "")
        finally:
            connection.close()

    def ready(self) -> bool:
        try:
            return self.ask("/readyz/")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def report(self, person: Person, on_post: int) -> int:
        """Send today's report; returns the status of the answer, 0 when there was none."""
        token = "a" * 32
        body = urllib.parse.urlencode(
            {"state": "open", "roster": person.roster, "on_post": on_post, "warning_reason": "repair",
             "correction_reason": "mistyped"}
        )  # fmt: skip
        headers = {
            "Cookie": f"sessionid={person.session}; csrftoken={token}",
            "X-CSRFToken": token,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            status, target = self.ask(f"/my/{person.enterprise}/{person.slug}/", "POST", body, **headers)
        except (OSError, http.client.HTTPException):
            return 0
        # Only a receipt acknowledges: any other way on, such as to the sign-in, is none.
        return status if status != 302 or target.endswith("/receipt/") else 399

    @staticmethod
    def wait_until(question: Callable[[], bool], seconds: float, what: str) -> float:
        begun = time.monotonic()
        while not question():
            if time.monotonic() - begun > seconds:
                raise RuntimeError(f"after {seconds:.0f} s still not: {what}")
            time.sleep(0.2)
        return time.monotonic() - begun


class Rush:
    """Many people who report at once, each a new value as soon as the last was acknowledged."""

    def __init__(self, installation: Installation, people: list[Person], pause: float = 0.2) -> None:
        self.installation, self.people, self.pause = installation, people, pause
        self.answers: Counter[int] = Counter()
        self.slowest = 0.0
        self._ending = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._one, args=[person], daemon=True) for person in people]

    def __enter__(self) -> Rush:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join()

    def count(self) -> int:
        return sum(len(person.acknowledged) for person in self.people)

    def _one(self, person: Person) -> None:
        number = 0
        while not self._ending.is_set():
            value = number % (person.roster // 2) + person.roster // 2
            begun = time.monotonic()
            status = self.installation.report(person, value)
            with self._lock:
                self.answers[status] += 1
                self.slowest = max(self.slowest, time.monotonic() - begun)
            if status == 302:
                person.acknowledged.append((time.time(), value))
                number += 1
            # Not acknowledged: the same value again, as a person would.
            self._ending.wait(self.pause)


def missing(url: str, people: list[Person], until: float | None = None) -> list[str]:
    """Acknowledged values that the database does not hold, current or superseded; `until`: only those before it."""
    lost = []
    with psycopg.connect(url) as connection:
        for person in people:
            rows = connection.execute(
                "SELECT on_post FROM reporting_dailyreport WHERE enterprise_id = %(who)s AND day = %(day)s UNION ALL"
                " SELECT (s.values->>'on_post')::int FROM reporting_supersededreport s JOIN reporting_dailyreport r"
                " ON r.id = s.report_id WHERE r.enterprise_id = %(who)s AND r.day = %(day)s",
                {"who": person.enterprise, "day": TODAY},
            )
            stored = Counter(int(row[0]) for row in rows)
            said = Counter(value for at, value in person.acknowledged if until is None or at < until)
            lost += [f"enterprise {person.enterprise}: {value} x {times}" for value, times in (said - stored).items()]
    return lost


def doubled(url: str) -> int:
    """Reports of one enterprise and day that are there twice, and corrections that changed nothing."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM (SELECT 1 FROM reporting_dailyreport GROUP BY incident_id, enterprise_id, day"
            " HAVING count(*) > 1) twice"
        ).fetchone()
    return int(row[0]) if row else 0
