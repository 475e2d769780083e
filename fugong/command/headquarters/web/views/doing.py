"""What officials can do with a directive: one table of acts, each with its form and its action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fugong.command.headquarters import permissions
from fugong.command.headquarters.actions import directives as acting
from fugong.command.headquarters.enums import DirectiveState
from fugong.command.headquarters.models import Directive
from fugong.command.headquarters.selectors.bodies import addressees
from fugong.command.headquarters.web.forms import directives as made
from fugong.core import clock
from fugong.core.viewer import Viewer

FormMaker = Callable[[Viewer, Directive, Any], forms.Form]


@dataclass(frozen=True, slots=True)
class Act:
    """One act: its button, the form it needs (None: the button alone), what it does, when it is offered."""

    label: Promise
    icon: str
    form: FormMaker | None
    run: Callable[[Viewer, Directive, dict[str, Any]], object]
    done: Promise
    offered: Callable[[Viewer, Directive], bool]
    is_main: bool = False


def _plain(form: type[forms.Form]) -> FormMaker:
    return lambda _viewer, _directive, data: form(data)


def _part(viewer: Viewer, directive: Directive, data: Any) -> forms.Form:
    bodies = addressees(viewer, directive.incident, directive.area)
    return made.PartForm(bodies.exclude(pk=directive.owner_body_id), data)


def _is(directive: Directive, *states: DirectiveState) -> bool:
    return directive.state in states


ACTS: dict[str, Act] = {
    "acknowledge": Act(
        _("Acknowledge"),
        "user-check",
        None,
        lambda viewer, directive, _values: acting.acknowledge_directive(actor=viewer, directive=directive),
        _("Acknowledged: the issuer sees it."),
        lambda viewer, one: _is(one, DirectiveState.ISSUED) and bool(permissions.can_answer(viewer, one)),
        is_main=True,
    ),
    "progress": Act(
        _("Report progress"),
        "message",
        _plain(made.ProgressForm),
        lambda viewer, directive, values: acting.note_progress(actor=viewer, directive=directive, **values),
        _("The issuer reads it now."),
        lambda viewer, one: _is(one, DirectiveState.ACKNOWLEDGED) and bool(permissions.can_answer(viewer, one)),
    ),
    "claim": Act(
        _("Report it done"),
        "flag",
        _plain(made.ClaimForm),
        lambda viewer, directive, values: acting.claim_done(actor=viewer, directive=directive, **values),
        _("Reported done. The issuer closes it or sends it back."),
        lambda viewer, one: _is(one, DirectiveState.ACKNOWLEDGED) and bool(permissions.can_answer(viewer, one)),
        is_main=True,
    ),
    "close": Act(
        _("Close it"),
        "circle-check",
        _plain(made.OptionalTextForm),
        lambda viewer, directive, values: acting.close_directive(actor=viewer, directive=directive, **values),
        _("Closed."),
        lambda viewer, one: _is(one, DirectiveState.CLAIMED) and bool(permissions.can_close(viewer, one)),
        is_main=True,
    ),
    "send-back": Act(
        _("Send it back"),
        "arrow-back-up",
        _plain(made.SendBackForm),
        lambda viewer, directive, values: acting.send_back(
            actor=viewer, directive=directive, reason=values["text"], due_at=values["due_at"]
        ),
        _("Sent back: the clock runs again."),
        lambda viewer, one: _is(one, DirectiveState.CLAIMED) and bool(permissions.can_command(viewer, one)),
    ),
    "supervise": Act(
        _("Write a supervision note"),
        "alert-triangle",
        _plain(made.TextForm),
        lambda viewer, directive, values: acting.supervise_directive(actor=viewer, directive=directive, **values),
        _("The note is on record, and its owner is told."),
        lambda viewer, one: one.is_running and one.due_at < clock.now() and bool(permissions.can_command(viewer, one)),
        is_main=True,
    ),
    "extend": Act(
        _("Give another due time"),
        "calendar",
        _plain(made.ExtendForm),
        lambda viewer, directive, values: acting.extend_directive(
            actor=viewer, directive=directive, due_at=values["due_at"], reason=values["text"]
        ),
        _("The new due time holds from now on."),
        lambda viewer, one: one.is_running and bool(permissions.can_command(viewer, one)),
    ),
    "give-part": Act(
        _("Give a part to another body"),
        "users",
        _part,
        lambda viewer, directive, values: acting.give_part(actor=viewer, directive=directive, **values),
        _("The body has its part now."),
        lambda viewer, one: one.is_running and bool(permissions.can_command(viewer, one)),
    ),
    "withdraw": Act(
        _("Withdraw it"),
        "x",
        _plain(made.TextForm),
        lambda viewer, directive, values: acting.withdraw_directive(
            actor=viewer, directive=directive, reason=values["text"]
        ),
        _("Withdrawn."),
        lambda viewer, one: one.is_open and bool(permissions.can_command(viewer, one)),
    ),
}


def offered(viewer: Viewer, directive: Directive) -> list[dict[str, Any]]:
    """The acts that this viewer can do now, the main ones first."""
    found = []
    for name, doing in ACTS.items():
        if doing.offered(viewer, directive):
            form = doing.form(viewer, directive, None) if doing.form else None
            if form is not None:
                form.auto_id = f"{name}-%s"
            found.append(shown(name, doing, form))
    return sorted(found, key=lambda item: not item["is_main"])


def shown(name: str, doing: Act, form: forms.Form | None, *, is_open: bool = False) -> dict[str, Any]:
    """An act as its template draws it; its address is added by the page."""
    return {
        "name": name,
        "label": doing.label,
        "icon": doing.icon,
        "form": form,
        "is_main": doing.is_main,
        "is_open": is_open,
    }
