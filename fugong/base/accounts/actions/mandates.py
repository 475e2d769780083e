from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.accounts import permissions
from fugong.base.accounts.actions.people import open_account
from fugong.base.accounts.actions.secrets import issue_code
from fugong.base.accounts.actions.sessions import end_all_sessions
from fugong.base.accounts.enums import SecretKind
from fugong.base.accounts.events import PersonLeft
from fugong.base.accounts.logic.secrets import fresh_digits, plain_phone
from fugong.base.accounts.models import Body, EntryCode, Mandate, User
from fugong.base.accounts.selectors import area_of_person, open_mandate_areas
from fugong.base.areas.models import Area
from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.events import announce
from fugong.core.viewer import Viewer


@transaction.atomic
def give_mandate(
    *, actor: Viewer, user: User, body: Body, role: str, area: Area, valid_from: date, valid_to: date | None = None
) -> Mandate:
    """Give a person a role in a body within an area, both days included.

    Whoever had only a PIN so far must choose a password at the next sign-in. Raises `ValidationError`.
    """
    permissions.can_give_mandate(actor, area.pk).require()
    return _given(actor, Mandate(user=user, body=body, role=role, area=area, valid_from=valid_from, valid_to=valid_to))


def _given(actor: Viewer, mandate: Mandate) -> Mandate:
    user = User.objects.select_for_update().get(pk=mandate.user_id)
    if user.left_at is not None:
        raise ValidationError(_("This person has left; open a new account instead."))
    mandate.given_by_name = actor.name
    mandate.validate_constraints()
    mandate.save()
    if user.secret_kind == SecretKind.PIN:
        User.objects.filter(pk=user.pk).update(secret_kind=SecretKind.PASSWORD, must_change=True)
    record(
        actor=actor,
        verb="accounts.mandate.given",
        subject=f"accounts.user:{user.pk}",
        area_id=mandate.area_id,
        detail={
            "role": mandate.role,
            "body": mandate.body_id,
            "area": mandate.area.code,
            "from": mandate.valid_from.isoformat(),
            "to": mandate.valid_to.isoformat() if mandate.valid_to else None,
            "deputy_for": mandate.deputy_for_id,
        },
    )
    return mandate


@transaction.atomic
def name_deputy(*, actor: Viewer, mandate: Mandate, user: User, valid_from: date, valid_to: date) -> Mandate:
    """Let another official act in the same role, body and area for a time.

    Raises `ValidationError` for a person who is no official, is the same one, or for days outside the mandate.
    """
    permissions.can_name_deputy(actor, mandate).require()
    if user.pk == mandate.user_id:
        raise ValidationError(_("A deputy is somebody else."))
    if not Mandate.objects.open_on(clock.today()).filter(user=user).exists():
        raise ValidationError(_("A deputy is an official already; give the person a mandate first."))
    if mandate.valid_to is not None and valid_to > mandate.valid_to:
        raise ValidationError(_("The mandate itself ends on %(day)s.") % {"day": mandate.valid_to.isoformat()})
    copied = {"body": mandate.body, "role": mandate.role, "area": mandate.area, "deputy_for": mandate}
    return _given(actor, Mandate(user=user, valid_from=valid_from, valid_to=valid_to, **copied))


@transaction.atomic
def end_mandate(*, actor: Viewer, mandate: Mandate, reason: str) -> None:
    """Take a mandate away at once, with those of its deputies. Past days stay as they were."""
    mandate = Mandate.objects.select_for_update().select_related("area").get(pk=mandate.pk)
    permissions.can_end_mandate(actor, mandate).require()
    for one in [mandate, *mandate.deputies.order_by("pk")]:
        _revoke(actor, one, reason)


def _revoke(actor: Viewer, mandate: Mandate, reason: str) -> None:
    today = clock.today()
    over = mandate.valid_to is not None and mandate.valid_to < today
    if over or (mandate.revoked_on is not None and mandate.revoked_on <= today):
        return
    mandate.revoked_on = today
    mandate.save(update_fields=["revoked_on"])
    record(
        actor=actor,
        verb="accounts.mandate.ended",
        subject=f"accounts.user:{mandate.user_id}",
        area_id=mandate.area_id,
        detail={"mandate": mandate.pk, "role": mandate.role, "body": mandate.body_id},
        reason=reason,
    )


@transaction.atomic
def end_person(*, actor: Viewer, user: User, reason: str) -> None:
    """A leaver ends everywhere at once: mandates, grants and tokens (by the event), codes, sessions, sign-in.

    Deputies who act for the person stay until their own last day, so that the office is not empty. Twice is once.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.left_at is not None:
        return
    permissions.can_look_after(actor, user, open_mandate_areas(actor, user)).require()
    if actor.id == user.pk:
        raise ValidationError(_("Nobody ends one's own account; another administrator does it."))
    area_id = area_of_person(user)  # before the mandates end that may be all that says it
    for mandate in Mandate.objects.open_on(clock.today()).filter(user=user).order_by("pk"):
        _revoke(actor, mandate, reason)
    EntryCode.objects.filter(user=user, used_at=None, revoked_at=None).update(revoked_at=clock.real_now())
    end_all_sessions(actor=actor, user=user)
    user.is_active, user.left_at = False, clock.now()
    user.set_unusable_password()
    user.save(update_fields=["is_active", "left_at", "password"])
    announce(PersonLeft(user_id=user.pk))
    record(actor=actor, verb="accounts.user.left", subject=f"accounts.user:{user.pk}", area_id=area_id, reason=reason)


@transaction.atomic
def take_on(
    *,
    actor: Viewer,
    name: str,
    username: str = "",
    phone: str = "",
    body: Body,
    role: str,
    area: Area,
    valid_from: date,
    valid_to: date | None = None,
) -> tuple[User, str]:
    """A new official in one act: account, mandate, one-time code; returns the person and the code, shown once.

    Without `username` the phone number is the account, else a free word. Raises `ValidationError`.
    """
    permissions.can_give_mandate(actor, area.pk).require()
    user = open_account(
        actor=actor, username=username or _free_username(actor, phone), name=name, phone=phone, area=area
    )
    give_mandate(actor=actor, user=user, body=body, role=role, area=area, valid_from=valid_from, valid_to=valid_to)
    return user, issue_code(actor=actor, user=user, label=body.name)


def _free_username(actor: Viewer, phone: str) -> str:
    wanted = plain_phone(phone)
    if wanted and not User.objects.filter(username=wanted).exists():
        return wanted
    while True:
        word = "u" + fresh_digits()
        if not User.objects.filter(username=word).exists():
            return word
