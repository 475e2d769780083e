"""The outermost middleware: a number for each request, what it cost, and which statement was slow."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from fugong.core.logs import request_id
from fugong.portal.watching import metrics

log = logging.getLogger("fugong.request")
slow_log = logging.getLogger("fugong.slow")
_GIVEN = re.compile(r"[0-9A-Za-z-]{8,64}")
_LONGEST_SQL = 2000


class _Counter:
    """Counts the statements of one request; names the slow ones, with placeholders in the place of values."""

    def __init__(self) -> None:
        self.statements = 0

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        self.statements += 1
        begun = perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            ms = (perf_counter() - begun) * 1000
            if ms > settings.SLOW_STATEMENT_MS:
                metrics.slow_statements.inc()
                # Statements composed for COPY may quote names of columns, never what a person typed.
                text = sql if isinstance(sql, str) else type(sql).__name__
                slow_log.warning("slow statement", extra={"ms": round(ms), "sql": text[:_LONGEST_SQL]})


class WatchMiddleware:
    """Gives the request its number, and writes down view, status, time and statements when it is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        number = given if _GIVEN.fullmatch(given) else secrets.token_hex(8)
        token = request_id.set(number)
        counter = _Counter()
        begun = perf_counter()
        try:
            with connection.execute_wrapper(counter):
                response = self.get_response(request)
            self._note(request, response, perf_counter() - begun, counter.statements)
        finally:
            request_id.reset(token)
        response["X-Request-ID"] = number
        return response

    def _note(self, request: HttpRequest, response: HttpResponse, took: float, statements: int) -> None:
        # The address itself stays out: it may hold what somebody searched for. No view: static file or nothing there.
        view = request.resolver_match.view_name if request.resolver_match else "none"
        method = request.method if request.method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} else "other"
        metrics.requests.labels(view, method, str(response.status_code)).inc()
        metrics.seconds.labels(view).observe(took)
        metrics.statements.labels(view).inc(statements)
        log.info(
            "request",
            extra={
                "view": view,
                "method": method,
                "status": response.status_code,
                "ms": round(took * 1000, 1),
                "statements": statements,
            },
        )
