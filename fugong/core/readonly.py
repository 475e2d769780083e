"""GET does not write: an innermost guard over the connection, with one named door."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection

_permitted: ContextVar[bool] = ContextVar("writes_permitted", default=False)
_READS = re.compile(
    r"\s*(select|show|savepoint|release savepoint|rollback to savepoint|explain|set transaction|declare|fetch|close)\b",
    re.I,
)
_WRITING_SELECT = re.compile(
    r"\b(into|update|delete\s+from|for\s+(key\s+)?share)\b|\b(nextval|setval)\s*\(", re.I
)  # `into` is also that of INSERT, `update` also that of FOR UPDATE and FOR NO KEY UPDATE
_SESSION = re.compile(r'"django_session"')


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
