"""One picture of the database for many reads."""

from __future__ import annotations

from django.db import connection


class NotAtTheBeginning(RuntimeError):
    """Not the outermost transaction, or none at all: what follows would not be one picture."""


def one_snapshot() -> None:
    """Let everything that this transaction reads be of one moment (REPEATABLE READ).

    Called first in an action that is a transaction of its own. Raises `NotAtTheBeginning` elsewhere;
    behind a read PostgreSQL itself refuses.
    """
    _begin()


def _begin() -> None:
    if not connection.in_atomic_block or connection.savepoint_ids:
        raise NotAtTheBeginning("one_snapshot belongs at the beginning of a transaction")
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
