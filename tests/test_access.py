"""The access table, walked: each kind of viewer asks for each address."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.urls import reverse

from tests.access_table import LOGIN, TABLE
from tests.place import KINDS

# Asks where an address is open to nobody.
OVERSEER = "administrator@city"
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


def ask(client, method: str, url: str, data: dict):
    """The status of the answer, or LOGIN for being sent to sign in. What the request wrote is taken back."""
    with transaction.atomic():
        response = client.post(url, data) if method == "post" else client.get(url)
        transaction.set_rollback(True)
    sent = response.status_code == 302 and response["Location"].startswith(f"{reverse('account_login')}?next=")
    return LOGIN if sent else response.status_code


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
        f"{kind}: {status} instead of {expected[kind]}" for kind, status in given.items() if status != expected[kind]
    ]
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
