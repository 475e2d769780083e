"""One report over HTTP, by the phone's form and by the interface, against a view that inserts a row and draws a page.

Requests go through the whole application as a server calls it (WSGI), in this process: the floor stands behind the same
middleware and the same way of getting in. A report is checked, kept with its trail and told to the books above. How
many a second the machine takes in all is asked of `fugong serve` itself, with its processes, over HTTP.
"""

from __future__ import annotations

import http.client
import io
import json
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import count
from time import perf_counter
from types import ModuleType
from typing import Any
from urllib.parse import urlencode

from bench.frame import PAIRS, Bench, at_least, rate, register
from bench.served import DAY, HOST, SLUG, Person, make_place, make_reporters, served

REQUESTS = 60
# Of the served one: reports in a measurement, and lines open at once, as many as the server answers at once.
_SERVED, _LINES = 400, 4
_TOKEN = "t" * 32
_state: dict[str, Any] = {}


def _floor(request: Any) -> Any:
    """One row of the trail, one page."""
    from django.template.response import TemplateResponse

    from fugong.base.audit.models import AuditEntry
    from fugong.core import clock

    AuditEntry.objects.create(at=clock.now(), actor_name="floor", verb="bench.floor.written", subject="bench:1")
    return TemplateResponse(request, "portal/nothing_yet.html")


def _application() -> Callable[..., Any]:
    from django.conf import settings
    from django.contrib.auth.decorators import login_not_required
    from django.core.wsgi import get_wsgi_application
    from django.urls import path
    from django.views.decorators.csrf import csrf_exempt

    from fugong.config import urls

    addresses = ModuleType("bench_report_urls")
    addresses.__dict__.update(vars(urls))
    by_key = csrf_exempt(login_not_required(_floor))
    floors = [path("floor/", _floor), path("api/floor/", by_key)]
    addresses.urlpatterns = [*floors, *urls.urlpatterns]  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = addresses
    settings.ALLOWED_HOSTS = ["localhost"]
    return get_wsgi_application()


def _post(path: str, sent: bytes, headers: dict[str, str]) -> str:
    """Returns where the answer leads, if anywhere. Whatever is neither done nor led on is an error."""
    environ = {
        "REQUEST_METHOD": "POST", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "localhost",
        "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "localhost",
        "CONTENT_LENGTH": str(len(sent)), "wsgi.input": io.BytesIO(sent), "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http", **headers,
    }  # fmt: skip
    answer: list[Any] = []
    response = _state["application"](environ, lambda status, given: answer.extend((status, dict(given))))
    content = b"".join(response)
    response.close()
    assert answer[0][:3] in ("200", "302"), (path, answer, content[:500])
    return str(answer[1].get("Location", ""))


def _by_form(person: Person) -> dict[str, str]:
    return {
        "HTTP_COOKIE": f"{person.cookie}; csrftoken={_TOKEN}",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
    }


def _by_key(person: Person) -> dict[str, str]:
    return {"HTTP_AUTHORIZATION": f"Bearer {person.secret}", "CONTENT_TYPE": "application/json"}


