"""Fixtures for all tests: a clock that stands still, a small place, a strict browser for each kind of viewer."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connections

import fugong
from tests import strict

NOW = "2020-03-24T09:00:00+08:00"
PLAYBOOKS = Path(fugong.__file__).parent / "playbooks"


def pytest_configure():
    strict.install()


@pytest.fixture(autouse=True)
def set_clock(monkeypatch):
    """The clock reads NOW when a test begins; call the fixture with another ISO time to move it."""

    def set_to(moment: str) -> datetime:
        monkeypatch.setenv("FUGONG_CLOCK", f"{moment}@{time.time()}")
        return datetime.fromisoformat(moment)

    set_to(NOW)
    return set_to


@pytest.fixture(autouse=True)
def keep_files_apart(settings, tmp_path):
    """What a test keeps as evidence goes with the test."""
    settings.FILES_ROOT = tmp_path / "files"


@pytest.fixture(autouse=True)
def forget_attempts():
    """Each test begins without the sign-ins of the one before, which allauth counts per address in the cache."""
    from django.core.cache import caches

    for name in ("default", "counts"):
        caches[name].clear()


@pytest.fixture(autouse=True)
def within_one_transaction(request, monkeypatch):
    """A test that runs in one transaction cannot begin another with its own picture of the database."""
    marker = request.node.get_closest_marker("django_db")
    apart = {"transactional_db", "live_server"} & set(request.fixturenames)
    if not apart and not (marker and marker.kwargs.get("transaction")):
        monkeypatch.setattr("fugong.core.snapshot._begin", lambda: None)


@pytest.fixture(scope="session")
def epidemic():
    """The epidemic playbook as read from its folder."""
    from fugong.record.incidents.logic.playbook import read_playbook

    return read_playbook(PLAYBOOKS / "epidemic")


@pytest.fixture
def place(db, epidemic):
    """A city with two counties, a zone and townships; an incident; an enterprise in each county. See tests/place.py."""
    from tests.place import make_place

    return make_place(epidemic)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Every other connection is ended before the database is dropped, whichever test of this process used it last."""
    yield
    with django_db_blocker.unblock():
        connections["ledger"].close()
        with connections["default"].cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND usename = current_user AND backend_type = 'client backend'"
            )


@pytest.fixture
def client():
    """A browser in which nobody has signed in."""
    return strict.StrictClient()


@pytest.fixture
def client_for(place):
    """`client_for("bureau_clerk")`: a browser of this kind of viewer (tests/place.py names them)."""

    def browser(kind: str) -> strict.StrictClient:
        client = strict.StrictClient()
        if kind != "anonymous":
            client.force_login(place.person(kind))
        return client

    return browser


@pytest.fixture
def program_for(place):
    """`program_for("reporter", "reports:write")`: a program with this viewer's key of these scopes; it speaks JSON."""

    def program(kind: str, *scopes: str, **limits) -> strict.Program:
        from tests import factories

        if kind == "anonymous":
            return strict.Program()
        token = factories.TokenFactory(owner=place.person(kind), scopes=list(scopes), **limits)
        return strict.Program(HTTP_AUTHORIZATION=f"Bearer {token.secret}")

    return program


@pytest.fixture
def viewer_of(place):
    """`viewer_of("bureau_clerk@outside")`: the Viewer that this person is today."""
    from fugong.base.accounts.selectors import viewer_for
    from fugong.core import clock
    from fugong.core.viewer import ANONYMOUS

    return lambda kind: ANONYMOUS if kind == "anonymous" else viewer_for(place.person(kind), clock.today())
