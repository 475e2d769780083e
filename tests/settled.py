"""The place of the tests made once for a whole module, with everybody in it signed in.

For the walks over the access table, where making thirty people anew for each address would be most of the time. Each
test gets copies, and what it writes is taken back; at the end the place is taken back itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from dataclasses import dataclass
from http.cookies import SimpleCookie

from django.db import transaction
from django.test import override_settings

from tests import strict
from tests.place import KINDS, Place, make_place


@dataclass(frozen=True)
class Settled:
    """What was made: the place, and the cookies of each kind of viewer."""

    place: Place
    cookies: dict[str, SimpleCookie]

    def place_again(self) -> Place:
        """A copy, so that no test sees what another did to an object."""
        return deepcopy(self.place)

    def client_for(self, kind: str) -> strict.StrictClient:
        """A browser of this kind of viewer, as fresh as after signing in."""
        client = strict.StrictClient()
        client.cookies = deepcopy(self.cookies[_full(kind)])
        return client


def _full(kind: str) -> str:
    """`bureau_clerk` stands for `bureau_clerk@in`, `reporter` for `reporter@own`: the first that KINDS has."""
    return next(known for known in KINDS if known == kind or known.startswith(f"{kind}@"))


@contextmanager
def _taken_back(alias: str) -> Iterator[None]:
    with transaction.atomic(using=alias):
        yield
        transaction.set_rollback(True, using=alias)


@contextmanager
def settle(epidemic, *, ledger: str) -> Iterator[Settled]:
    """Make the place and sign everybody in; `ledger`: the connection over which sessions are written and read."""
    with ExitStack() as ends:
        for alias in {"default", ledger}:
            ends.enter_context(_taken_back(alias))
        with override_settings(LEDGER=ledger):
            place = make_place(epidemic)
            give_numbers(place)
            cookies = {kind: _signed_in(place, kind) for kind in KINDS}
        yield Settled(place, cookies)


def give_numbers(place: Place) -> None:
    """Everybody has a telephone, so that a page that shows a number in full is noticed."""
    for number, kind in enumerate(KINDS):
        if kind != "anonymous":
            person = place.person(kind)
            person.phone = f"139{number:08}"
            person.save()


def _signed_in(place: Place, kind: str) -> SimpleCookie:
    client = strict.StrictClient()
    if kind != "anonymous":
        client.force_login(place.person(kind))
    return client.cookies
