"""GET does not write: an innermost guard over the connection. What a reading request may write all the same is
`EXEMPT`, and goes over a second connection (`settings.LEDGER`).

In production the guard reads each statement, which costs no round trip. The tests run every GET within a READ ONLY
transaction besides, where PostgreSQL itself refuses (tests/test_access.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model

_permitted: ContextVar[bool] = ContextVar("writes_permitted", default=False)
_READS = re.compile(
    r"[\s(]*"  # a union begins with a bracket
    r"(select|show|savepoint|release savepoint|rollback to savepoint|explain|set transaction|declare|fetch|close)\b",
    re.I,
)
_WRITING_SELECT = re.compile(
    r"\b(into|update|delete\s+from|for\s+(key\s+)?share)\b|\b(nextval|setval)\s*\(", re.I
)  # `into` is also that of INSERT, `update` also that of FOR UPDATE and FOR NO KEY UPDATE
_SESSION = re.compile(r'"django_session"')


# The whole list of what a GET may write: model → what writes it.
EXEMPT = {
    "sessions.Session": "the session middleware",
    "audit.AuditEntry": "audit.actions.record_access",
}


class LedgerRouter:
    """Sessions are written over the second connection: a page that is only read may begin, extend or end one."""

    def db_for_write(self, model: type[Model], **hints: Any) -> str | None:
        return str(settings.LEDGER) if model._meta.db_table == "django_session" else None

    def allow_relation(self, first: Model, second: Model, **hints: Any) -> bool:
        """Both connections lead to the one database."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS


class WriteInRead(RuntimeError):
    """A request that promised to change nothing tried to."""


def _guard(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    text = sql if isinstance(sql, str) else str(sql)
    reads = _READS.match(text) and not _WRITING_SELECT.search(text)
    if not (reads or _permitted.get() or _SESSION.search(text)):
        raise WriteInRead(f"a GET request tried to write: {text[:120]}")
    return execute(sql, params, many, context)


@contextmanager
def writes_forbidden() -> Iterator[None]:
    """Within, only statements that read may run; `django_session` is exempt. Raises `WriteInRead`."""
    with connection.execute_wrapper(_guard):
        yield


@contextmanager
def writes_permitted() -> Iterator[None]:
    """The named door, used by `audit.actions.record_access` and nobody else."""
    token = _permitted.set(True)
    try:
        yield
    finally:
        _permitted.reset(token)
