from __future__ import annotations

from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction

from fugong.base.accounts import permissions
from fugong.base.accounts.logic.devices import described
from fugong.base.accounts.models import SignIn, User
from fugong.base.accounts.selectors import area_of_person, open_mandate_areas
from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.viewer import Viewer


@transaction.atomic
def note_sign_in(*, actor: Viewer, user: User, session_key: str, user_agent: str, address: str) -> SignIn:
    """A person has signed in: for the person's own list of devices, and on record."""
    permissions.can_change_own(actor, user).require()
    sign_in = SignIn.objects.create(
        user=user,
        session_key=session_key,
        device=described(user_agent),
        address=address,
        started_at=clock.real_now(),
    )
    record(
        actor=actor,
        verb="accounts.user.signed_in",
        subject=f"accounts.user:{user.pk}",
        area_id=area_of_person(user),
        detail={"device": sign_in.device},
    )
    return sign_in


@transaction.atomic
def end_session(*, actor: Viewer, sign_in: SignIn) -> None:
    """Sign a device of one's own out, wherever it is."""
    permissions.can_change_own(actor, sign_in.user).require()
    _end(list(SignIn.objects.filter(pk=sign_in.pk).order_by("pk")))
    record(
        actor=actor,
        verb="accounts.session.ended",
        subject=f"accounts.user:{sign_in.user_id}",
        area_id=area_of_person(sign_in.user),
        detail={"device": sign_in.device},
    )


@transaction.atomic
def end_all_sessions(*, actor: Viewer, user: User, but: str = "") -> int:
    """Sign a person out everywhere, but in the session of the key `but`; returns how many devices that were.

    One's own, or those of a person whom one looks after.
    """
    if actor.id != user.pk:
        permissions.can_issue_code(actor, User.objects.get(pk=user.pk), open_mandate_areas(actor, user)).require()
    ended = _end(list(SignIn.objects.filter(user=user, ended_at=None).exclude(session_key=but).order_by("pk")))
    if ended:
        record(
            actor=actor,
            verb="accounts.session.all_ended",
            subject=f"accounts.user:{user.pk}",
            area_id=area_of_person(user),
            detail={"devices": ended},
        )
    return ended


def _end(sign_ins: list[SignIn]) -> int:
    keys = [sign_in.session_key for sign_in in sign_ins]
    alive = [key for key in keys if SessionStore().exists(key)]
    for key in alive:
        SessionStore().delete(key)
    SignIn.objects.filter(session_key__in=keys).update(ended_at=clock.real_now())
    return len(alive)


@transaction.atomic
def follow_session(*, actor: Viewer, user: User, before: str, after: str) -> None:
    """A session got another key, as it does when the secret changes: the device is still the same."""
    permissions.can_change_own(actor, user).require()
    SignIn.objects.filter(user=user, session_key=before).update(session_key=after)
