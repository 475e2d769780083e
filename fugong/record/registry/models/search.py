"""Conditions on the two columns that the database keeps beside each name for searching (migration 0005)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Func, Q, Value

from fugong.record.registry.logic.search import as_code_beginning, grams, like, search_key


class _Kept(Func):
    """A column beside `name` that the database fills and no model reads: rows stay as small as they were."""

    def __init__(self, column: str, **extra: Any) -> None:
        extra.pop("output_field", None)
        super().__init__(F("name"), output_field=models.TextField(), column=column, **extra)

    def as_sql(self, compiler: Any, *args: Any, **context: Any) -> tuple[str, tuple[str | int, ...]]:
        (name,) = self.get_source_expressions()
        return f"{compiler.quote_name_unless_alias(name.alias)}.{self.extra['column']}", ()


def _compared(column: str, sign: str, value: str | list[str]) -> Q:
    truth = models.BooleanField()
    return Q(Func(_Kept(column), Value(value), template="%(expressions)s", arg_joiner=f" {sign} ", output_field=truth))


def _code_begins(key: str) -> Q:
    beginning = as_code_beginning(key)
    return Q(uscc__startswith=beginning) | Q(provisional_id__startswith=beginning) if beginning else Q(pk__in=[])


def looked_up(text: str) -> Q:
    """A part of the name, or the beginning of the credit code or provisional id: by way of the indexes."""
    key = search_key(text)
    if not key:
        return Q()
    return _compared("name_grams", "@>", grams(key)) & _compared("name_key", "LIKE", like(key)) | _code_begins(key)


def read_through(text: str) -> Q:
    """The same condition where no index can help, for words that very many names have: reading in order ends soon."""
    key = search_key(text)
    return _compared("name_key", "LIKE", like(key)) | _code_begins(key) if key else Q()
