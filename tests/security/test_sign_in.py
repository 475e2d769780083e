"""Getting in without a right to: guessing, probing for accounts, fixed sessions, forged forms, foreign addresses."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from django.contrib.auth import hashers
from django.urls import reverse

from tests import factories, strict
from tests.access import TABLE
from tests.tools import words_of

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-password"


@pytest.fixture
def person(db):
    user = factories.UserFactory(username="wang")
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client, login="wang", password=PASSWORD, **more):
    return client.post(reverse("account_login"), {"login": login, "password": password, **more})


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_the_right_password_gets_in(client, person):
    sign_in(client)
    assert is_in(client)


def test_guessing_is_stopped_even_for_the_right_password(client, person):
    for number in range(30):
        assert sign_in(client, password=f"wrong-{number}").status_code in (200, 422, 429)
    sign_in(client)
    assert not is_in(client)


def test_an_unknown_account_gets_the_same_answer_and_costs_the_same(client, person, monkeypatch):
    hashed = []
    encode = hashers.MD5PasswordHasher.encode
    monkeypatch.setattr(
        hashers.MD5PasswordHasher, "encode", lambda self, *args: hashed.append(1) or encode(self, *args)
    )
    known = sign_in(strict.StrictClient(), password="wrong")
    work_of_known, hashed[:] = len(hashed), []
    unknown = sign_in(strict.StrictClient(), login="nobody-here", password="wrong")
    assert known.status_code == unknown.status_code
    assert words_of(known) == words_of(unknown)
    assert work_of_known == len(hashed) >= 1, "as many passwords are hashed: the time tells nothing"


def test_a_blocked_account_is_told_like_an_unknown_one(client, person):
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    blocked, unknown = sign_in(client), sign_in(strict.StrictClient(), login="nobody-here")
    assert not is_in(client)
    assert blocked.status_code == unknown.status_code
    assert words_of(blocked) == words_of(unknown)


def test_a_session_that_was_there_before_is_not_the_signed_in_one(client, person):
    session = client.session
    session["planted"] = "by an attacker"
    session.save()
    fixed = session.session_key
    client.cookies["sessionid"] = fixed
    sign_in(client)
    assert is_in(client)
    assert client.session.session_key != fixed
    attacker = strict.StrictClient()
    attacker.cookies["sessionid"] = fixed
    assert not is_in(attacker)


def test_signing_out_ends_the_session_on_the_server(client, person):
    sign_in(client)
    old = client.cookies["sessionid"].value
    client.post(reverse("account_logout"))
    thief = strict.StrictClient()
    thief.cookies["sessionid"] = old
    assert not is_in(thief)


FORMS = [
    pytest.param(name, row, id=f"{name} {number}")
    for name, rows in TABLE.items()
    for number, row in enumerate(rows)
    if row.post and not row.token and {200, 302, 422} & set(row.post.values())
]


@pytest.mark.parametrize(("name", "row"), FORMS)
def test_a_form_without_its_token_is_refused(name, row, place, client_for):
    row.prepare(place)
    kind = next(kind for status in (302, 200, 422) for kind, given in row.post.items() if given == status)
    client = client_for(kind)
    client.with_token = False
    answer = client.post(reverse(name, args=row.args(place)), row.data(place))
    assert answer.status_code == 403


ELSEWHERE = [
    "https://evil.example/", "//evil.example/", "/\\evil.example", "https:evil.example", "javascript:alert(1)",
    "\t//evil.example", "http:///evil.example", "/%09/evil.example/../..//evil.example",
]  # fmt: skip


def leads_out(address: str) -> bool:
    return not address.startswith("/") or address[1:2] in ("/", "\\")


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_redirect_leads_elsewhere(client, person, target):
    assert not leads_out(client.post(reverse("language"), {"language": "en", "next": target})["Location"])
    assert not leads_out(client.post(reverse("large_type"), {"large": "1", "next": target})["Location"])
    answer = sign_in(client, next=target)
    assert is_in(client)
    assert not leads_out(answer["Location"])


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost:80@evil.example", ""])
def test_a_foreign_host_is_refused(client, host):
    assert client.get(reverse("account_login"), HTTP_HOST=host).status_code == 400


def test_a_forwarded_host_is_not_believed(client):
    answer = client.get("/", HTTP_X_FORWARDED_HOST="evil.example")
    assert "evil.example" not in answer.headers.get("Location", "")


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(client, person):
    sign_in(client)
    for name in ("sessionid", "csrftoken"):
        if name in client.cookies and client.cookies[name].key == name and client.cookies[name]["path"]:
            assert client.cookies[name]["httponly"]
            assert client.cookies[name]["samesite"] == "Lax"


def test_with_https_everything_is_tied_to_it():
    names = (
        "SECURE_SSL_REDIRECT SECURE_HSTS_SECONDS SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE LANGUAGE_COOKIE_SECURE"
        " SESSION_COOKIE_HTTPONLY SECURE_CONTENT_TYPE_NOSNIFF"
    ).split()
    code = (
        "import json; from fugong.config.settings import security as s;"
        f" print(json.dumps([bool(getattr(s, name, True)) for name in {names}]"
        " + [getattr(s, name, '').startswith('__Host-') for name in ('SESSION_COOKIE_NAME', 'CSRF_COOKIE_NAME')]))"
    )
    given = {**os.environ, "FUGONG_HTTPS": "1", "FUGONG_SECRET_KEY": "x" * 50}
    done = subprocess.run([sys.executable, "-c", code], env=given, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [True] * (len(names) + 2)
