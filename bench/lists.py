"""The list of enterprises at 6,000 and 1,000,000, against its own template behind the same login, rows from memory.

Requests go through the whole application as a server calls it (WSGI), in this process: middleware, session, mandates,
scope, template. Floor and work differ by what the list asks of the database, and by turning it into rows.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import ModuleType
from typing import Any
from urllib.parse import quote

from bench.database import set_up
from bench.frame import Bench, at_least, register

MOST_STATEMENTS = 8
REQUESTS = 40
QUICK = 2_000
SIZES = (6_000, 1_000_000)
_SLUG = "bench"
_state: dict[str, Any] = {"size": None, "memory": {}}

# What the pages are asked for; DEEP and PART are replaced by the key and a part of the name of a row in the middle.
PAGES = {
    "first page": "",
    "filtered": "?kind=branch&life=active&area=371502",
    "searched": "?q=PART",
    "searched, common word": "?q=" + quote("有限公司"),
    "deep page": "?after=DEEP",
    "area": "?area=371502",
    "kind": "?kind=public_body",
    "industry": "?industry=I",
    "above scale": "?scale=yes",
    "size, rare": "?size=large",
    "size, common": "?size=micro",
    "size, none": "?size=none",
    "tag": "?tag=" + quote("重点企业"),
    "all filters": "?kind=enterprise&life=active&industry=C&scale=yes&size=medium&tag=" + quote("重点企业"),
}


def from_memory(request: Any, slug: str) -> Any:
    """The floor: the page's template with a context made before."""
    from django.template.response import TemplateResponse

    return TemplateResponse(request, "registry/enterprise_list.html", _state["memory"][request.META["QUERY_STRING"]])


def _load(size: int) -> None:
    """A register of the size; kept between the benches of one size, for writing a million rows takes its time."""
    from django.db import connection, transaction

    from bench.import_reports import prepare_place
    from bench.made_up import register as made_up
    from bench.made_up import write_facts, write_register
    from fugong.base.areas.selectors import area_tree

    if _state["size"] == size:
        return
    prepare_place()
    tree = area_tree()
    ids = [area.pk for area in tree.areas.values() if area.parent_id is not None]
    with transaction.atomic():
        write_register(made_up(size, len(ids)), ids)
        write_facts()
    with connection.cursor() as cursor:
        # What a running register gets from autovacuum: the index takes in its pending entries, statistics are fresh.
        for table in ("registry_enterprise", "registry_enterprisefact", "registry_enterprisetrait"):
            cursor.execute(f"VACUUM ANALYZE {table}")
    _state.update(size=size, memory={})


def _sign_in() -> str:
    """A session of a clerk of the whole city; returns its cookie."""
    from datetime import date

    from django.conf import settings
    from django.contrib.auth import login
    from django.contrib.sessions.backends.db import SessionStore
    from django.test import RequestFactory

    from fugong.base.accounts.models import Body, Mandate, User
    from fugong.base.areas.selectors import area_tree
    from fugong.core import clock
    from fugong.core.roles import Role

    root = area_tree().root()
    user, _made = User.objects.get_or_create(username="bench", defaults={"name": "bench", "created_at": clock.now()})
    body, _made = Body.objects.get_or_create(name="bench", kind="bureau", area=root)
    Mandate.objects.get_or_create(user=user, area=root, body=body, role=Role.BUREAU_CLERK, valid_from=date(2020, 1, 1))
    request = RequestFactory().get("/")
    request.session = SessionStore()  # type: ignore[assignment]
    login(request, user, settings.AUTHENTICATION_BACKENDS[0])
    request.session.save()
    return f"{settings.SESSION_COOKIE_NAME}={request.session.session_key}"


def _application() -> Callable[..., Any]:
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from django.urls import path

    from fugong.config import urls

    # The addresses of the house, and beside them the floor.
    addresses = ModuleType("bench_urls")
    addresses.__dict__.update(vars(urls))
    addresses.urlpatterns = [path("i/<slug:slug>/from-memory/", from_memory), *urls.urlpatterns]  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = addresses
    settings.ALLOWED_HOSTS = ["localhost"]
    return get_wsgi_application()


def _ask(path: str, query: str) -> bytes:
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "localhost",
        "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "localhost", "HTTP_COOKIE": _state["cookie"],
        "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http",
    }  # fmt: skip
    answer: list[str] = []
    response = _state["application"](environ, lambda status, _headers: answer.append(status))
    content = b"".join(response)
    response.close()
    assert answer == ["200 OK"], (path, query, answer)
    return content


def _remember(query: str) -> int:
    """Keep the context of the real page for the floor; returns the statements that the page takes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from fugong.record.registry.web.views import lists

    made: list[dict[str, Any]] = []
    context = lists.list_context

    def noticed(*args: Any) -> dict[str, Any]:
        made.append(context(*args))
        return made[-1]

    path = f"/i/{_SLUG}/enterprises/"
    _ask(path, query)
    lists.list_context = noticed
    try:
        with CaptureQueriesContext(connection) as queries:
            content = _ask(path, query)
        statements = len(queries)  # the next request empties the list
    finally:
        lists.list_context = context
    assert made[0]["page"], f"nothing is listed for {query!r}"
    _state["memory"][query] = made[0]
    assert len(_ask(f"/i/{_SLUG}/from-memory/", query)) > len(content) / 2
    assert statements, "no statement was seen"
    return statements


def _query(page: str) -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, name FROM registry_enterprise"
            " WHERE id >= (SELECT (min(id) + max(id)) / 2 FROM registry_enterprise) ORDER BY id LIMIT 1"
        )
        pk, name = cursor.fetchone()
    return PAGES[page].lstrip("?").replace("DEEP", quote(f"{pk}~{name}")).replace("PART", quote(name[2:7]))


@contextmanager
def prepared(page: str, size: int) -> Iterator[None]:
    """A register of the size, a person signed in, and what the floor draws from memory."""
    set_up()
    _load(size)
    _state["application"] = _state.get("application") or _application()
    _state["cookie"] = _sign_in()
    query = _query(page)
    statements = _remember(query)
    assert statements <= MOST_STATEMENTS, f"{page}: {statements} statements"
    _state["query"] = query
    yield


def _requests(path: str) -> Callable[[int], float]:
    from time import perf_counter

    def per_second(size: int) -> float:
        many = REQUESTS if size > QUICK else 2
        begun = perf_counter()
        for _number in range(many):
            _ask(f"/i/{_SLUG}/{path}/", _state["query"])
        return many / (perf_counter() - begun)

    return per_second


for _size in SIZES:
    for _page in PAGES:
        register(
            Bench(
                f"list {_size:,}: {_page}",
                _requests("from-memory"),
                _requests("enterprises"),
                at_least(0.5),
                "req/s",
                size=_size,
                quick_size=QUICK,
                around=partial(prepared, _page),
                larger=_size > min(SIZES),
            )
        )
