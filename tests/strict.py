"""What the test run refuses beyond production: unordered lists, undefined loops, pages that break our own rules."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import RunPython
from django.db.models import QuerySet
from django.template.defaulttags import ForNode
from django.test import Client

DATA_SCRIPTS = {"application/json", "application/ld+json"}
LOADED = {"script": "src", "link": "href", "img": "src", "iframe": "src", "use": "href", "source": "src"}
LEFTOVERS = ("{{", "}}", "{%", "%}", "{#", "#}")


class UnorderedSlice(AssertionError):
    """A page of an unordered query: its rows are whatever the database finds first."""


class BadPage(AssertionError):
    """A response breaks a rule that holds for every page."""


class Demanding:
    """An expression that never answers None for an undefined variable."""

    def __init__(self, expression):
        self.expression = expression

    def resolve(self, context, ignore_failures=False):
        return self.expression.resolve(context)

    def __getattr__(self, name):
        return getattr(self.expression, name)


@cache
def fills() -> tuple[Callable, ...]:
    """The functions with which migrations put rows into new tables, in their order."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    ours = (migration for migration, _back in plan if type(migration).__module__.startswith("fugong."))
    return tuple(step.code for migration in ours for step in migration.operations if isinstance(step, RunPython))


def install() -> None:
    """Patch Django for this process: loops, slices, lists, and how a test that commits is cleaned up."""
    run_flush = DatabaseOperations.execute_sql_flush
    make_loop, take, fetch_all = ForNode.__init__, QuerySet.__getitem__, QuerySet._fetch_all

    def loop(self, loopvars, sequence, *args, **kwargs):
        make_loop(self, loopvars, Demanding(sequence), *args, **kwargs)

    def slice_of(self, key):
        if isinstance(key, slice) and not self.ordered and self._result_cache is None:
            raise UnorderedSlice(f"a slice of an unordered query of {self.model.__name__}: add order_by()")
        return take(self, key)

    def reversed_unless_ordered(self):
        fresh = self._result_cache is None
        fetch_all(self)
        if fresh and not self.ordered:
            self._result_cache.reverse()  # so that nothing passes because rows come back as they were written

    def flush(self, statements):
        if statements:  # the trail refuses to be emptied; the end of a test that commits is the one exception
            triggers = {"audit_auditentry": "audit_entry_no_truncate", "audit_seal": "audit_seal_no_truncate"}
            switch = "ALTER TABLE {} {} TRIGGER {};"
            off = [switch.format(table, "DISABLE", trigger) for table, trigger in triggers.items()]
            statements = [*off, *statements, *(line.replace("DISABLE", "ENABLE") for line in off)]
        run_flush(self, statements)
        if statements:  # what migrations put in belongs to every database: the next test finds it again
            for fill in fills():
                fill(apps, None)

    DatabaseOperations.execute_sql_flush = flush
    ForNode.__init__ = loop
    QuerySet.__getitem__ = slice_of
    QuerySet._fetch_all = reversed_unless_ordered
    QuerySet.__repr__ = lambda self: f"<{type(self).__name__} of {self.model.__name__}>"  # Django's own slices


class StrictClient(Client):
    """A browser as strict as ours: CSRF is enforced, and every page is held against the rules of all pages.

    A token is sent with each POST unless `with_token` is set to False; that forms carry one is checked in their HTML.
    """

    TOKEN = "t" * 32

    def __init__(self, **defaults):
        super().__init__(enforce_csrf_checks=True, **defaults)
        self.with_token = True

    def request(self, **request):
        if self.with_token and request.get("REQUEST_METHOD") not in ("GET", "HEAD", "OPTIONS"):
            if settings.CSRF_COOKIE_NAME not in self.cookies:
                self.cookies[settings.CSRF_COOKIE_NAME] = self.TOKEN
            request.setdefault("HTTP_X_CSRFTOKEN", self.cookies[settings.CSRF_COOKIE_NAME].value)
        response = super().request(**request)
        check_response(response)
        return response


class Program(StrictClient):
    """Another system: no session, no form token, bodies in JSON."""

    def __init__(self, **defaults):
        super().__init__(**defaults)
        self.with_token = False

    def post(self, path, data=None, content_type="application/json", **extra):
        return super().post(path, data, content_type=content_type, **extra)


class _Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.faults, self.ids = [], set()
        self.form = None

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        for name in given:
            if name == "style" or name.startswith(("on", "hx-on")):
                self.faults.append(f"<{tag}> has the inline attribute {name}")
        if tag == "style" or (tag == "script" and not given.get("src") and given.get("type") not in DATA_SCRIPTS):
            self.faults.append(f"inline <{tag}>")
        if (given.get("href") or "").strip().lower().startswith("javascript:"):
            self.faults.append(f"<{tag}> runs a script from its href")
        address = given.get(LOADED.get(tag, "")) or ""
        if "//" in address:
            self.faults.append(f"<{tag}> loads {address} from elsewhere")
        if "id" in given and given["id"] in self.ids:
            self.faults.append(f"the id {given['id']!r} stands twice")
        self.ids.add(given.get("id"))
        if tag == "form":
            self.form = given if given.get("method", "").lower() == "post" else None
        elif tag == "input" and given.get("name") == "csrfmiddlewaretoken":
            self.form = None

    def handle_endtag(self, tag):
        if tag == "form" and self.form is not None:
            self.faults.append(f"the form {self.form.get('action', '')!r} has no csrfmiddlewaretoken")
            self.form = None


def faults_of(html: str) -> list[str]:
    """What a page breaks: inline code or style, foreign addresses, leftovers of the template, doubled ids, forms
    without a token."""
    page = _Page()
    page.feed(html)
    page.close()
    return page.faults + [f"unrendered {mark}" for mark in LEFTOVERS if mark in html]


def check_response(response) -> None:
    """Raise `BadPage` for a HTML response that breaks a rule, or whose policy would let inline code run."""
    if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
        return
    faults = faults_of(response.content.decode())
    policy = response.headers.get("Content-Security-Policy", "")
    if "script-src 'self'" not in policy or "unsafe" in policy:
        faults.append(f"the content security policy is {policy!r}")
    if faults:
        raise BadPage(f"{response.request['PATH_INFO']}: " + "; ".join(faults))
