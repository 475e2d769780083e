"""What rooms share in their part of the interface, `/api/v1/`: scopes of keys, and problems in words. Knows no HTTP."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from fugong.core.decision import Denied

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a request: in which field, why, and how to mend it."""

    field: str
    reason: str
    mend: str


class Refused(Exception):
    """The request is understood and cannot be done as it stands: the faults say why, field by field."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{fault.field}: {fault.reason}" for fault in faults))
        self.faults = tuple(faults)


class NoKey(Exception):
    """The request came without a key that stands."""


class TooMany(Exception):
    """The key was used more often than it may be within this minute."""


def with_scope(scope: str) -> Callable[[F], F]:
    """Decorator of an operation: the key of the request needs this scope. Raises `NoKey`, `TooMany` or `Denied`."""

    def decorate(operation: F) -> F:
        @wraps(operation)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> Any:
            presented = request.presented
            if presented is None:
                raise NoKey
            if not presented.is_within_rate:
                raise TooMany
            if scope and scope not in request.viewer.scopes:
                raise Denied(_("This key was not made for that. Make one with the scope %(scope)s.") % {"scope": scope})
            return operation(request, *args, **kwargs)

        # Resolved here, where the names of the operation's own module are at hand.
        guarded.__signature__ = inspect.signature(operation, eval_str=True)  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate
