"""Conditions on the two columns that the database keeps beside each name for searching (migration 0005)."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
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


def _holds(made: Func, sign: str, value: str | list[str]) -> Q:
    truth = models.BooleanField()
    return Q(Func(made, Value(value), template="%(expressions)s", arg_joiner=f" {sign} ", output_field=truth))


def _code_begins(key: str) -> Q:
    beginning = as_code_beginning(key)
    return Q(uscc__startswith=beginning) | Q(provisional_id__startswith=beginning) if beginning else Q(pk__in=[])


def looked_up(text: str) -> Q:
    """A part of the name, or the beginning of the credit code or provisional id: by way of the indexes."""
    key = search_key(text)
    if not key:
        return Q()
    return _holds(_Kept("name_grams"), "@>", grams(key)) & _holds(_Kept("name_key"), "LIKE", like(key)) | _code_begins(
        key
    )


def read_through(text: str) -> Q:
    """The same condition where no index can help, for words that very many names have: reading in order ends soon."""
    key = search_key(text)
    return _holds(_Kept("name_key"), "LIKE", like(key)) | _code_begins(key) if key else Q()


def words_of(column: str) -> Func:
    """What an index over another table's text holds, so that `worded` finds by it."""
    return Func(F(column), function="registry_name_grams", output_field=ArrayField(models.TextField()))


def worded(column: str, text: str) -> Q:
    """A part of a text, compared as names are; by way of an index over `words_of`."""
    key = search_key(text)
    return _holds(words_of(column), "@>", grams(key)) & worded_read_through(column, text) if key else Q()


def worded_read_through(column: str, text: str) -> Q:
    """The same condition where no index can help, for words that very many texts have."""
    compared: Func = Func(F(column), function="registry_name_key", output_field=models.TextField())
    return _holds(compared, "LIKE", like(search_key(text)))
