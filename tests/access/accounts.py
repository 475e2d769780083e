"""Getting in, one's own account, people and bodies."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import make_password

from fugong.base.accounts.actions.secrets import issue_code
from fugong.base.accounts.models import Mandate, SignIn, User
from fugong.core.roles import Role
from fugong.core.viewer import service_viewer
from tests import factories
from tests.access.rows import Row, answers, everybody
from tests.place import Place


def _code_of_somebody(place: Place) -> dict[str, str]:
    return {"code": issue_code(actor=service_viewer("tests"), user=factories.UserFactory())}


def _device_of(place: Place, kind: str) -> SignIn:
    return factories.SignInFactory(user=place.person(kind))


SIGNED_IN = answers({}, rest=200)
ADMINISTERS = answers({"administrator": 200}, rest=403)
ADMINISTERS_WRONGLY = answers({"administrator": 422}, rest=403)
_OF_AREA = {"administrator@in administrator@city": 422}
LOOKS_AFTER = answers({"administrator@in administrator@city": 200, "administrator": 404}, rest=403)
LOOKS_AFTER_WRITES = answers({"administrator@in administrator@city": 302, "administrator": 404}, rest=403)


def _official(place: Place) -> list[int]:
    """An official of the county, whom its administrator looks after."""
    return [_serving(place).user_id]


def _serving(place: Place) -> Mandate:
    found = Mandate.objects.filter(user__username="serving").first()
    return found or factories.MandateFactory(
        user=factories.UserFactory(username="serving", area=place.county),
        area=place.county,
        body=place.county.bodies.get(kind="bureau"),
        role=Role.AUDITOR,
    )


def _never_in(place: Place) -> Any:
    """The county's bureau has somebody who has chosen no password yet."""
    return User.objects.filter(pk=_serving(place).user_id).update(password=make_password(None))


def _mandate(place: Place) -> list[int]:
    return [_serving(place).user_id, _serving(place).pk]


def _body(place: Place) -> dict[str, str]:
    return {"name": "东昌府区工业和信息化局", "short_name": "区工信局"}


TABLE: dict[str, list[Row]] = {
    "account_login": [
        Row(
            answers({}, rest=302, anonymous=200),
            answers({}, rest=302, anonymous=200),
            data=lambda place: {"login": "nobody", "password": "wrong"},
        )
    ],
    "account_code": [
        Row(everybody(200), everybody(422), query="c=abcd", data=lambda place: {"code": "no such code"}),
        Row(everybody(200), answers({}, rest=200, anonymous=302), data=_code_of_somebody),
    ],
    "account_code_secret": [Row(everybody(302), everybody(302))],
    "account_message": [Row(everybody(200), everybody(302), data=lambda place: {"phone": "13800000000"})],
    "account_message_code": [Row(everybody(302), everybody(302))],
    "account_forgotten": [Row(everybody(200))],
    # Between password and page only: whoever is not on the way is sent back.
    "mfa_authenticate": [Row(everybody(302), everybody(302))],
    "account_me": [Row(SIGNED_IN)],
    "account_secret": [Row(SIGNED_IN, answers({}, rest=422))],
    "account_deputy": [
        # One's own mandate; those of others do not exist.
        Row(
            answers({"auditor@in": 200}),
            answers({"auditor@in": 422}),
            args=lambda place: [place.person("auditor@in").mandates.get().pk],
        ),
    ],
    # A device of one's own; those of others do not exist.
    "account_device_end": [
        Row(None, answers({"auditor@in": 302}), args=lambda place: [_device_of(place, "auditor@in").pk]),
    ],
    "account_devices_end": [Row(None, answers({}, rest=302))],
    "account_factor": [Row(SIGNED_IN, answers({}, rest=422))],
    "account_factor_renew": [Row(None, answers({}, rest=422))],
    "account_factor_remove": [Row(None, answers({}, rest=422))],
    "people:list": [Row(ADMINISTERS)],
    "people:new": [Row(ADMINISTERS, ADMINISTERS_WRONGLY)],
    "people:person": [Row(LOOKS_AFTER, args=_official)],
    "people:edit": [Row(LOOKS_AFTER, LOOKS_AFTER_WRITES, args=_official, data=lambda place: {"name": "王芳"})],
    "people:mandate_new": [Row(LOOKS_AFTER, answers(_OF_AREA | {"administrator": 404}, rest=403), args=_official)],
    "people:mandate_end": [
        Row(LOOKS_AFTER, LOOKS_AFTER_WRITES, args=_mandate, data=lambda place: {"reason": "调离"}),
    ],
    "people:deputy": [Row(LOOKS_AFTER, answers(_OF_AREA | {"administrator": 404}, rest=403), args=_mandate)],
    "people:code": [Row(None, LOOKS_AFTER, args=_official)],
    "people:unlock": [Row(None, LOOKS_AFTER_WRITES, args=_official)],
    "people:devices_end": [Row(None, LOOKS_AFTER_WRITES, args=_official)],
    "people:factor_remove": [Row(None, LOOKS_AFTER_WRITES, args=_official)],
    "people:leave": [Row(LOOKS_AFTER, LOOKS_AFTER_WRITES, args=_official, data=lambda place: {"reason": "退休"})],
    "people:bodies": [Row(ADMINISTERS)],
    "people:body_new": [Row(ADMINISTERS, ADMINISTERS_WRONGLY)],
    "people:body_codes": [
        Row(None, LOOKS_AFTER, args=lambda place: [place.county.bodies.get().pk], prepare=_never_in),
    ],
    "people:body_edit": [
        Row(LOOKS_AFTER, LOOKS_AFTER_WRITES, args=lambda place: [place.county.bodies.get().pk], data=_body),
    ],
    "account_logout": [Row(answers({}, rest=200, anonymous=302), everybody(302))],
}
