from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fugong.base.accounts import permissions
from fugong.base.accounts.actions.refusals import note_wrong_message_code
from fugong.base.accounts.actions.sessions import end_all_sessions
from fugong.base.accounts.actions.throttle import Limit, count_attempt
from fugong.base.accounts.enums import CodePurpose, SecretKind
from fugong.base.accounts.events import AccountChanged, MessageCodeIssued
from fugong.base.accounts.logic import secrets
from fugong.base.accounts.models import EntryCode, User
from fugong.base.accounts.selectors import (
    area_of_person,
    code_digest,
    code_presented,
    open_mandate_areas,
    who_has_phone,
)
from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.events import announce
from fugong.core.viewer import Viewer, service_viewer, viewer_named

CODE_LASTS = timedelta(days=7)
MESSAGE_LASTS = timedelta(minutes=5)
MESSAGE_ATTEMPTS = 5
CLAIMS = Limit(20, timedelta(hours=1))
_DOOR = service_viewer("sign-in")
_SECRET_CHANGED = gettext_lazy(
    "Your password or PIN for Fugong was changed. If it was not you, call the office that gave you the account."
)


@transaction.atomic
def change_own_secret(*, actor: Viewer, user: User, secret: str, session_key: str) -> None:
    """Choose another password or PIN; every other device is signed out. Raises `ValidationError`."""
    permissions.can_change_own(actor, user).require()
    user.choose_secret(secret)
    user.save(update_fields=["password", "must_change"])
    end_all_sessions(actor=actor, user=user, but=session_key)
    announce(AccountChanged(user_id=user.pk, text=str(_SECRET_CHANGED)))
    record(
        actor=actor,
        verb="accounts.secret.changed",
        subject=f"accounts.user:{user.pk}",
        area_id=area_of_person(user),
        detail={"kind": user.secret_kind},
    )


@transaction.atomic
def issue_code(
    *,
    actor: Viewer,
    user: User,
    purpose: CodePurpose = CodePurpose.FIRST,
    label: str = "",
    lasts: timedelta = CODE_LASTS,
    batch: int | None = None,
) -> str:
    """A new one-time code for a person, as it is printed or said; kept as a keyed hash only. Earlier ones are void."""
    permissions.can_issue_code(actor, user, open_mandate_areas(actor, user)).require()
    now, text = clock.real_now(), secrets.fresh_code()
    EntryCode.objects.filter(user=user).alive(now).update(revoked_at=now)
    code = EntryCode.objects.create(
        user=user,
        purpose=purpose,
        digest=code_digest(text),
        label=label,
        batch=batch,
        issued_by_name=actor.name,
        created_at=now,
        expires_at=now + lasts,
    )
    record(
        actor=actor,
        verb="accounts.code.issued",
        subject=f"accounts.user:{user.pk}",
        area_id=area_of_person(user),
        detail={"code": code.pk, "purpose": code.purpose, "batch": batch},
    )
    return text


@transaction.atomic
def revoke_codes(*, actor: Viewer, user: User) -> int:
    """Make every code of a person void that was not used yet, such as one on a lost sheet; returns how many."""
    permissions.can_issue_code(actor, user, open_mandate_areas(actor, user)).require()
    now = clock.real_now()
    revoked = EntryCode.objects.filter(user=user).alive(now).update(revoked_at=now)
    record(
        actor=actor,
        verb="accounts.code.revoked",
        subject=f"accounts.user:{user.pk}",
        area_id=area_of_person(user),
        detail={"codes": revoked},
    )
    return revoked


@transaction.atomic
def revoke_batch(*, actor: Viewer, batch: int) -> int:
    """Make the unused codes of a printed sheet void; returns how many. Whose sheet it is, its own room asks."""
    permissions.can_open_account(actor).require()
    now = clock.real_now()
    return EntryCode.objects.filter(batch=batch).alive(now).update(revoked_at=now)


@transaction.atomic
def count_claim(*, actor: Viewer) -> timedelta:
    """Count that somebody who is signed in types a printed code; returns how long to wait after too many, else zero."""
    permissions.can_change_own(actor, User.objects.get(pk=actor.id or 0)).require()
    return count_attempt(actor=_DOOR, key=f"claim {actor.id}", limit=CLAIMS)


