"""Log lines as JSON, one object a line, without personal data: no query, no body, no value that somebody typed."""

from __future__ import annotations

import json
import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

# Set by the outermost middleware for as long as a request lasts.
request_id: ContextVar[str] = ContextVar("request_id", default="")
# What a record may carry beside its message: each is written by our own code and names no person.
FIELDS = ("view", "method", "status", "ms", "statements", "sql", "job", "user_id")


class JsonFormatter(logging.Formatter):
    """A log record as one line. Of an exception it keeps kind, SQL state and places: messages quote what was typed."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            # Django's own lines end with an address, and an address may hold what somebody searched for.
            "message": record.msg if record.name.startswith("django.") else record.getMessage(),
        }
        if number := request_id.get():
            line["request"] = number
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[1] is not None:
            line["exception"] = _described(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def _described(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)
    described: dict[str, Any] = {
        "kind": f"{type(error).__module__}.{type(error).__qualname__}",
        "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:]],
    }
    if state := getattr(error.__cause__ or error, "sqlstate", None):
        described["sqlstate"] = state
    if error.__cause__ is not None:
        described["cause"] = f"{type(error.__cause__).__module__}.{type(error.__cause__).__qualname__}"
    return described
