"""What happens to a directive after its issue: the owner's side and the issuer's side."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from fugong.base.accounts.models import Body
from fugong.base.areas.selectors import area_tree
from fugong.base.notifications.actions import queue_message
from fugong.command.headquarters import permissions
from fugong.command.headquarters.actions.held import Held
from fugong.command.headquarters.enums import OPEN, RUNNING, DirectiveState, Reminder, StepKind
from fugong.command.headquarters.logic.words import needed
from fugong.command.headquarters.models import Directive, DirectivePart
from fugong.command.headquarters.selectors.bodies import whom_to_remind
from fugong.core import clock
from fugong.core.viewer import Viewer, service_viewer

# The same thing of the same directive is said to the same person once while its due time stays.
_QUIET = timedelta(days=365)
_JOB = service_viewer("headquarters")


@transaction.atomic
def acknowledge_directive(*, actor: Viewer, directive: Directive) -> Directive:
    """Say that it has arrived and is being done. A second time changes nothing."""
    permissions.can_answer(actor, directive).require()
    held = Held.of(actor, directive)
    row = held.row
    if row.state == DirectiveState.ACKNOWLEDGED:
        return row
    held.require(DirectiveState.ISSUED)
    row.state, row.acknowledged_at = DirectiveState.ACKNOWLEDGED, clock.now()
    if row.owner_id is None and row.owner_body_id in actor.body_ids:
        row.owner_id = actor.id
    held.told(StepKind.ACKNOWLEDGED)
    return held.saved()


@transaction.atomic
def note_progress(
    *, actor: Viewer, directive: Directive, text: str, evidence: str = "", percent: int | None = None
) -> Directive:
    """Write how far it has come. `percent` is kept where nothing is computed."""
    permissions.can_answer(actor, directive).require()
    held = Held.of(actor, directive)
    held.require(DirectiveState.ACKNOWLEDGED)
    held.row.percent = held.row.percent if percent is None else percent
    held.told(StepKind.PROGRESSED, needed(text, _("Write what has been done.")), evidence.strip(), percent=percent)
    return held.saved()


@transaction.atomic
def claim_done(*, actor: Viewer, directive: Directive, text: str, evidence: str) -> Directive:
    """Say that it is done and where that can be seen; the issuer closes it or sends it back.

    Raises `ValidationError` without evidence, and while a body has not done its part.
    """
    permissions.can_answer(actor, directive).require()
    held = Held.of(actor, directive)
    held.require(DirectiveState.ACKNOWLEDGED)
    words = needed(text, _("Write what has been done."))
    seen = needed(evidence, _("Say where it can be seen: a document, a number, a place."))
    undone = [part for part in held.row.parts.select_related("body") if part.done_at is None]
    if undone:
        raise ValidationError(
            _("%(body)s has not done its part yet. Ask it, or write progress meanwhile.") % {"body": undone[0].body}
        )
    held.row.state, held.row.claimed_at, held.row.claimed_by_id = DirectiveState.CLAIMED, clock.now(), actor.id
    held.told(StepKind.CLAIMED, words, seen)
    return held.saved()


@transaction.atomic
def send_back(*, actor: Viewer, directive: Directive, reason: str, due_at: datetime | None = None) -> Directive:
    """It is not done: back to the owner, with the reason, and with a new due time where one is given."""
    permissions.can_command(actor, directive).require()
    held = Held.of(actor, directive)
    held.require(DirectiveState.CLAIMED)
    row = held.row
    row.state, row.claimed_at, row.claimed_by_id = DirectiveState.ACKNOWLEDGED, None, None
    held.told(StepKind.SENT_BACK, needed(reason, _("Say what is missing.")))
    if due_at is not None:
        _give_until(held, due_at)
    return held.saved()


@transaction.atomic
def close_directive(*, actor: Viewer, directive: Directive, text: str = "") -> Directive:
    """The issuer has seen that it is done."""
    permissions.can_close(actor, directive).require()
    held = Held.of(actor, directive)
    permissions.can_close(actor, held.row).require()
    held.require(DirectiveState.CLAIMED)
    held.row.state, held.row.ended_at = DirectiveState.CLOSED, clock.now()
    held.told(StepKind.CLOSED, text.strip())
    return held.saved()


@transaction.atomic
def withdraw_directive(*, actor: Viewer, directive: Directive, reason: str) -> Directive:
    """It is not to be done any more; the reason is read by its owner."""
    permissions.can_command(actor, directive).require()
    held = Held.of(actor, directive)
    held.require(*OPEN)
    held.row.state, held.row.ended_at = DirectiveState.WITHDRAWN, clock.now()
    held.told(StepKind.WITHDRAWN, needed(reason, _("Say why it is withdrawn.")))
    return held.saved()


@transaction.atomic
def extend_directive(*, actor: Viewer, directive: Directive, due_at: datetime, reason: str) -> Directive:
    """Another due time, with a reason; the old one stays in the timeline."""
    permissions.can_command(actor, directive).require()
    held = Held.of(actor, directive)
    held.require(*RUNNING)
    words = needed(reason, _("Say why it gets another due time."))
    _give_until(held, due_at, words)
    return held.saved()


def _give_until(held: Held, due_at: datetime, words: str = "") -> None:
    if due_at <= clock.now():
        raise ValidationError({"due_at": _("The due time has passed already. Give a later one.")})
    old = f"{clock.local(held.row.due_at):%m-%d %H:%M} → {clock.local(due_at):%m-%d %H:%M}"
    held.row.due_at, held.row.reminded_of = due_at, Reminder.NONE
    held.told(StepKind.EXTENDED, f"{old} {words}".strip())


@transaction.atomic
def supervise_directive(*, actor: Viewer, directive: Directive, text: str) -> Directive:
    """A supervision note on an overdue directive: on record, and told to the owner at once.

    Raises `ValidationError` while it is not overdue.
    """
    permissions.can_command(actor, directive).require()
    held = Held.of(actor, directive)
    held.require(*RUNNING)
    row = held.row
    if clock.now() <= row.due_at:
        raise ValidationError(_("It is not overdue. A supervision note is for what has run past its due time."))
    words = needed(text, _("Say what is expected, and until when."))
    row.supervised += 1
    held.told(StepKind.SUPERVISED, words, number=row.supervised)
    with translation.override(settings.LANGUAGE_CODE):
        said = _("Supervision note %(n)d on directive %(number)s (%(title)s): %(text)s")
        said %= {"n": row.supervised, "number": row.number, "title": row.title, "text": words}
    _say(actor, row, "headquarters.supervision", said, quiet_key="")
    return held.saved()


@transaction.atomic
def give_part(*, actor: Viewer, directive: Directive, body: Body, task: str) -> DirectivePart:
    """Let another body of the area do a share of it."""
    permissions.can_command(actor, directive).require()
    held = Held.of(actor, directive)
    held.require(*RUNNING)
    if body.area_id not in area_tree().within(held.row.area):
        raise ValidationError({"body": _("This body lies outside your area; its own headquarters directs it.")})
    if body.pk == held.row.owner_body_id:
        raise ValidationError({"body": _("This body has the whole directive already.")})
    part = DirectivePart(directive=held.row, body=body, task=task.strip(), given_at=clock.now())
    part.full_clean()
    part.save()
    held.told(StepKind.PART_GIVEN, f"{body}: {part.task}", body=body.pk)
    return part


@transaction.atomic
def finish_part(*, actor: Viewer, part: DirectivePart, note: str) -> DirectivePart:
    """The body has done its share, and says how."""
    permissions.can_do_part(actor, part).require()
    held = Held.of(actor, part.directive)
    held.require(*RUNNING)
    part = DirectivePart.objects.select_for_update(of=("self",)).select_related("body").get(pk=part.pk)
    if part.done_at is not None:
        raise ValidationError(_("This part is done already."))
    part.note, part.done_at = needed(note, _("Write what has been done.")), clock.now()
    part.full_clean()
    part.save()
    held.told(StepKind.PART_DONE, f"{part.body}: {part.note}", body=part.body_id)
    return part


@transaction.atomic
def remind_of_directive(*, actor: Viewer, directive: Directive, of: Reminder) -> int:
    """Tell the owner once what the directive waits for; returns how many people were told."""
    permissions.can_run_clocks(actor).require()
    held = Held.of(actor, directive)
    row = held.row
    if row.state not in RUNNING or row.reminded_of == of:
        return 0
    row.reminded_of = of
    values = {"number": row.number, "title": row.title, "due": f"{clock.local(row.due_at):%m-%d %H:%M}"}
    with translation.override(settings.LANGUAGE_CODE):
        sentence = {
            Reminder.ACKNOWLEDGE: _("Directive %(number)s (%(title)s) is not acknowledged yet. It is due %(due)s."),
            Reminder.SOON: _("Directive %(number)s (%(title)s) is due %(due)s."),
            Reminder.OVERDUE: _("Directive %(number)s (%(title)s) was due %(due)s and is overdue."),
        }[of]
        label = of.label
    told = _say(
        actor,
        row,
        "headquarters.reminder",
        sentence % values,
        quiet_key=f"headquarters.reminder:{row.pk}:{of}:{row.due_at.isoformat()}",
    )
    held.told(StepKind.REMINDED, f"{label}: {'、'.join(told) or '—'}")
    held.saved()
    return len(told)


def _say(actor: Viewer, row: Directive, kind: str, text: str, quiet_key: str) -> list[str]:
    """Tell the owner's side; returns the names of those who were told. A drill's messages stay in the outbox."""
    people = whom_to_remind(_JOB, row.incident, row.owner_body, row.owner)
    for user in people:
        queue_message(
            actor=actor,
            to=user,
            kind=kind,
            text=text,
            quiet_key=quiet_key,
            quiet_for=_QUIET if quiet_key else None,
            incident_id=row.incident_id,
            drill=row.incident.is_drill,
        )
    return [user.name for user in people]
