"""Builders for named constraints, each with a sentence for the user (`violation_error_message`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def check(name: str, condition: Q, message: StrOrPromise) -> models.CheckConstraint:
    """The row must satisfy the condition."""
    return models.CheckConstraint(condition=condition, name=name, violation_error_message=message)


def not_before(name: str, start: str, end: str, message: StrOrPromise) -> models.CheckConstraint:
    """`end` is empty or on/after `start`: periods are closed at both ends."""
    return check(name, Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gte": F(start)}), message)


def within(name: str, field: str, lowest: int, highest: int, message: StrOrPromise) -> models.CheckConstraint:
    """A nullable number lies between both bounds, inclusive."""
    bounds = Q(**{f"{field}__gte": lowest, f"{field}__lte": highest})
    return check(name, Q(**{f"{field}__isnull": True}) | bounds, message)


def one_of(name: str, field: str, values: list[str], message: StrOrPromise) -> models.CheckConstraint:
    """A text column holds one of the listed states."""
    return check(name, Q(**{f"{field}__in": values}), message)


def unique(name: str, *fields: str, message: StrOrPromise, while_: Q | None = None) -> models.UniqueConstraint:
    """No two rows share the fields, among those that satisfy `while_`."""
    return models.UniqueConstraint(fields=fields, name=name, condition=while_, violation_error_message=message)
