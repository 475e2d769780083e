"""What is told of a sign-in (to the trail, to the person), how a password is kept, and what is forgotten in time."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.exceptions import ValidationError
from django.urls import reverse

from fugong.base.accounts.actions.factors import activate_factor, remove_factor
from fugong.base.accounts.actions.retention import forget_entries
from fugong.base.accounts.actions.secrets import change_own_secret, issue_code, redeem_code
from fugong.base.accounts.models import EntryCode, SignIn
from fugong.base.accounts.selectors import code_presented
from fugong.base.audit.models import AuditEntry
from fugong.base.notifications.actions import forget_messages, queue_message
from fugong.base.notifications.enums import MessageState
from fugong.base.notifications.models import Message
from fugong.core import clock
from fugong.core.decision import Denied
from fugong.core.viewer import service_viewer, viewer_named
from tests import factories
from tests.tools import entries

pytestmark = pytest.mark.django_db
ACTOR = service_viewer("tests")
PASSWORD = "correct horse battery"
SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def person(db):
    return factories.UserFactory(username="wang", phone="13812345678")


def test_what_fails_at_the_door_is_on_record(client, place, person):
    person.area = place.county
    person.save()
    for login in ("wang", "nobody-here"):
        client.post(reverse("account_login"), {"login": login, "password": "my secret typed in the wrong place"})
    known, unknown = entries("accounts.user.refused")
    assert (known.subject, known.area_id) == (f"accounts.user:{person.pk}", place.county.pk)
    assert (unknown.subject, unknown.area_id) == ("accounts.user:unknown", None)
    assert "secret" not in str([(entry.detail, entry.subject) for entry in (known, unknown)])
    assert "nobody-here" not in str([(entry.detail, entry.subject, entry.reason) for entry in (known, unknown)])


def test_a_wrong_factor_code_or_message_is_on_record(client, place, person):
    """Each with whose account it is, as far as that is plain, and never with what was typed."""
    person.area = place.county
    person.save()
    client.post(reverse("account_code"), {"code": "AAAA-BBBB-CCCC"})
    shown = format_hotp_value(hotp_value(SEED, int(time.time()) // 30))
    activate_factor(actor=viewer_named(person.pk, person.name), user=person, seed=SEED, code=shown)
    client.post(reverse("account_login"), {"login": "wang", "password": PASSWORD})
    for _attempt in range(7):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    reporter = factories.UserFactory(phone="13912345678", secret_kind="pin", area=place.county)
    client.cookies.clear()
    client.post(reverse("account_message"), {"phone": reporter.phone})
    for _attempt in range(7):
        client.post(reverse("account_message_code"), {"digits": "999999999"})
    (code,) = entries("accounts.code.refused")
    assert (code.subject, code.area_id) == ("accounts.user:unknown", None)
    for verb, user in (("accounts.factor.refused", person), ("accounts.message.refused", reporter)):
        told = entries(verb)
        assert len(told) == 5, "the limit of attempts bounds the entries"
        assert {(one.subject, one.area_id) for one in told} == {(f"accounts.user:{user.pk}", place.county.pk)}
    typed = str(list(AuditEntry.objects.values_list("detail", "reason", "subject")))
    assert not any(text in typed for text in ("AAAA", "000000", "999999"))


def test_a_closed_door_writes_no_more(client, person):
    for _ in range(12):
        client.post(reverse("account_login"), {"login": "wang", "password": "wrong"})
    assert AuditEntry.objects.filter(verb="accounts.user.refused").count() == 5


def test_who_is_told_that_the_account_was_changed(person):
    actor = viewer_named(person.pk, person.name)
    change_own_secret(actor=actor, user=person, secret="three green boats", session_key="")
    (told,) = Message.objects.all()
    assert told.recipient == person
    assert told.kind == "accounts.change"
    assert "three green boats" not in told.text
    door = service_viewer("sign-in")
    text = issue_code(actor=ACTOR, user=person)
    redeem_code(actor=door, code_id=code_presented(door, text).pk, secret="four brown goats")
    assert Message.objects.count() == 2


def test_the_first_entry_is_no_change_and_who_has_no_number_is_not_written_to(db):
    door = service_viewer("sign-in")
    for phone, had_one in (("13812345678", False), ("", True)):
        user = factories.UserFactory(phone=phone)
        if not had_one:
            user.set_unusable_password()
            user.save()
        text = issue_code(actor=ACTOR, user=user)
        redeem_code(actor=door, code_id=code_presented(door, text).pk, secret="four brown goats")
    assert not Message.objects.exists()


def test_a_second_factor_that_was_not_there_changes_nothing(person):
    remove_factor(actor=viewer_named(person.pk, person.name), user=person)
    assert not Message.objects.exists()


@pytest.mark.parametrize("secret", ["甲乙丙丁 戊己庚辛 🐎🐎🐎", "a" * 11 + "é", " leading and trailing ", "x" * 100])
def test_passwords_have_twelve_characters_and_may_be_long(person, secret):
    person.choose_secret(secret)
    assert person.has_secret(secret)
    assert not person.has_secret(secret[:-1]), "nothing is cut off"
    with pytest.raises(ValidationError):
        person.choose_secret("elevenchars")


def test_a_password_of_more_than_128_characters_is_refused(client, person):
    client.force_login(person)
    new = {"old": PASSWORD, "secret": "x" * 129, "again": "x" * 129}
    assert client.post(reverse("account_secret"), new).status_code == 422
    person.refresh_from_db()
    assert person.has_secret(PASSWORD)


def test_passwords_are_hashed_slowly_in_production():
    """The tests hash quickly; what a site runs is asked of a process with its settings."""
    code = (
        "import os; os.environ['DATABASE_URL'] = 'postgresql://a:b@localhost/c'\n"
        "import django; django.setup()\n"
        "from django.contrib.auth.hashers import make_password; print(make_password('x'))"
    )
    given = {"DJANGO_SETTINGS_MODULE": "fugong.config.settings", "FUGONG_SECRET_KEY": "x" * 50, "PATH": "/usr/bin"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=given, cwd=".", capture_output=True, text=True, check=True, timeout=60
    )
    algorithm, rounds, salt, _digest = done.stdout.strip().split("$")
    assert algorithm == "pbkdf2_sha256"
    assert int(rounds) >= 600_000
    assert len(salt) >= 20


def test_old_messages_and_codes_are_forgotten(person):
    long_ago = timedelta(days=191)
    for age in (long_ago, timedelta(days=189)):
        factories.SignInFactory(user=person, started_at=clock.real_now() - age)
        issue_code(actor=ACTOR, user=person)
        EntryCode.objects.filter(expires_at__gt=clock.real_now()).update(expires_at=clock.real_now() - age)
    assert forget_entries(actor=ACTOR) == 2
    assert (EntryCode.objects.count(), SignIn.objects.count()) == (1, 1)
    assert forget_entries(actor=ACTOR) == 0

    first = queue_message(actor=ACTOR, to=person, kind="a.b", text="one", quiet_key="k", quiet_for=timedelta(days=1))
    again = queue_message(actor=ACTOR, to=person, kind="a.b", text="one", quiet_key="k", quiet_for=timedelta(days=1))
    waits = queue_message(actor=ACTOR, to=person, kind="a.b", text="two")
    assert again.state == MessageState.SUPPRESSED
    Message.objects.filter(pk=first.pk).update(state=MessageState.SENT, ended_at=clock.now() - long_ago)
    assert forget_messages(actor=ACTOR) == 0, "its repetition is younger and points at it"
    Message.objects.filter(pk=again.pk).update(ended_at=clock.now() - long_ago)
    assert forget_messages(actor=ACTOR) == 2
    assert Message.objects.get() == waits
    assert {"accounts.entries.forgotten", "notifications.messages.forgotten"} <= set(
        AuditEntry.objects.values_list("verb", flat=True)
    )


def test_nobody_forgets_by_hand(viewer_of):
    for act in (forget_entries, forget_messages):
        with pytest.raises(Denied):
            act(actor=viewer_of("administrator@city"))
