"""The access table, walked: each kind of viewer asks for each address, and what is only read is read in a READ ONLY
transaction. What a GET may write all the same goes over the second connection; the tests print what it was.
"""

from __future__ import annotations

import re
import sys
import time
from dataclasses import dataclass
from io import BytesIO
from zipfile import BadZipFile, ZipFile

import pytest
from django.apps import apps
from django.db import connection, connections, transaction
from django.db.utils import InternalError
from django.urls import reverse

from fugong.core import readonly
from tests.access import LOGIN, TABLE
from tests.conftest import NOW
from tests.place import KINDS
from tests.settled import settle

# Asks where an address is open to nobody.
OVERSEER = "administrator@city"
pytestmark = pytest.mark.django_db(databases=["default", "ledger"])
WRITTEN: set[str] = set()
PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
# Downloads in which nobody's data stands.
HOLDS_NOTHING = {"imports:template", "place_imports:template", "questionnaires:file"}
# Where a phone number may be read in full: opened with a reason, or typed by the one who reads it.
SHOWS_NUMBERS = {
    ("oversight:personal", "post"),
    ("field:call", "post"),
}

CASES = [
    pytest.param(
        name,
        row,
        method,
        id=f"{method.upper()} {name}{'?' + row.query if isinstance(row.query, str) and row.query else ''} {number}",
    )
    for name, rows in TABLE.items()
    for number, row in enumerate(rows)
    for method in ("get", "post")
]


@pytest.fixture(scope="module")
def settled(django_db_setup, django_db_blocker, epidemic):
    """The place and everybody's sessions, these over the second connection, which is ended with the module."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setenv("FUGONG_CLOCK", f"{NOW}@{time.time()}")
        with settle(epidemic, ledger="ledger") as made:
            yield made
        connections["ledger"].close()


@pytest.fixture
def place(settled, db):
    return settled.place_again()


@pytest.fixture
def client_for(settled, db):
    return settled.client_for


@pytest.fixture(autouse=True)
def second_connection(db, settings, monkeypatch):
    """The ledger as in production: a connection of its own. What it writes is noted by table, then taken back."""
    settings.LEDGER = "ledger"
    # Nothing is committed in a test, so a session is looked for where it was written.
    monkeypatch.setattr(readonly.LedgerRouter, "db_for_read", readonly.LedgerRouter.db_for_write, raising=False)

    def note(execute, sql, params, many, context):
        table = re.match(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', sql)
        WRITTEN.update(table.groups() if table else ())
        return execute(sql, params, many, context)

    with connections["ledger"].execute_wrapper(note):
        yield


@dataclass(frozen=True)
class Answer:
    """What came back: the status (LOGIN for being sent to sign in), and what an address must not do in silence."""

    status: int | str
    unrecorded: bool
    numbers: list[str]


def ask(client, method: str, url: str, data: dict) -> Answer:
    """One request. What it wrote is taken back."""
    recorded = []

    def watch(execute, sql, params, many, context):
        if 'INSERT INTO "audit_auditentry"' in sql:
            recorded.append(sql)
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(watch), connections["ledger"].execute_wrapper(watch):
        if method == "get":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL transaction_read_only = on")
        response = client.post(url, data) if method == "post" else client.get(url)
        numbers = PHONE.findall(text_in(response)) if response.status_code == 200 else []
        transaction.set_rollback(True)
    sent = response.status_code == 302 and response["Location"].startswith(f"{reverse('account_login')}?next=")
    taken = response.status_code == 200 and "attachment" in response.headers.get("Content-Disposition", "")
    return Answer(LOGIN if sent else response.status_code, taken and not recorded, numbers)


def text_in(response) -> str:
    """The text of a page, of JSON, or of a workbook's cells; "" for other files."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"PK"):
        try:
            book = ZipFile(BytesIO(content))
        except BadZipFile:
            return ""
        return "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    return content.decode(errors="ignore")


