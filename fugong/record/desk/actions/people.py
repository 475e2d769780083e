"""The people at the desk: who is away, whose work goes over by itself, who is told what, and when."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from fugong.base.accounts.models import Body, User
from fugong.base.audit.actions import record
from fugong.base.notifications.actions import queue_message
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.desk import permissions
from fugong.record.desk.actions.case import Case
from fugong.record.desk.enums import RUNNING, EntryKind, Promise, Reminder
from fugong.record.desk.models import Away, Request
from fugong.record.desk.selectors.people import place_of, whom_to_tell
from fugong.record.desk.selectors.rules import service_clock

# The same thing is not said to the same person twice within this time, whatever happens between.
_QUIET = timedelta(hours=12)


@transaction.atomic
def note_absence(*, actor: Viewer, body: Body, user: User, first_day: date, last_day: date) -> Away:
    """A person is away for these days: requests in hand go over by themselves, and nobody gives them one.

    Raises `ValidationError` for days in the wrong order or gone by.
    """
    permissions.can_note_absence(actor, body, user.pk).require()
    if last_day < clock.today():
        raise ValidationError({"last_day": _("These days are over. Give a day from today on.")})
    absence = Away(user=user, first_day=first_day, last_day=last_day, noted_by_name=actor.name)
    absence.full_clean()
    absence.save()
    record(
        actor=actor,
        verb="desk.absence.noted",
        subject=f"accounts.user:{user.pk}",
        area_id=body.area_id,
        detail={"from": first_day.isoformat(), "to": last_day.isoformat(), "body": body.pk},
    )
    return absence


@transaction.atomic
def end_absence(*, actor: Viewer, body: Body, user: User) -> int:
    """The person is back: absences that run end yesterday, those to come are dropped. Returns how many."""
    permissions.can_note_absence(actor, body, user.pk).require()
    today = clock.today()
    absences = Away.objects.filter(user=user, last_day__gte=today)
    ended = absences.count()
    absences.filter(first_day__gte=today).delete()
    absences.update(last_day=today - timedelta(days=1))
    if ended:
        record(
            actor=actor,
            verb="desk.absence.ended",
            subject=f"accounts.user:{user.pk}",
            area_id=body.area_id,
            detail={"body": body.pk},
        )
    return ended


@transaction.atomic
def hand_over_request(*, actor: Viewer, request: Request) -> Request:
    """Out of the hands of a person who is away: to the deputy, else back to the queue of the body. Else nothing."""
    permissions.can_run_clocks(actor).require()
    case = Case.held(actor, request)
    row = case.row
    if row.owner is None or row.state not in RUNNING:
        return row
    place = place_of(actor, row.owner_body, row.owner.pk, clock.today())
    if not place.is_away:
        return row
    to = str(place.deputy.name) if place.deputy else _("queue of %(body)s") % {"body": row.owner_body}
    case.hand_over(place.deputy, f"{row.owner.name} → {to}")
    return case.saved()


def _words(row: Request) -> str:
    """What the right person reads, in the language of the place."""
    values = {
        "number": row.number,
        "title": row.title,
        "enterprise": row.enterprise.name,
        "what": Promise(row.next_promise).label,
        "when": f"{clock.local(row.next_due_at):%m-%d %H:%M}" if row.next_due_at else "",
    }
    sentence = {
        Reminder.AT_RISK: _("%(number)s (%(title)s, %(enterprise)s): %(what)s is due %(when)s."),
        Reminder.ESCALATED: _("%(number)s (%(title)s, %(enterprise)s) came one level up to you."),
        Reminder.HANDED_OVER: _("%(number)s (%(title)s, %(enterprise)s) was handed over to you."),
    }[Reminder(row.remind_of)]
    return sentence % values


@transaction.atomic
def remind_of_request(*, actor: Viewer, request: Request) -> int:
    """Tell the right people once what the request waits for; in the service hours of its body, else later.

    Returns how many were told. A drill's messages stay in the outbox.
    """
    permissions.can_run_clocks(actor).require()
    case = Case.held(actor, request)
    row, now = case.row, clock.now()
    if row.remind_at is None or row.remind_at > now:
        return 0
    opening = service_clock(row.owner_body, clock.today()).opening(now)
    if opening > now:
        # Else it would be asked every minute of the night, and stand before those that can be told.
        row.remind_at = opening
        case.saved()
        return 0
    people = whom_to_tell(actor, row)
    with translation.override(settings.LANGUAGE_CODE):
        for user in people:
            queue_message(
                actor=actor,
                to=user,
                kind="desk.reminder",
                text=_words(row),
                quiet_key=f"desk.reminder:{row.pk}:{row.remind_of}:{row.next_due_at and row.next_due_at.isoformat()}",
                quiet_for=_QUIET,
                incident_id=row.incident_id,
                drill=row.incident.is_drill,
            )
        label = Reminder(row.remind_of).label
        case.told(EntryKind.REMINDED, f"{label}: {'、'.join(user.name for user in people) or '—'}")
    case.reminded()
    case.saved()
    return len(people)
