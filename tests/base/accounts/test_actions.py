from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from fugong.base.accounts.actions.mandates import give_mandate
from fugong.base.accounts.actions.people import found_body, open_account
from fugong.base.accounts.enums import BodyKind
from fugong.base.accounts.models import Body, Mandate, User
from fugong.base.audit.models import AuditEntry
from fugong.core.decision import Denied
from fugong.core.roles import Role
from fugong.core.viewer import service_viewer
from tests.factories import UserFactory

CONSOLE = service_viewer("console")
DAY = date(2020, 3, 24)
SECRET = "a long pass phrase"


def open_(actor, username="wang"):
    return open_account(actor=actor, username=username, name="王芳", password=SECRET, phone="0635 123")


def test_an_account_can_sign_in_and_may_nothing(place, client):
    user = open_(CONSOLE)
    assert user.check_password(SECRET)
    assert SECRET not in user.password
    assert AuditEntry.objects.get(verb="accounts.user.opened").detail == {"username": "wang"}
    answer = client.post("/accounts/login/", {"login": "wang", "password": SECRET})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get(f"/i/{place.incident.slug}/enterprises/").status_code == 404


@pytest.mark.parametrize("username", ["", "w", "Wang", "-wang", "wang li", "王", "w" * 65])
def test_a_name_that_cannot_be_typed_plainly_is_refused(db, username):
    with pytest.raises(ValidationError):
        open_(CONSOLE, username)


def test_a_name_is_given_once(db):
    open_(CONSOLE)
    with pytest.raises(ValidationError):
        open_(CONSOLE)


@pytest.mark.parametrize(
    ("kind", "allowed"),
    [
        ("administrator", True),
        ("bureau_clerk", True),
        ("township_cadre", True),
        ("commander@city", False),
        ("reporter", False),
        ("nobody", False),
        ("anonymous", False),
    ],
)
def test_who_opens_accounts(place, viewer_of, kind, allowed):
    actor = viewer_of(kind)
    if allowed:
        assert open_(actor).pk
    else:
        with pytest.raises(Denied):
            open_(actor)
        assert not User.objects.filter(username="wang").exists()


@pytest.mark.parametrize(
    ("kind", "allowed"),
    [
        ("administrator", True),
        ("administrator@city", True),
        ("administrator@outside", False),
        ("commander", False),
        ("bureau_clerk", False),
    ],
)
def test_the_administrator_of_the_area_sets_up_bodies_and_gives_mandates(place, viewer_of, kind, allowed):
    actor, user = viewer_of(kind), UserFactory()
    bureau = place.county.bodies.get()

    def act():
        found_body(actor=actor, name="复工专班", kind=BodyKind.WORKING_GROUP, area=place.county)
        give_mandate(
            actor=actor, user=user, body=bureau, role=Role.DUTY_OFFICER, area=place.county, valid_from=DAY, valid_to=DAY
        )

    if allowed:
        act()
        assert AuditEntry.objects.filter(verb__in=["accounts.body.founded", "accounts.mandate.given"]).count() == 2
        assert user.mandates.get().role == Role.DUTY_OFFICER
    else:
        with pytest.raises(Denied):
            act()
        assert not Body.objects.filter(name="复工专班").exists()
        assert not Mandate.objects.filter(user=user).exists()


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("mandate_role_known", {"role": "reporter"}),
        ("mandate_role_known", {"role": "king"}),
        ("mandate_period_in_order", {"valid_to": date(2020, 3, 23)}),
    ],
)
def test_the_database_refuses_mandates_that_cannot_be(place, constraint, values):
    given = {"role": Role.AUDITOR, "area": place.county, "valid_from": DAY, "body": place.county.bodies.get()}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Mandate.objects.create(user=UserFactory(), **{**given, **values})