@pytest.mark.parametrize(("name", "row", "method"), CASES)
def test_address(name, row, method, place, client_for, program_for):
    def caller(kind, row):
        return program_for(kind, row.token) if row.token else client_for(kind)

    row.prepare(place)
    query = row.query if isinstance(row.query, str) else row.query(place)
    url = reverse(name, args=row.args(place)) + (f"?{query}" if query else "")
    expected = getattr(row, method)
    if expected is None:
        open_to = next((kind for kind, status in (row.get or row.post).items() if status in (200, 302)), OVERSEER)
        expected = {open_to: 405}
    given = {kind: ask(caller(kind, row), method, url, row.data(place)) for kind in expected}
    wrong = [
        f"{kind}: {answer.status} instead of {expected[kind]}"
        for kind, answer in given.items()
        if answer.status != expected[kind]
    ]
    if name not in HOLDS_NOTHING:
        wrong += [f"{kind}: took a file along, and no record says so" for kind in given if given[kind].unrecorded]
    if (name, method) not in SHOWS_NUMBERS:
        wrong += [f"{kind}: reads {given[kind].numbers[0]} in full" for kind in given if given[kind].numbers]
    assert not wrong, f"{method.upper()} {url}\n" + "\n".join(wrong)


def test_the_table_answers_for_every_kind_of_viewer():
    for rows in TABLE.values():
        for row in rows:
            assert row.get or row.post
            for answers in (row.get, row.post):
                assert answers is None or set(answers) == set(KINDS)


def test_head_is_answered_like_get(place, client_for):
    assert client_for("bureau_clerk").head(reverse("registry:list", args=[place.incident.slug])).status_code == 200
    assert client_for("reporter").head(reverse("registry:list", args=[place.incident.slug])).status_code == 404


@pytest.mark.parametrize("kind", ["commander@city", "reporter", "administrator"])
def test_an_incident_that_is_not_there_is_not_found(place, client_for, kind):
    assert client_for(kind).get(reverse("situation:board", args=["no-such-incident"])).status_code == 404


@pytest.mark.parametrize("code", ["000000", "371503", "371500", "x" * 300])
def test_an_area_that_is_not_the_viewers_is_not_found(place, client_for, code):
    address = reverse("situation:board", args=[place.incident.slug])
    assert client_for("commander").get(address, {"area": code}).status_code == 404


@pytest.mark.parametrize("day", ["2020-03-23", "2999-01-01", "yesterday", "0001-01-01", "x" * 300])
def test_any_day_is_answered(place, client_for, day):
    address = reverse("situation:board", args=[place.incident.slug])
    assert client_for("commander").get(address, {"day": day}).status_code == 200


def test_who_lacks_a_right_reads_which_and_who_has_it(place, client_for):
    client = client_for("commander")
    client.cookies["fu_language"] = "en"
    answer = client.get(reverse("registry:new", args=[place.incident.slug]))
    assert answer.status_code == 403
    assert "The register is kept by bureau clerks, township cadres and administrators." in answer.content.decode()


def test_who_may_not_know_of_a_thing_reads_nothing_of_it(place, client_for):
    address = reverse("registry:detail", args=[place.incident.slug, place.enterprise.pk])
    answer = client_for("bureau_clerk@outside").get(address)
    assert answer.status_code == 404
    assert place.enterprise.name not in answer.content.decode()
    missing = client_for("bureau_clerk@outside").get(address.replace(str(place.enterprise.pk), "999999"))
    assert missing.status_code == 404
    assert missing.content == answer.content


def test_a_query_that_the_database_cannot_hold_is_a_bad_request(place, client_for):
    address = reverse("registry:list", args=[place.incident.slug])
    assert client_for("bureau_clerk").get(address, {"q": "a\x00"}).status_code == 400


def test_a_read_only_transaction_refuses_what_the_guard_would_let_pass(place):
    with pytest.raises(InternalError, match="read-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL transaction_read_only = on")
        cursor.execute("UPDATE areas_area SET name = name")
    place.city.save()  # and after it writing is free again


def test_the_whole_list_of_what_a_get_may_write(place, client_for, capsys):
    """Of all addresses asked so far in this run; the two writers at least are seen at work."""
    ask(client_for("auditor"), "get", reverse("home"), {})
    with capsys.disabled():
        rows = sum(len(rows) for rows in TABLE.values())
        sys.stdout.write(
            f"\naccess table: {len(TABLE)} addresses, {rows} rows x {len(KINDS)} kinds of viewer; "
            f"a GET may write: {readonly.EXEMPT}; written: {sorted(WRITTEN)}\n"
        )
    assert {apps.get_model(label)._meta.db_table for label in readonly.EXEMPT} >= WRITTEN
