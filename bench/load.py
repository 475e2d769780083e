"""6,000 reports in three minutes from 50 clients, by the phone's form and by the interface, while processes die.

    script/load                  the whole of it
    script/load --seconds 30 --reports 600 --clients 20

One report in ten is sent twice, and whatever got no answer is sent again under its key. A web worker and the job worker
are killed on the way. At the end each key that was answered 2xx is stored once, with one entry in the trail; exit code
1 when one is not, or when the 95th percentile of the answers is over a second.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import random
import signal
import statistics
import sys
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import UUID

from bench.served import DAY, HOST, SLUG, Person, Server, make_place, make_reporters, served

MOST_SECONDS = 1.0
_TOKEN = "t" * 32
_ATTEMPTS = 20
_ANSWER_SECONDS = 30


@dataclass
class Tally:
    """What the clients saw. `answered`: key → enterprise of each report that was answered 2xx."""

    seconds: list[float] = field(default_factory=list)
    answered: dict[str, int] = field(default_factory=dict)
    resent: int = 0
    unanswered: int = 0
    refused: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Client(threading.Thread):
    """One reporter who sends the own reports evenly over the time; every second one speaks the interface.

    Each report comes over a connection of its own, as from another telephone: lines that are kept would all end at the
    process that survives, and stay there when the other one is back.
    """

    def __init__(self, number: int, person: Person, port: int, seconds: float, tally: Tally) -> None:
        super().__init__(daemon=True)
        self._person, self._port, self._seconds, self._tally = person, port, seconds, tally
        self._by_key = number % 2 == 0
        self._source = random.Random(number)
        self._line: http.client.HTTPConnection | None = None

    def run(self) -> None:
        begun, number = time.monotonic(), len(self._person.enterprises)
        for index, (pk, code) in enumerate(self._person.enterprises):
            due = begun + self._seconds * (index + self._source.random()) / number
            time.sleep(max(0.0, due - time.monotonic()))
            key = str(UUID(int=self._source.getrandbits(128), version=4))
            roster = self._source.randint(20, 500)
            on_post = self._source.randint(10, roster)
            self._until_answered(pk, code, key, roster, on_post)
            if self._source.random() < 0.1:
                with self._tally.lock:
                    self._tally.resent += 1
                self._until_answered(pk, code, key, roster, on_post)

    def _until_answered(self, pk: int, code: str, key: str, roster: int, on_post: int) -> None:
        for _attempt in range(_ATTEMPTS):
            begun = time.monotonic()
            try:
                status, body = self._send(pk, code, key, roster, on_post)
            except (OSError, http.client.HTTPException):
                self._hang_up()
                with self._tally.lock:
                    self._tally.unanswered += 1
                time.sleep(0.2)
                continue
            with self._tally.lock:
                self._tally.seconds.append(time.monotonic() - begun)
                if status in (200, 302):
                    self._tally.answered[key] = pk
                elif status != 503:
                    self._tally.refused.append(f"{status} {body[:200]!r}")
            self._hang_up()
            if status != 503:
                return
            time.sleep(0.5)

    def _send(self, pk: int, code: str, key: str, roster: int, on_post: int) -> tuple[int, bytes]:
        values = {"state": "open", "roster": roster, "on_post": on_post, "capacity": 80}
        if self._by_key:
            sent = json.dumps(values | {"incident": SLUG, "enterprise": code, "client_key": key})
            headers = {
                "Authorization": f"Bearer {self._person.secret}",
                "Content-Type": "application/json",
                "Idempotency-Key": key,
            }
            return self._ask("/api/v1/reports/", sent, headers)
        form = {"client_key": key, "seconds": 20, "day": DAY, "seen": 0, "csrfmiddlewaretoken": _TOKEN}
        headers = {
            "Cookie": f"{self._person.cookie}; csrftoken={_TOKEN}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return self._ask(f"/my/{pk}/{SLUG}/", urlencode(values | form), headers)

    def _ask(self, path: str, sent: str, headers: dict[str, str]) -> tuple[int, bytes]:
        if self._line is None:
            self._line = http.client.HTTPConnection(HOST, self._port, timeout=_ANSWER_SECONDS)
        self._line.request("POST", path, sent, headers)
        answer = self._line.getresponse()
        return answer.status, answer.read()

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line = None


def _deaths(server: Server, seconds: float) -> list[str]:
    """Kill a web worker at a third of the time and the job worker at two thirds; another worker follows it."""
    told = []
    time.sleep(seconds / 3)
    victim = server.web_workers()[0]
    with contextlib.suppress(ProcessLookupError):
        os.kill(victim, signal.SIGKILL)
    told.append(f"web worker {victim} killed")
    time.sleep(seconds / 3)
    told.append(f"job worker {server.pid('worker')} killed")
    server.kill("worker")
    server.start("worker", "worker")
    return told


def _stored(tally: Tally) -> list[str]:
    """What is wrong between what was answered and what the database holds; nothing: []."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT client_key::text, enterprise_id, revision FROM reporting_dailyreport")
        reports = cursor.fetchall()
        cursor.execute(
            "SELECT detail->>'enterprise', count(*) FROM audit_auditentry"
            " WHERE verb LIKE 'reporting.report.%%' GROUP BY 1"
        )
        entries = {int(pk): number for pk, number in cursor.fetchall()}
    wrong = [f"{pk} has revision {revision}" for _key, pk, revision in reports if revision != 1]
    by_key = {key: pk for key, pk, _revision in reports}
    wrong += [f"{key} was answered and is not stored" for key in tally.answered if key not in by_key]
    wrong += [f"{key} is stored for another" for key, pk in tally.answered.items() if by_key.get(key, pk) != pk]
    wrong += [f"{pk} has {entries.get(pk, 0)} entries in the trail" for pk in by_key.values() if entries.get(pk) != 1]
    if len(by_key) != len(reports):
        wrong.append("a key is stored twice")
    return wrong + tally.refused


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/load", description="Reports under load, through deaths.")
    parser.add_argument("--reports", type=int, default=6_000)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=180)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that what was started is ended
    people = make_reporters(options.clients, make_place(options.reports))
    tally = Tally()
    with served(worker=True) as server:
        clients = [Client(number, person, server.port, options.seconds, tally) for number, person in enumerate(people)]
        begun = time.monotonic()
        for client in clients:
            client.start()
        told = _deaths(server, options.seconds)
        for client in clients:
            client.join()
        took = time.monotonic() - begun
    wrong = _stored(tally)
    p95 = statistics.quantiles(tally.seconds, n=20)[18]
    print(
        f"{len(tally.answered)} of {options.reports} reports answered in {took:.0f} s from {options.clients} clients;"
        f" {tally.resent} sent twice, {tally.unanswered} without an answer at first; {', '.join(told)}\n"
        f"answers: median {statistics.median(tally.seconds):.3f} s, p95 {p95:.3f} s (at most {MOST_SECONDS} s),"
        f" longest {max(tally.seconds):.3f} s\n"
        f"each answered key stored once, with one entry in the trail: {'no' if wrong else 'yes'}"
    )
    for line in wrong[:20]:
        print(line)
    return int(bool(wrong) or p95 >= MOST_SECONDS or len(tally.answered) != options.reports)


if __name__ == "__main__":
    sys.exit(main())