@transaction.atomic
def claim_code(*, actor: Viewer, text: str) -> User:
    """Use a printed code up for an account of one's own; returns the person it was issued to.

    Raises `ValidationError` for one that is void. Attempts are counted before, by `count_claim`: what is raised here
    would take the count back.
    """
    permissions.can_change_own(actor, User.objects.get(pk=actor.id or 0)).require()
    found = code_presented(actor, text)
    code = EntryCode.objects.select_for_update().filter(pk=found.pk).alive(clock.real_now()).first() if found else None
    if code is None or code.user is None or code.purpose != CodePurpose.FIRST:
        raise ValidationError(_("This code was used, replaced or is too old. Ask the office that gave it for another."))
    code.used_at = clock.real_now()
    code.save(update_fields=["used_at"])
    record(
        actor=actor,
        verb="accounts.code.claimed",
        subject=f"accounts.user:{code.user_id}",
        area_id=area_of_person(code.user),
        detail={"code": code.pk},
    )
    return code.user


@transaction.atomic
def redeem_code(*, actor: Viewer, code_id: int, secret: str) -> User:
    """Use a code up: the person's new password or PIN stands, every device is signed out, attempts are forgotten.

    Of two at once one wins. Raises `ValidationError` when the code is void by now, or the secret too easily guessed.
    """
    permissions.can_let_in(actor).require()
    now = clock.real_now()
    code = EntryCode.objects.select_for_update().filter(pk=code_id).alive(now).first()
    if code is None or code.user is None or not code.user.is_active:
        raise ValidationError(_("This code was used, replaced or is too old. Ask the office that gave it for another."))
    user, had_one = code.user, code.user.has_usable_password()
    user.choose_secret(secret)
    user.save(update_fields=["password", "must_change"])
    code.used_at = now
    code.save(update_fields=["used_at"])
    if had_one:
        announce(AccountChanged(user_id=user.pk, text=str(_SECRET_CHANGED)))
    person = viewer_named(user.pk, user.name)
    end_all_sessions(actor=person, user=user)
    record(
        actor=person,
        verb="accounts.code.used",
        subject=f"accounts.user:{user.pk}",
        area_id=area_of_person(user),
        detail={"code": code.pk, "purpose": code.purpose},
    )
    return user


@transaction.atomic
def ask_for_message_code(*, actor: Viewer, phone: str) -> EntryCode:
    """Have six digits sent to a reporter's phone. An unknown number gets the same answer; nothing is sent to it.

    Officials do not sign in this way: a borrowed phone would be enough.
    """
    permissions.can_let_in(actor).require()
    now, digits = clock.real_now(), secrets.fresh_digits()
    user = next((one for one in who_has_phone(actor, phone) if one.secret_kind == SecretKind.PIN), None)
    code = EntryCode.objects.create(
        user=user,
        purpose=CodePurpose.MESSAGE,
        digest=secrets.keyed(settings.SECRET_KEY, "message code", digits),
        issued_by_name=actor.name,
        created_at=now,
        expires_at=now + MESSAGE_LASTS,
    )
    if user is not None:
        text = _("Your code to sign in: %(code)s. Valid 5 minutes. Tell it to nobody.") % {"code": digits}
        announce(MessageCodeIssued(user_id=user.pk, text=text))
    return code


@transaction.atomic
def check_message_code(*, actor: Viewer, code_id: int, digits: str) -> User | None:
    """Who gave the right digits; None when they are wrong, too old, or were tried too often."""
    permissions.can_let_in(actor).require()
    now = clock.real_now()
    code = EntryCode.objects.select_for_update().filter(pk=code_id, purpose=CodePurpose.MESSAGE).alive(now).first()
    if code is None or code.attempts >= MESSAGE_ATTEMPTS:
        return None
    code.attempts += 1
    right = secrets.same(code.digest, secrets.keyed(settings.SECRET_KEY, "message code", secrets.plain_phone(digits)))
    right = right and code.user is not None and code.user.is_active
    code.used_at = now if right else None
    code.save(update_fields=["attempts", "used_at"])
    if not right:
        note_wrong_message_code(actor=actor, user=code.user)
    return code.user if right else None
