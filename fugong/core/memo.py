"""Reads that one request makes several times are made once. Outside a request nothing is remembered."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_remembered: ContextVar[dict[Hashable, Any] | None] = ContextVar("remembered", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Within, functions marked `once_per_request` answer the same arguments from memory."""
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


def once_per_request(function: Callable[P, T]) -> Callable[P, T]:
    """For reads with hashable positional arguments whose answer does not change while a request lasts."""

    @wraps(function)
    def answer(*args: P.args, **kwargs: P.kwargs) -> T:
        memory = _remembered.get()
        if memory is None or kwargs:
            return function(*args, **kwargs)
        key = (function, args)
        if key not in memory:
            memory[key] = function(*args, **kwargs)
        found: T = memory[key]
        return found

    return answer


def remember(function: Callable[P, T], answer: T, *args: P.args, **kwargs: P.kwargs) -> None:
    """Give a function marked `once_per_request` an answer that the request has found by another way."""
    memory = _remembered.get()
    if memory is not None and not kwargs:
        memory[(getattr(function, "__wrapped__", function), args)] = answer
