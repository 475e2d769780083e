"""The sign-in page's own work. Unknown accounts take the same path, the same time and get the same answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from fugong.base.accounts import permissions
from fugong.base.accounts.actions.refusals import note_wrong_secret
from fugong.base.accounts.actions.throttle import Limit, count_attempt, forget_attempts, take_back_attempt
from fugong.base.accounts.logic.secrets import keyed, login_key
from fugong.base.accounts.models import User
from fugong.base.accounts.selectors import area_of_person, open_mandate_areas, who_may_be
from fugong.base.audit.actions import record
from fugong.core.viewer import Viewer, service_viewer

_DOOR = service_viewer("sign-in")
# A person on a known device or not: five slips, then a quarter of an hour.
ACCOUNT = Limit(5, timedelta(minutes=15))
# Strangers to an account together have twenty guesses a day: of a million PINs that is nothing.
ACCOUNT_DAY = Limit(20, timedelta(days=1))
# A township sits behind one address: its slips of a morning fit in, a machine that tries accounts does not.
ADDRESS = Limit(300, timedelta(minutes=15))


@dataclass(frozen=True, slots=True)
class Entry:
    """Who it is, or why not: `wait` is zero when account and secret simply do not fit."""

    user: User | None = None
    wait: timedelta = timedelta()


def _buckets(key: str, device: str, address: str) -> list[tuple[str, Limit]]:
    if device:
        return [(f"account {key} {device}", ACCOUNT)]
    return [
        (f"account {key} -", ACCOUNT),
        (f"day {key}", ACCOUNT_DAY),
        (keyed(settings.SECRET_KEY, "address", address), ADDRESS),
    ]


@transaction.atomic
def check_secret(*, actor: Viewer, login: str, secret: str, device: str = "", address: str = "") -> Entry:
    """Whose account and secret these are. `device`: the id of a device on which this account has signed in before.

    Attempts are counted before they are judged; strangers cannot lock the owner out of the owner's own device.
    """
    permissions.can_let_in(actor).require()
    key = login_key(settings.SECRET_KEY, login)
    buckets = _buckets(key, device, address)
    wait = max(count_attempt(actor=actor, key=name, limit=limit) for name, limit in buckets)
    if wait:
        return Entry(wait=wait)
    found = None
    people = who_may_be(actor, login)
    if not people:
        User().set_password(secret)  # as long as a comparison takes
    for user in people:
        if user.has_secret(secret):
            found = found or user
    if found is None:
        # A shared telephone means nobody in particular.
        note_wrong_secret(actor=actor, user=people[0] if len(people) == 1 else None)
        return Entry()
    forget_attempts(actor=actor, keys=[name for name, limit in buckets if limit is not ADDRESS])
    # A township's good sign-ins do not use up its address; one of them does not wipe out the bad ones either.
    take_back_attempt(actor=actor, keys=[name for name, limit in buckets if limit is ADDRESS])
    return Entry(user=found)


@transaction.atomic
def unlock_account(*, actor: Viewer, user: User) -> None:
    """Let a person try again who has been locked out, before the time is over."""
    permissions.can_issue_code(actor, user, open_mandate_areas(actor, user)).require()
    keys = [login_key(settings.SECRET_KEY, login) for login in (user.username, user.phone) if login]
    forget_attempts(actor=_DOOR, keys=[name for key in keys for name, _limit in _buckets(key, "", "")[:2]])
    record(actor=actor, verb="accounts.user.unlocked", subject=f"accounts.user:{user.pk}", area_id=area_of_person(user))
