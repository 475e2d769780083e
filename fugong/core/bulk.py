"""Many rows at once: COPY into a table of the transaction, then set-based statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection


class NotAtomic(RuntimeError):
    """The rows would outlive a failure of what follows them."""


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Stream rows into a table by COPY; memory does not grow with their number.

    `table` and `columns` are names written in our own code. Raises `NotAtomic` outside a transaction.
    """
    if not connection.in_atomic_block:
        raise NotAtomic(table)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def execute(sql: str, parameters: dict[str, Any] | None = None) -> int:
    """Run a statement; returns the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or {})
        return int(cursor.rowcount)


def all_rows(sql: str, parameters: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    """The rows that a statement answers with."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or {})
        return list(cursor.fetchall())


def one_row(sql: str, parameters: dict[str, Any] | None = None) -> tuple[Any, ...]:
    """The single row that a statement answers with."""
    (row,) = all_rows(sql, parameters)
    return row
