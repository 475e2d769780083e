"""Getting in: account and secret, PIN, one-time codes, short messages, second factor; and the limits on trying."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.exceptions import ValidationError
from django.urls import reverse

from fugong.base.accounts.actions import entering, secrets
from fugong.base.accounts.actions.entering import check_secret, unlock_account
from fugong.base.accounts.actions.secrets import issue_code, redeem_code, revoke_codes
from fugong.base.accounts.enums import CodePurpose, SecretKind
from fugong.base.accounts.logic.devices import described
from fugong.base.accounts.logic.secrets import fresh_code, is_guessable, plain_code, plain_phone
from fugong.base.accounts.models import EntryCode, SignIn, Throttle, User
from fugong.base.audit.models import AuditEntry
from fugong.base.notifications.models import Message
from fugong.core.decision import Denied
from fugong.core.viewer import service_viewer
from tests import factories
from tests.strict import StrictClient

DOOR = service_viewer("sign-in")
PASSWORD = "correct horse battery"
PIN = "739214"
LOGIN = "/accounts/login/"


@pytest.fixture
def person(db):
    return factories.UserFactory(username="wang", phone="13812345678")


@pytest.fixture
def reporter(db):
    """A person with a PIN."""
    user = factories.UserFactory(username="e7-1", phone="13912345670", secret_kind=SecretKind.PIN)
    user.choose_secret(PIN)
    user.save()
    return user


def attempt(login, secret, **values):
    return check_secret(actor=DOOR, login=login, secret=secret, **values)


def sign_in(client, login, secret, **extra):
    return client.post(LOGIN, {"login": login, "password": secret}, **extra)


def is_in(client):
    return client.get(reverse("account_me")).status_code == 200


# --- Account and secret ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("login", ["wang", " Wang ", "ＷＡＮＧ", "13812345678", "+86 138 1234 5678"])
def test_account_or_phone(person, login):
    assert attempt(login, PASSWORD).user == person
    assert attempt(login, PASSWORD + " ").user is None


def test_a_pin_opens_by_account_or_phone_and_is_not_stored_as_such(reporter):
    assert attempt("e7-1", PIN).user == attempt("13912345670", PIN).user == reporter
    assert not reporter.check_password(PIN), "the hash is of the keyed PIN"


def test_two_people_with_one_phone_are_told_apart_by_their_secrets(person, reporter):
    User.objects.filter(pk=reporter.pk).update(phone=person.phone)
    assert attempt(person.phone, PIN).user == reporter
    assert attempt(person.phone, PASSWORD).user == person


@pytest.mark.parametrize("login", ["wang", "nobody-there"])
def test_five_slips_close_a_known_and_an_unknown_account_alike(person, login):
    assert [bool(attempt(login, f"wrong {n}").wait) for n in range(7)] == [False] * 5 + [True] * 2
    assert attempt(login, PASSWORD).wait > timedelta(minutes=14), "the right one does not open it either"


def test_the_right_secret_forgets_the_slips(person):
    for _round in range(3):
        for n in range(4):
            attempt("wang", f"wrong {n}")
        assert attempt("wang", PASSWORD).user == person


def test_strangers_do_not_lock_the_owner_out_of_the_owners_device(client, person):
    sign_in(client, "wang", PASSWORD)
    client.post(reverse("account_logout"))
    stranger = StrictClient()
    for n in range(8):
        sign_in(stranger, "wang", f"wrong {n}")
    assert "15" in sign_in(stranger, "wang", PASSWORD).content.decode()
    assert not is_in(stranger)
    sign_in(client, "wang", PASSWORD)
    assert is_in(client)


def test_a_forged_device_is_a_stranger(client, person):
    client.cookies["fu_device"] = '{"id": "x", "accounts": []}:forged'
    for n in range(6):
        sign_in(client, "wang", f"wrong {n}")
    sign_in(client, "wang", PASSWORD)
    assert not is_in(client)


def test_a_township_behind_one_address_gets_in_while_a_machine_does_not(db, monkeypatch):
    monkeypatch.setattr(entering, "ADDRESS", entering.Limit(30, timedelta(minutes=15)))
    people = [factories.UserFactory() for _ in range(40)]
    for user in people:
        assert attempt(user.username, PASSWORD, address="198.51.100.7").user == user, "good ones do not count"
    for n in range(30):
        assert not attempt(f"guess-{n}", "x", address="198.51.100.7").wait
    assert attempt("guess-31", "x", address="198.51.100.7").wait
    assert attempt("guess-31", "x", address="198.51.100.8").user is None
    assert attempt(people[0].username, PASSWORD, address="198.51.100.7", device="known").user == people[0]


def test_twenty_guesses_a_day(person, monkeypatch):
    for n in range(20):
        assert not attempt("wang", f"wrong {n}").wait
        Throttle.objects.filter(key__startswith="account").delete()  # as if a quarter of an hour had passed
    assert attempt("wang", PASSWORD).wait > timedelta(hours=23)


def test_unlocking(place, viewer_of):
    user = place.person("duty_officer@in")
    for n in range(6):
        attempt(user.username, f"wrong {n}")
    unlock_account(actor=viewer_of("administrator@in"), user=user)
    assert attempt(user.username, PASSWORD).user == user
    assert AuditEntry.objects.filter(verb="accounts.user.unlocked").exists()


@pytest.mark.parametrize("kind", ["known", "unknown"])
def test_the_answer_is_the_same_and_hashing_is_done_for_both(client, person, kind, monkeypatch):
    hashed = []
    monkeypatch.setattr(User, "set_password", lambda self, raw: hashed.append(1))
    check = User.check_password
    monkeypatch.setattr(User, "check_password", lambda self, raw: hashed.append(1) or check(self, raw))
    page = sign_in(client, {"known": "wang", "unknown": "nobody-there"}[kind], "wrong")
    assert hashed == [1]
    text = page.content.decode().replace("nobody-there", "wang")
    assert "账号和密码不符" in text and page.status_code == 200


def test_no_name_lies_in_the_table_of_attempts(person):
    attempt("wang", "wrong", address="198.51.100.7")
    keys = " ".join(Throttle.objects.order_by("pk").values_list("key", flat=True))
    assert "wang" not in keys and "198.51" not in keys


def test_who_has_left_or_is_not_active_does_not_get_in(client, person):
    User.objects.filter(pk=person.pk).update(is_active=False)
    sign_in(client, "wang", PASSWORD)
    assert not is_in(client)


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_elsewhere(client, person, target):
    answer = client.post(f"{LOGIN}?next={target}", {"login": "wang", "password": PASSWORD, "next": target})
    assert answer.status_code == 302 and answer["Location"] == "/"


def test_the_session_is_a_fresh_one(client, person):
    client.get(LOGIN)
    client.session["planted"] = 1
    before = client.session.session_key
    sign_in(client, "wang", PASSWORD)
    assert client.session.session_key != before


# --- One-time codes -------------------------------------------------------------------------------------------------


def code_for(user, **values):
    return issue_code(actor=DOOR, user=user, label="东昌府纺织有限公司", **values)


def test_a_reporter_gets_in_by_code_once(client, reporter):
    text = code_for(reporter)
    assert plain_code(text) not in str(EntryCode.objects.values().get()), "only a keyed hash is kept"
    page = client.get(reverse("account_code"), {"c": text})
    assert text in page.content.decode()
    answer = client.post(reverse("account_code"), {"code": text.upper().replace("-", " ")}, follow=True)
    assert "东昌府纺织有限公司" in answer.content.decode() and reporter.name in answer.content.decode()
    assert client.post(reverse("account_code_secret"), {"secret": "123456", "again": "123456"}).status_code == 422
    done = client.post(reverse("account_code_secret"), {"secret": "580417", "again": "580417"})
    assert done.status_code == 302 and is_in(client)
    assert attempt("e7-1", "580417").user == reporter
    other = StrictClient()
    assert other.post(reverse("account_code"), {"code": text}).status_code == 422, "used once"


def test_looking_uses_nothing_up(client, reporter):
    text = code_for(reporter)
    for _time in range(3):
        client.get(reverse("account_code"), {"c": text})
        client.post(reverse("account_code"), {"code": text})
        client.get(reverse("account_code_secret"))
    assert EntryCode.objects.get().used_at is None


def test_a_new_code_makes_the_old_one_void_and_a_lost_sheet_is_taken_back(reporter):
    first, second = code_for(reporter), code_for(reporter)
    assert [code.revoked_at is None for code in EntryCode.objects.order_by("pk")] == [False, True]
    assert first != second
    assert revoke_codes(actor=DOOR, user=reporter) == 1
    with pytest.raises(ValidationError):
        redeem_code(actor=DOOR, code_id=EntryCode.objects.order_by("-pk").first().pk, secret="580417")


def test_a_code_is_too_old_after_its_days(client, reporter):
    text = code_for(reporter, lasts=timedelta(seconds=-1))
    assert client.post(reverse("account_code"), {"code": text}).status_code == 422


def test_a_code_signs_every_device_out(client, reporter):
    sign_in(client, "e7-1", PIN)
    assert is_in(client)
    code_for(reporter)
    redeem_code(actor=DOOR, code_id=EntryCode.objects.get().pk, secret="580417")
    assert not is_in(client)


def test_a_code_on_a_device_of_somebody_else_says_so(client, person, reporter):
    sign_in(client, "wang", PASSWORD)
    page = client.post(reverse("account_code"), {"code": code_for(reporter)}).content.decode()
    assert person.name in page and "东昌府纺织有限公司" in page


def test_who_may_issue_a_code(place, viewer_of):
    reporter = factories.UserFactory(secret_kind=SecretKind.PIN, area=place.township)
    official = place.person("commander@in")
    User.objects.filter(pk=official.pk).update(area=place.county)
    official.refresh_from_db()
    may = secrets.issue_code
    for kind in ("bureau_clerk", "township_cadre", "administrator"):
        may(actor=viewer_of(kind), user=reporter)
    may(actor=viewer_of("administrator"), user=official, purpose=CodePurpose.RESET)
    for kind, user in (("bureau_clerk@outside", reporter), ("auditor", reporter), ("bureau_clerk", official)):
        with pytest.raises(Denied):
            may(actor=viewer_of(kind), user=user)


def test_a_county_cannot_reset_who_serves_the_city(place, viewer_of):
    user = place.person("commander@city")
    User.objects.filter(pk=user.pk).update(area=place.county)
    user.refresh_from_db()
    with pytest.raises(Denied):
        issue_code(actor=viewer_of("administrator@in"), user=user)


# --- Short message --------------------------------------------------------------------------------------------------


def test_a_code_by_short_message(client, reporter):
    asked = client.post(reverse("account_message"), {"phone": "139 1234 5670"})
    assert asked["Location"] == reverse("account_message_code")
    message = Message.objects.get()
    assert message.secret and message.recipient == reporter
    digits = "".join(letter for letter in message.text if letter.isdecimal())[:6]
    assert client.post(reverse("account_message_code"), {"digits": "000000"}).status_code == 422
    assert client.post(reverse("account_message_code"), {"digits": digits}).status_code == 302
    assert is_in(client)


@pytest.mark.parametrize("phone", ["13999999999", "13812345678", "1"])
def test_unknown_numbers_and_officials_get_the_same_answer_and_no_message(client, person, phone):
    asked = client.post(reverse("account_message"), {"phone": phone})
    assert asked["Location"] == reverse("account_message_code")
    assert not Message.objects.exists()
    assert EntryCode.objects.get().user is None
    assert client.post(reverse("account_message_code"), {"digits": "123456"}).status_code == 422


def test_digits_are_tried_five_times_and_asked_for_once_a_minute(client, reporter):
    client.post(reverse("account_message"), {"phone": reporter.phone})
    digits = "".join(letter for letter in Message.objects.get().text if letter.isdecimal())[:6]
    wrong = "111111" if digits != "111111" else "222222"
    for _time in range(5):
        client.post(reverse("account_message_code"), {"digits": wrong})
    client.post(reverse("account_message_code"), {"digits": digits})
    assert not is_in(client)
    assert client.post(reverse("account_message"), {"phone": reporter.phone}).status_code == 422


# --- Second factor --------------------------------------------------------------------------------------------------


def totp(seed: str, later: int = 0) -> str:
    return format_hotp_value(hotp_value(seed, int(time.time()) // 30 + later))


@pytest.fixture
def guarded(client, person):
    """A browser of a person who has just set up a second factor; gives (client, seed, recovery codes)."""
    sign_in(client, "wang", PASSWORD)
    seed = client.get(reverse("account_factor")).context["seed"]
    assert client.post(reverse("account_factor"), {"code": "000000"}).status_code == 422
    page = client.post(reverse("account_factor"), {"code": totp(seed)})
    codes = page.context["codes"]
    assert seed not in str(list(person.authenticator_set.values())), "the seed lies encrypted"
    client.post(reverse("account_logout"))
    return client, seed, codes


def test_the_second_factor_is_asked_for(guarded):
    client, seed, _codes = guarded
    assert sign_in(client, "wang", PASSWORD)["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)
    assert client.get(reverse("mfa_authenticate")).status_code == 200
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert not is_in(client)
    code = totp(seed, 1)
    client.post(reverse("mfa_authenticate"), {"code": f"{code[:3]} {code[3:]}"})
    assert is_in(client)
    again = StrictClient()
    sign_in(again, "wang", PASSWORD)
    again.post(reverse("mfa_authenticate"), {"code": code})
    assert not is_in(again), "a code works once"


def test_a_recovery_code_works_once(guarded):
    _client, _seed, codes = guarded
    for expected in (True, False):
        browser = StrictClient()
        sign_in(browser, "wang", PASSWORD)
        browser.post(reverse("mfa_authenticate"), {"code": codes[0]})
        assert is_in(browser) is expected


def test_five_wrong_codes_close_the_second_factor(guarded):
    client, seed, _codes = guarded
    sign_in(client, "wang", PASSWORD)
    for n in range(5):
        client.post(reverse("mfa_authenticate"), {"code": f"00000{n}"})
    client.post(reverse("mfa_authenticate"), {"code": totp(seed, 1)})
    assert not is_in(client)


def test_officials_set_it_up_once_the_grace_is_over(client_for, place, settings):
    settings.SECOND_FACTOR = True
    settings.SECOND_FACTOR_GRACE_DAYS = 14
    board = reverse("situation:board", args=[place.incident.slug])
    official, reporter = client_for("commander@city"), client_for("reporter")
    assert official.get(board).status_code == 200
    User.objects.update(created_at=place.person("commander@city").created_at - timedelta(days=15))
    assert official.get(board)["Location"] == reverse("account_factor")
    assert reporter.get(reverse("reporting:home")).status_code == 200, "enterprises need none"
    seed = official.get(reverse("account_factor")).context["seed"]
    official.post(reverse("account_factor"), {"code": totp(seed)})
    assert official.get(board).status_code == 200


def test_taking_it_off_asks_for_the_password(client, person):
    sign_in(client, "wang", PASSWORD)
    seed = client.get(reverse("account_factor")).context["seed"]
    client.post(reverse("account_factor"), {"code": totp(seed)})
    assert client.post(reverse("account_factor_remove"), {"old": "wrong"}).status_code == 422
    assert person.authenticator_set.count() == 2
    assert client.post(reverse("account_factor_renew"), {"old": PASSWORD}).status_code == 200
    assert client.post(reverse("account_factor_remove"), {"old": PASSWORD}).status_code == 302
    assert person.authenticator_set.count() == 0


# --- One's own account ----------------------------------------------------------------------------------------------


def test_a_secret_that_somebody_else_chose_is_replaced_first(client, person):
    User.objects.update(must_change=True)
    sign_in(client, "wang", PASSWORD)
    for address in ("/", reverse("account_me"), reverse("notifications:outbox")):
        assert client.get(address)["Location"] == reverse("account_secret")
    assert client.post(reverse("account_secret"), {"secret": PASSWORD, "again": PASSWORD}).status_code == 422
    done = client.post(reverse("account_secret"), {"secret": "three green boats", "again": "three green boats"})
    assert done.status_code == 302 and is_in(client)


def test_changing_it_signs_the_others_out_and_keeps_this_device(client, person):
    other = StrictClient()
    for browser in (client, other):
        sign_in(browser, "wang", PASSWORD)
    new = {"secret": "three green boats", "again": "three green boats"}
    assert client.post(reverse("account_secret"), {"old": "wrong", **new}).status_code == 422
    assert client.post(reverse("account_secret"), {"old": PASSWORD, **new}).status_code == 302
    assert is_in(client) and not is_in(other)
    assert [row["is_here"] for row in client.get(reverse("account_me")).context["sign_ins"]] == [True]


def test_devices_are_listed_and_signed_out(client, person):
    other = StrictClient(headers={"User-Agent": "Mozilla/5.0 (Linux; Android 9) MicroMessenger/7.0"})
    for browser in (client, other):
        sign_in(browser, "wang", PASSWORD)
    rows = client.get(reverse("account_me")).context["sign_ins"]
    assert [(row["device"], row["is_here"]) for row in rows] == [("微信 · Android", False), (rows[1]["device"], True)]
    client.post(reverse("account_device_end", args=[rows[0]["pk"]]))
    assert is_in(client) and not is_in(other)
    sign_in(other, "wang", PASSWORD)
    client.post(reverse("account_devices_end"))
    assert is_in(client) and not is_in(other)
    assert SignIn.objects.filter(ended_at=None).count() == 1


# --- Small things ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pin", "phone", "guessable"),
    [("123456", "", True), ("987654", "", True), ("112211", "", True), ("482482", "", True), ("345678", "", True),
     ("345670", "13912345670", True), ("739214", "13912345670", False)],
)  # fmt: skip
def test_pins_that_others_try_first(pin, phone, guessable):
    assert is_guessable(pin, phone) is guessable


@pytest.mark.parametrize(
    ("text", "digits"),
    [("+86 138-1234-5678", "13812345678"), ("１３８１２３４５６７８", "13812345678"), ("0635 8234567", "06358234567")],
)
def test_phone_numbers(text, digits):
    assert plain_phone(text) == digits


def test_codes_are_legible_and_different():
    codes = {fresh_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(len(plain_code(code)) == 12 and not set(code) & set("01lio") for code in codes)


@pytest.mark.parametrize(
    ("agent", "words"),
    [("Mozilla/5.0 (iPhone; CPU) Safari/604.1", "Safari · iPhone"), ("", ""), ("curl/8", "")],
)
def test_devices_in_words(agent, words):
    assert described(agent) == words


@pytest.mark.parametrize(
    ("connection", "forwarded", "found"),
    [
        ("203.0.113.9", "198.51.100.7", "203.0.113.9"),
        ("10.0.0.2", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.2", "1.2.3.4, 198.51.100.7, 10.0.0.3", "198.51.100.7"),
        ("10.0.0.2", "", "10.0.0.2"),
        ("10.0.0.2", "nonsense", ""),
    ],
)
def test_the_address_behind_our_own_proxy(settings, connection, forwarded, found):
    from fugong.base.accounts.web.middleware import ClientAddressMiddleware

    settings.PROXIES = ["10.0.0.0/8"]
    seen = []
    request = type("Request", (), {"META": {"REMOTE_ADDR": connection}, "headers": {"X-Forwarded-For": forwarded}})()
    ClientAddressMiddleware(lambda request: seen.append(request.META["REMOTE_ADDR"]))(request)
    assert seen == [found]
