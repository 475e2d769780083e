"""What officials can do with a request: one table of acts, each with its form and its action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.selectors import bodies_within, people_of
from fugong.base.areas.selectors import area_tree
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.desk import permissions
from fugong.record.desk.actions import ending, parts, working
from fugong.record.desk.enums import RUNNING, ClockState, RequestEnd, RequestState
from fugong.record.desk.models import Request
from fugong.record.desk.selectors.people import away_among, loads_in
from fugong.record.desk.selectors.queue import Whole, part_for, requests_for
from fugong.record.desk.selectors.rules import section_on
from fugong.record.desk.web import forms as made

FormMaker = Callable[[Viewer, Request, Any], forms.Form]
Doing = Callable[[Viewer, Request, dict[str, Any]], object]


@dataclass(frozen=True, slots=True)
class Act:
    """One act: its button, the form it needs (None: the button alone), what it does, when it is offered."""

    label: Promise
    icon: str
    form: FormMaker | None
    run: Doing
    done: Promise
    offered: Callable[[Viewer, Whole], bool]
    is_main: bool = False


def _works(viewer: Viewer, whole: Whole) -> bool:
    return whole.request.state in RUNNING and bool(permissions.can_work_on(viewer, whole.request))


def _bodies(form: type[made.BodyForm]) -> FormMaker:
    def maker(viewer: Viewer, request: Request, data: Any) -> forms.Form:
        return form(bodies_within(area_tree().areas[request.managing_area_id]), data)

    return maker


def _plain(form: type[forms.Form]) -> FormMaker:
    return lambda _viewer, _request, data: form(data)


def _person(viewer: Viewer, request: Request, data: Any) -> forms.Form:
    people = people_of(viewer, request.owner_body, clock.today(), *permissions.WORKERS)
    away = away_among(viewer, list(people.values_list("pk", flat=True)), clock.today())
    return made.AssignForm(people, loads_in(viewer, request.owner_body), away, data)


def _duplicate(viewer: Viewer, request: Request, values: dict[str, Any]) -> object:
    other = requests_for(viewer, request.incident).filter(number=values["number"].strip()).first()
    if other is None:
        raise ValidationError({"number": _now("There is no request with this number in your areas.")})
    return ending.end_as_duplicate(actor=viewer, request=request, of=other)


def _may_accept(viewer: Viewer, whole: Whole) -> bool:
    request = whole.request
    if request.state not in RUNNING or not permissions.can_accept(viewer, request):
        return False
    return request.owner_id is None or request.offered_to_id in viewer.body_ids


def _declines(viewer: Viewer, whole: Whole) -> bool:
    request = whole.request
    return request.state in RUNNING and request.offered_to_id is not None and request.offered_to_id in viewer.body_ids


ACTS: dict[str, Act] = {
    "accept": Act(
        _("Accept"),
        "user-check",
        None,
        lambda viewer, request, _values: working.accept_request(actor=viewer, request=request),
        _("Accepted: it is yours now."),
        _may_accept,
        is_main=True,
    ),
    "decline": Act(
        _("Not ours: name whose"),
        "arrow-back-up",
        _bodies(made.BodyForm),
        lambda viewer, request, values: working.decline_offer(
            actor=viewer, request=request, whose=values["body"], reason=values["text"]
        ),
        _("The body that you named is asked next."),
        _declines,
    ),
    "contact": Act(
        _("Note a contact"),
        "phone",
        _plain(made.ContactForm),
        lambda viewer, request, values: working.note_contact(
            actor=viewer, request=request, reached=values["reached"] == "yes", text=values["text"]
        ),
        _("The contact is noted."),
        _works,
    ),
    "plan": Act(
        _("Make a plan"),
        "list-check",
        _plain(made.TextForm),
        lambda viewer, request, values: working.make_plan(actor=viewer, request=request, text=values["text"]),
        _("The enterprise reads the plan now."),
        lambda viewer, whole: _works(viewer, whole) and whole.request.planned_at is None,
    ),
    "note": Act(
        _("Write progress"),
        "message",
        _plain(made.TextForm),
        lambda viewer, request, values: working.note_progress(actor=viewer, request=request, text=values["text"]),
        _("The enterprise reads it now."),
        lambda viewer, whole: whole.request.is_open and bool(permissions.can_work_on(viewer, whole.request)),
    ),
    "answer": Act(
        _("Answer"),
        "circle-check",
        _plain(made.TextForm),
        lambda viewer, request, values: ending.answer_request(actor=viewer, request=request, text=values["text"]),
        _("Answered. The enterprise has the last word."),
        lambda viewer, whole: _works(viewer, whole) and whole.request.owner_id is not None,
        is_main=True,
    ),
    "pause": Act(
        _("Pause the clock"),
        "player-pause",
        lambda _viewer, request, data: made.PauseForm(section_on(request.incident, clock.today()), data),
        lambda viewer, request, values: working.pause_clock(actor=viewer, request=request, **values),
        _("The clock stands still; the reason is in the timeline."),
        lambda viewer, whole: _works(viewer, whole) and whole.clock.state != ClockState.PAUSED,
    ),
    "resume": Act(
        _("Let the clock run"),
        "player-play",
        None,
        lambda viewer, request, _values: working.resume_clock(actor=viewer, request=request),
        _("The clock runs again."),
        lambda viewer, whole: _works(viewer, whole) and whole.clock.state == ClockState.PAUSED,
    ),
    "assign": Act(
        _("Give it to a person"),
        "user",
        _person,
        lambda viewer, request, values: working.assign_request(actor=viewer, request=request, to=values["to"]),
        _("It is given to the person."),
        _works,
    ),
    "offer": Act(
        _("Offer it to another body"),
        "arrow-right",
        _bodies(made.BodyForm),
        lambda viewer, request, values: working.offer_request(
            actor=viewer, request=request, whose=values["body"], reason=values["text"]
        ),
        _("Offered. The duty stays here until that body accepts."),
        _works,
    ),
    "part": Act(
        _("Ask a body for a part"),
        "users",
        _bodies(made.BodyForm),
        lambda viewer, request, values: parts.ask_part(
            actor=viewer, request=request, body=values["body"], task=values["text"]
        ),
        _("The body finds its part in its queue."),
        _works,
    ),
    "part-state": Act(
        _("Move a part on"),
        "check",
        _plain(made.PartStateForm),
        lambda viewer, request, values: parts.move_part(
            actor=viewer,
            part=part_for(viewer, request, values["part"]),
            state=values["state"],
            note=values["text"],
        ),
        _("The part is noted."),
        lambda _viewer, _whole: False,  # stands beside each part
    ),
    "green": Act(
        _("Open the green channel"),
        "bolt",
        _plain(made.TextForm),
        lambda viewer, request, values: working.open_green_channel(
            actor=viewer, request=request, reason=values["text"]
        ),
        _("The clock is shorter now; the reason is in the timeline."),
        lambda viewer, whole: (
            whole.request.state in RUNNING
            and not whole.request.green_reason
            and bool(permissions.can_speed_up(viewer, whole.request))
        ),
    ),
    "end": Act(
        _("End without help"),
        "x",
        _plain(made.EndForm),
        lambda viewer, request, values: ending.end_without_help(
            actor=viewer, request=request, end=RequestEnd(values["end"]), note=values["text"]
        ),
        _("Ended, with the reason."),
        _works,
    ),
    "unreachable": Act(
        _("End as not reachable"),
        "phone-off",
        None,
        lambda viewer, request, _values: ending.end_unreachable(actor=viewer, request=request),
        _("Ended: not reachable."),
        _works,
    ),
    "duplicate": Act(
        _("End as a duplicate"),
        "copy",
        _plain(made.DuplicateForm),
        _duplicate,
        _("Ended: the other request goes on."),
        _works,
    ),
}


def offered(viewer: Viewer, whole: Whole) -> list[dict[str, Any]]:
    """The acts that the viewer may do now, with empty forms."""
    found = []
    for name, act in ACTS.items():
        if act.offered(viewer, whole):
            form = act.form(viewer, whole.request, None) if act.form else None
            if form is not None:
                form.auto_id = f"{name}-%s"
            found.append(
                {
                    "name": name,
                    "label": act.label,
                    "icon": act.icon,
                    "form": form,
                    "is_main": act.is_main,
                    "is_open": False,
                }
            )
    return found


# The same for the enterprise on its phone.
OWN_ACTS: dict[str, tuple[Promise, type[forms.Form], Doing, Promise]] = {
    "confirm": (
        _("Yes, it is solved"),
        made.OptionalTextForm,
        lambda viewer, request, values: ending.confirm_answer(actor=viewer, request=request, text=values["text"]),
        _("Thank you for your word."),
    ),
    "deny": (
        _("No, not solved"),
        made.TextForm,
        lambda viewer, request, values: ending.deny_answer(actor=viewer, request=request, text=values["text"]),
        _("It goes one level up and starts anew."),
    ),
    "word": (
        _("Add a word"),
        made.TextForm,
        lambda viewer, request, values: ending.add_word(actor=viewer, request=request, text=values["text"]),
        _("Whoever works on it reads your word."),
    ),
    "withdraw": (
        _("No longer needed"),
        made.OptionalTextForm,
        lambda viewer, request, values: ending.withdraw_request(actor=viewer, request=request, text=values["text"]),
        _("The request is withdrawn."),
    ),
    "reopen": (
        _("Open it again"),
        made.TextForm,
        lambda viewer, request, values: ending.reopen_request(actor=viewer, request=request, text=values["text"]),
        _("It goes one level up and starts anew."),
    ),
    "rate": (
        _("Rate"),
        made.RatingForm,
        lambda viewer, request, values: ending.rate_request(
            actor=viewer,
            request=request,
            was_contacted=values["was_contacted"] == "yes",
            outcome=values["outcome"],
            comment=values["text"],
        ),
        _("Thank you for your word."),
    ),
}


def own_acts(whole: Whole) -> list[str]:
    """What the enterprise may do with its request now, in the order of the page."""
    request = whole.request
    rated = any(rating.round == request.reopened for rating in whole.ratings)
    if request.state == RequestState.ANSWERED:
        return ["confirm", "deny", *([] if rated else ["rate"]), "word"]
    if request.state == RequestState.WATCHING:
        return ["deny", *([] if rated else ["rate"]), "word"]
    if request.state == RequestState.ENDED:
        return [*([] if rated or request.answered_at is None else ["rate"]), "reopen"]
    return ["word", "withdraw"]
