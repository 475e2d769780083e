"""A permission answers with a reason, for the 403 page and for the disabled button alike."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Denied(Exception):
    """The actor is known but lacks the right; `reason` says which right is missing and who grants it."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason)
        self.reason = reason


class OutOfScope(Exception):
    """The object lies outside what the actor may know of; shown as 404."""


@dataclass(frozen=True, slots=True)
class Decision:
    """May it be done, and if not, why not. True or False in a condition."""

    allowed: bool
    reason: Text = ""

    def __bool__(self) -> bool:
        return self.allowed

    def require(self) -> None:
        """Raise `Denied` with the reason unless allowed."""
        if not self.allowed:
            raise Denied(self.reason)


ALLOWED = Decision(True)


def allowed_if(condition: bool, reason: Text) -> Decision:
    """`ALLOWED` when the condition holds, else a refusal with this reason."""
    return ALLOWED if condition else Decision(False, reason)


SIGN_IN_FIRST = Decision(False, _("Sign in first."))
