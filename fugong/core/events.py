"""Facts travel up: an action announces, receivers of upper rooms react inside the same transaction.

A receiver that keeps books therefore commits or rolls back with the fact. Whatever leaves the process is a job
(`core.jobs.defer`) in that transaction. Nothing hangs on memory after commit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TypeVar

from django.db import connection


class Event:
    """Base of facts. Subclasses are frozen dataclasses named as past participles (ReportSubmitted)."""

    __slots__ = ()


E = TypeVar("E", bound=Event)

_receivers: dict[type[Event], list[Callable[[Event], None]]] = defaultdict(list)


class OutsideTransaction(RuntimeError):
    """A fact was announced where it could not be taken back with its cause."""


def receiver(kind: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Decorator: call this function with each announced fact of the kind."""

    def register(function: Callable[[E], None]) -> Callable[[E], None]:
        if function not in _receivers[kind]:
            _receivers[kind].append(function)  # type: ignore[arg-type]
        return function

    return register


def announce(event: Event) -> None:
    """Run the receivers of the event now, in the writer's transaction.

    Raises `OutsideTransaction` when there is none.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction(f"{type(event).__name__} announced outside a transaction")
    for function in tuple(_receivers[type(event)]):
        function(event)