def _sender() -> tuple[Person, int, str]:
    """The next enterprise and who reports for it."""
    people: list[Person] = _state["people"]
    number = next(_state["next"])
    person = people[number % len(people)]
    return person, *person.enterprises[number // len(people)]


def _asked(door: str, person: Person, pk: int, code: str) -> tuple[str, bytes, dict[str, str]]:
    """Where a report of this enterprise is sent, what, and with which headers."""
    values = {"state": "open", "roster": 100, "on_post": 80, "capacity": 85}
    if door == "interface":
        sent = json.dumps(values | {"incident": SLUG, "enterprise": code}).encode()
        return "/api/v1/reports/", sent, _by_key(person)
    form = values | {"seconds": 20, "day": DAY, "seen": 0, "csrfmiddlewaretoken": _TOKEN}
    return f"/my/{pk}/{SLUG}/", urlencode(form).encode(), _by_form(person)


def _report(door: str) -> None:
    _state["sent"] += 1
    led = _post(*_asked(door, *_sender()))
    # Any other way leads to the form again, or to the sign-in.
    assert door == "interface" or led.endswith("/receipt/"), led


def _plain(door: str) -> None:
    person, _pk, _code = _sender()
    if door == "interface":
        _post("/api/floor/", b"{}", _by_key(person))
    else:
        _post("/floor/", urlencode({"csrfmiddlewaretoken": _TOKEN}).encode(), _by_form(person))


@contextmanager
def _prepared(size: int) -> Iterator[None]:
    """Two enterprises for each reporter, as many in all as requests will be sent."""
    from django.conf import settings
    from django.db import connections

    people = (size + 1) * (PAIRS + 1)
    enterprises = make_place(2 * people)
    for alias in ("default", settings.LEDGER):
        # As the pool of a server keeps them from request to request.
        connections[alias].settings_dict["CONN_MAX_AGE"] = None
    _state["people"] = make_reporters(people, enterprises)
    _state["next"], _state["sent"] = count(), 0
    _state["application"] = _state.get("application") or _application()
    yield
    _all_stored()


def _all_stored() -> None:
    """Each report that was answered is in the table, with one entry in the trail."""
    from fugong.base.audit.models import AuditEntry
    from fugong.record.reporting.models import DailyReport

    stored = [f"reporting.report:{pk}" for pk in DailyReport.objects.filter(revision=1).values_list("pk", flat=True)]
    told = AuditEntry.objects.filter(verb="reporting.report.submitted", subject__in=stored).count()
    assert len(stored) == told == _state["sent"], (len(stored), told, _state["sent"])


def _rate(act: Callable[[str], None], door: str, size: int) -> float:
    act(door)  # what is read once per process is no part of a report
    begun = perf_counter()
    for _number in range(size):
        act(door)
    return size / (perf_counter() - begun)


@contextmanager
def _served(size: int) -> Iterator[None]:
    """A server as the product starts it, and people with two enterprises each, as many as reports will be sent."""
    reports = size * PAIRS + 2 * _LINES
    people = make_reporters(reports // 2, make_place(reports))
    with served() as server:
        _state["people"], _state["next"], _state["sent"] = people, count(), 0
        _state["port"] = server.port
        _over_http(2 * _LINES)  # its processes have read what they read once
        yield
    _all_stored()


def _over_http(size: int) -> None:
    """So many reports, by both doors in turn, over a few lines at once that stay open."""
    with ThreadPoolExecutor(_LINES) as lines:
        done = list(lines.map(_send_some, [size // _LINES] * _LINES))
    _state["sent"] += sum(done)


def _send_some(many: int) -> int:
    line = http.client.HTTPConnection(HOST, _state["port"], timeout=30)
    for number in range(many):
        path, sent, headers = _asked("form" if number % 2 else "interface", *_sender())
        plain = {name.removeprefix("HTTP_").replace("_", "-"): value for name, value in headers.items()}
        line.request("POST", path, sent, plain)
        answer = line.getresponse()
        content = answer.read()
        led = answer.getheader("Location", "")
        assert (answer.status, led.endswith("/receipt/")) in ((200, False), (302, True)), (path, led, content[:500])
    line.close()
    return many


for _door in ("form", "interface"):
    register(
        Bench(
            f"one report, {_door}",
            partial(_rate, _plain, _door),
            partial(_rate, _report, _door),
            at_least(0.45),
            "req/s",
            size=REQUESTS,
            quick_size=2,
            around=_prepared,
        )
    )
register(
    Bench(
        "one report, served",
        None,
        rate(_over_http),
        None,
        "req/s",
        size=_SERVED,
        quick_size=2 * _LINES,
        absolute=at_least(100),
        around=_served,
    )
)
