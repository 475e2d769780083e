"""A server of its own for what is asked over HTTP: place, enterprises, people and keys, web and worker processes.

On 127.0.0.1 only, over the cluster `bench` of this checkout; what it started it ends, by process id.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.database import set_up

HOST = "127.0.0.1"
MORNING = "2020-03-24T08:00:00+08:00"
DAY = "2020-03-24"
SLUG = "bench"
_FUGONG = [sys.executable, "-P", "-m", "fugong"]
_PATIENCE = 180


def one_clock() -> None:
    """All processes live on the morning of DAY, which ticks from now."""
    os.environ.setdefault("FUGONG_CLOCK", f"{MORNING}@{time.time()}")


@dataclass
class Person:
    """Somebody who reports for some enterprises: by a key (`secret`), or by a session (`cookie`)."""

    secret: str
    cookie: str
    enterprises: list[tuple[int, str]] = field(default_factory=list)


def make_place(size: int) -> list[tuple[int, str]]:
    """An empty place with `size` enterprises; returns their ids and codes."""
    one_clock()
    set_up()
    from django.db import connection

    from bench.import_reports import register_plainly

    register_plainly(size)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, uscc FROM registry_enterprise ORDER BY id")
        return list(cursor.fetchall())


def make_reporters(number: int, enterprises: list[tuple[int, str]]) -> list[Person]:
    """So many reporters who share the enterprises between them."""
    from fugong.record.registry.enums import GrantCapacity
    from fugong.record.registry.models import EnterpriseGrant

    people = []
    for index in range(number):
        user = _user(f"reporter-{index}")
        own = enterprises[index::number]
        EnterpriseGrant.objects.bulk_create(
            EnterpriseGrant(
                user=user,
                enterprise_id=pk,
                capacity=GrantCapacity.REPORTER,
                valid_from="2020-02-10",
                source="bench",
                given_by_name="bench",
            )
            for pk, _code in own
        )
        people.append(Person(_key(user, ["reports:read", "reports:write"]), _session(user), own))
    return people


def make_official(role: str, scopes: list[str]) -> Person:
    """An official of the whole place with a key."""
    from fugong.base.accounts.models import Body, Mandate
    from fugong.base.areas.selectors import area_tree

    user, root = _user(role.replace("_", "-")), area_tree().root()
    assert root is not None
    body, _made = Body.objects.get_or_create(area=root, name="bench", defaults={"kind": "bureau"})
    Mandate.objects.create(user=user, body=body, area=root, role=role, valid_from="2020-02-10")
    return Person(_key(user, scopes), _session(user))


def _user(name: str):  # the model is there only after set_up
    from fugong.base.accounts.models import User
    from fugong.core import clock

    user, _made = User.objects.get_or_create(username=name, defaults={"name": name, "created_at": clock.now()})
    return user


def _key(user, scopes: list[str]) -> str:
    import secrets
    from datetime import timedelta

    from fugong.base.tokens.models import ApiToken
    from fugong.base.tokens.selectors import secret_hash
    from fugong.core import clock

    secret, now = f"fg_{secrets.token_urlsafe(32)}", clock.real_now()
    ApiToken.objects.create(
        owner=user,
        name="bench",
        hint="fg_",
        scopes=scopes,
        secret_hash=secret_hash(secret),
        per_minute=1_000_000,
        created_at=now,
        expires_at=now + timedelta(days=1),
    )
    return secret


def _session(user) -> str:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}"


class Server:
    """The web server and, if asked for, the worker: processes of this run."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, *words: str) -> None:
        with Path(os.devnull).open("wb") as nowhere:
            self._processes[name] = subprocess.Popen(
                [*_FUGONG, *words], stdin=subprocess.DEVNULL, stdout=nowhere, stderr=None, start_new_session=True
            )

    def pid(self, name: str) -> int:
        return self._processes[name].pid

    def web_workers(self) -> list[int]:
        """The processes that answer requests: children of the server that run Python."""
        children = Path(f"/proc/{self.pid('web')}/task/{self.pid('web')}/children").read_text().split()
        return [int(pid) for pid in children if b"python" in Path(f"/proc/{pid}/cmdline").read_bytes()]

    def kill(self, name: str) -> None:
        """kill -9 of a process of ours."""
        self._processes[name].kill()
        self._processes[name].wait()

    def wait(self) -> None:
        until = time.monotonic() + _PATIENCE
        while not self._answers():
            if time.monotonic() > until or self._processes["web"].poll() is not None:
                raise RuntimeError("the server did not answer")
            time.sleep(0.2)

    def _answers(self) -> bool:
        asked = http.client.HTTPConnection(HOST, self.port, timeout=5)
        try:
            asked.request("GET", "/healthz/")
            return asked.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            asked.close()

    def end(self) -> None:
        for process in self._processes.values():
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextlib.contextmanager
def served(*, worker: bool = False) -> Iterator[Server]:
    """The place of `make_place`, served until the end of the block."""
    from fugong.portal.management.commands.serve import first_free_port

    server = Server(first_free_port(HOST))
    try:
        server.start("web", "serve", "--host", HOST, "--port", str(server.port))
        if worker:
            server.start("worker", "worker")
        server.wait()
        yield server
    finally:
        server.end()
