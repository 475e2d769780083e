"""What fails at the door, on record: bounded by the limits of attempts, and never with what was typed."""

from __future__ import annotations

from django.db import transaction

from fugong.base.accounts import permissions
from fugong.base.accounts.models import User
from fugong.base.accounts.selectors import area_of_person
from fugong.base.audit.actions import record
from fugong.core.viewer import Viewer


@transaction.atomic
def note_wrong_secret(*, actor: Viewer, user: User | None) -> None:
    """Account and secret did not fit. `user`: whose account it is, where that is plain.

    What was typed is kept nowhere, not even an account that does not exist: some people type their password there.
    """
    permissions.can_let_in(actor).require()
    _note(actor, "accounts.user.refused", user)


@transaction.atomic
def note_wrong_message_code(*, actor: Viewer, user: User | None) -> None:
    """The digits of a short message were wrong; None for a number that nobody has."""
    permissions.can_let_in(actor).require()
    _note(actor, "accounts.message.refused", user)


@transaction.atomic
def note_wrong_factor(*, actor: Viewer, user: User) -> None:
    """Somebody who gave the right secret of this account gave a wrong second factor, or one that was used."""
    permissions.can_let_in(actor).require()
    _note(actor, "accounts.factor.refused", user)


@transaction.atomic
def note_wrong_code(*, actor: Viewer, user: User | None = None) -> None:
    """A one-time code was void, or never one. `user`: who is signed in and typed it."""
    (permissions.can_change_own(actor, user) if user else permissions.can_let_in(actor)).require()
    _note(actor, "accounts.code.refused", user)


def _note(actor: Viewer, verb: str, user: User | None) -> None:
    record(
        actor=actor,
        verb=verb,
        subject=f"accounts.user:{user.pk}" if user else "accounts.user:unknown",
        area_id=area_of_person(user) if user else None,
    )
