"""Many rows at once: COPY into a table of the transaction, then set-based statements."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar, overload

from django.db import connection
from django.db.models import Model

M = TypeVar("M", bound=Model)
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")


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


@dataclass(frozen=True, slots=True)
class Read(Generic[A]):
    """A query for one value, and what the value means. A room hands it up, so that a caller asks several at once.

    `sql` is a subquery of one column, no row meaning none. The names of its parameters are its room's own: asked
    together they meet no other's.
    """

    sql: str
    parameters: dict[str, Any]
    meaning: Callable[[Any], A]

    def alone(self) -> A:
        """The answer. One query."""
        return self.meaning(one_row(f"SELECT ({self.sql})", self.parameters)[0])


@overload
def together(first: Read[A], second: Read[B], /) -> tuple[A, B]: ...
@overload
def together(first: Read[A], second: Read[B], third: Read[C], /) -> tuple[A, B, C]: ...
@overload
def together(first: Read[A], second: Read[B], third: Read[C], fourth: Read[D], /) -> tuple[A, B, C, D]: ...
def together(*reads: Read[Any]) -> tuple[Any, ...]:
    """The answers of several reads, by one query: each statement costs a way to the database and back."""
    parameters = {name: value for read in reads for name, value in read.parameters.items()}
    values = one_row(f"SELECT {', '.join(f'({read.sql})' for read in reads)}", parameters)
    return tuple(read.meaning(value) for read, value in zip(reads, values, strict=True))


def insert_once(row: Model) -> bool:
    """Write a new row, its key set; false when a row that a constraint forbids beside it was first.

    Waits for a transaction that is writing such a row. Unlike a failed `save` it leaves the transaction whole.
    """
    meta = row._meta
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
    names, places = ", ".join(f'"{field.column}"' for field in fields), ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{meta.db_table}" ({names}) VALUES ({places})'  # noqa: S608 - names of our own models
            f' ON CONFLICT DO NOTHING RETURNING "{meta.pk.column}"',
            values,
        )
        found = cursor.fetchone()
    if found is None:
        return False
    row.pk, row._state.adding, row._state.db = found[0], False, connection.alias
    return True


def read_json(found: Any) -> Any:
    """A column of JSON as the cursor gives it; none is an empty list, and a broken number a Decimal."""
    return json.loads(found, parse_float=Decimal) if isinstance(found, str) else found or []


def rows_from_json(model: type[M], found: Any) -> tuple[M, ...]:
    """Rows of several tables come by one statement as arrays of JSON, `jsonb_agg(to_jsonb(t))`.

    `found`: as the cursor gives it, or read already. Numbers stand in the rows as the table has them.
    """
    fields = model._meta.concrete_fields
    names = [field.attname for field in fields]
    return tuple(
        model.from_db(connection.alias, names, [field.to_python(row[field.column]) for field in fields])
        for row in read_json(found)
    )
