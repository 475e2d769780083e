from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.db import transaction

from fugong.base.accounts.models import User
from fugong.base.accounts.selectors import area_of_person
from fugong.base.audit.actions import record
from fugong.base.notifications import permissions
from fugong.base.notifications.enums import MessageState
from fugong.base.notifications.models import Message
from fugong.core import clock, retention
from fugong.core.bulk import execute
from fugong.core.jobs import defer
from fugong.core.viewer import Viewer

_DATA = Path(__file__).resolve().parent / "data" / "message_retention.csv"
_SPOKEN = (MessageState.QUEUED, MessageState.SENT, MessageState.KEPT)


@transaction.atomic
def queue_message(
    *,
    actor: Viewer,
    kind: str,
    text: str,
    to: User | None = None,
    phone: str = "",
    quiet_key: str = "",
    quiet_for: timedelta | None = None,
    incident_id: int | None = None,
    drill: bool = False,
    secret: bool = False,
) -> Message:
    """Have a text sent to a person (`to`), by a job, once this transaction commits. Never raises for a quiet time.

    `phone` stands in for the person's own number. With `quiet_key` and `quiet_for` the same thing is not said to the
    same person twice within that time: the second message is stored as `suppressed`, its `said_by` the one that was
    said (see its `created_at`). A drill's message is `kept`; one to a person without a number is `failed` and says so.
    A `secret` text is emptied once it was handed on. Counting quiet times, two acts at once wait for each other.
    """
    permissions.can_queue_message(actor).require()
    now = clock.now()
    message = Message(
        recipient=to,
        phone=phone or (to.phone if to else ""),
        kind=kind,
        text=text,
        secret=secret,
        incident_id=incident_id,
        is_drill=drill,
        quiet_key=quiet_key,
        created_at=now,
    )
    message.said_by = _said_already(message, quiet_for) if quiet_key and quiet_for else None
    if message.said_by:
        message.state = MessageState.SUPPRESSED
    elif drill:
        message.state = MessageState.KEPT
    elif not message.phone:
        message.state, message.problem = MessageState.FAILED, "no_phone"
    message.ended_at = None if message.state == MessageState.QUEUED else now
    if message.state == MessageState.SUPPRESSED and secret:
        message.text = ""
    message.save()
    if message.state == MessageState.QUEUED:
        defer("notifications.send", lock=f"notifications.message:{message.pk}", message_id=message.pk)
    return message


def _said_already(message: Message, quiet_for: timedelta) -> Message | None:
    whom = message.recipient_id or message.phone
    execute("SELECT pg_advisory_xact_lock(hashtextextended(%(key)s, 0))", {"key": f"quiet {whom} {message.quiet_key}"})
    earlier = Message.objects.filter(
        quiet_key=message.quiet_key, state__in=_SPOKEN, created_at__gt=message.created_at - quiet_for
    )
    same = {"recipient": message.recipient} if message.recipient else {"recipient": None, "phone": message.phone}
    return earlier.filter(**same).order_by("-pk").first()


@transaction.atomic
def begin_sending(*, actor: Viewer, message_id: int) -> Message | None:
    """Take a message up for sending; None when nothing is to be sent (any more)."""
    permissions.can_work_on_messages(actor).require()
    message = Message.objects.select_for_update().filter(pk=message_id, state=MessageState.QUEUED).first()
    if message is not None:
        message.attempts += 1
        message.save(update_fields=["attempts"])
    return message


@transaction.atomic
def end_sending(*, actor: Viewer, message_id: int, state: MessageState, reference: str = "", problem: str = "") -> None:
    """The gateway took it, the outbox keeps it, or it could not be delivered. What has ended stays as it ended."""
    permissions.can_work_on_messages(actor).require()
    message = Message.objects.select_for_update().filter(pk=message_id, state=MessageState.QUEUED).first()
    if message is None:
        return
    message.state, message.ended_at = state, clock.now()
    message.reference, message.problem = reference[:200], problem
    if message.secret and state != MessageState.KEPT:
        message.text = ""
    message.save()
    record(
        actor=actor,
        verb=f"notifications.message.{state.value}",
        subject=f"notifications.message:{message.pk}",
        area_id=area_of_person(message.recipient) if message.recipient else None,
        detail={"kind": message.kind, "to": message.recipient_id, "attempts": message.attempts, "problem": problem},
    )


@transaction.atomic
def forget_messages(*, actor: Viewer) -> int:
    """Delete messages that ended longer ago than the rule of today says; returns how many."""
    permissions.can_work_on_messages(actor).require()
    period = retention.kept_for(_DATA, clock.today())
    if period is None:
        return 0
    old = Message.objects.filter(ended_at__lt=clock.now() - period)
    # A repetition points at the one that was said: it goes first, and holds a younger one's cause until its own time.
    forgotten = old.filter(said_by__isnull=False).delete()[0]
    forgotten += old.filter(repetitions__isnull=True).delete()[0]
    if forgotten:
        record(
            actor=actor,
            verb="notifications.messages.forgotten",
            subject="notifications.messages:old",
            area_id=None,
            detail={"messages": forgotten, "days": period.days},
        )
    return forgotten
