"""Where an act came from (address of a browser, name of a command), kept per request or process for the trail."""

from __future__ import annotations

from contextvars import ContextVar

origin: ContextVar[str] = ContextVar("origin", default="")
