"""A request in the hands of one act: held, changed by the rules of its states, written with timeline and trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fugong.base.accounts.models import User
from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.events import announce
from fugong.core.turns import held
from fugong.core.viewer import Viewer
from fugong.record.desk.enums import (
    INTERNAL,
    RUNNING,
    TRANSITIONS,
    EntryKind,
    Reminder,
    RequestEnd,
    RequestState,
)
from fugong.record.desk.events import RequestEnded, RequestEscalated
from fugong.record.desk.models import Entry, Request, Round
from fugong.record.desk.selectors.rules import body_above, promises_for, section_on, service_clock

_PROMISED = (("contact_due_at", "contacted_at"), ("plan_due_at", "planned_at"), ("close_due_at", None))


class Case:
    """One request and the actor who changes it. Whoever makes one has asked for the right and is in a transaction."""

    def __init__(self, actor: Viewer, row: Request) -> None:
        self.actor, self.row = actor, row
        self._due, self._tell_of = row.next_due_at, ""

    @classmethod
    def held(cls, actor: Viewer, request: Request) -> Case:
        """The request as it stands now, held until the transaction ends: two clerks at once take turns."""
        related = ("owner_body", "owner_body__parent", "offered_to", "enterprise", "incident", "owner", "root")
        return cls(actor, held(Request.objects.select_related(*related), request.pk))

    def told(self, kind: EntryKind, text: str = "", **detail: Any) -> None:
        """One step of the timeline and one row of the trail."""
        Entry.objects.create(
            request=self.row,
            at=clock.now(),
            kind=kind,
            actor_id=self.actor.id,
            actor_name=self.actor.name,
            text=text,
            is_public=kind not in INTERNAL,
        )
        record(
            actor=self.actor,
            verb=f"desk.request.{kind}",
            subject=f"desk.request:{self.row.pk}",
            area_id=self.row.managing_area_id,
            detail={"number": self.row.number, "enterprise": self.row.enterprise_id, **detail},
        )

    def require(self, *states: RequestState) -> None:
        """Raises `ValidationError` when the request has left these states meanwhile."""
        if self.row.state not in states:
            raise ValidationError(
                _("The request has moved on meanwhile: it is “%(state)s” now. Look at it again.")
                % {"state": RequestState(self.row.state).label}
            )

    def go(self, state: RequestState) -> None:
        """Move to another state. Raises `ValidationError` when the request has gone elsewhere meanwhile."""
        self.require(*(start for start, ways in TRANSITIONS.items() if state in ways))
        self.row.state = state

    def begin_round(self, start: datetime) -> None:
        """Set the promises anew: at opening, when it comes back, when the green channel opens."""
        section = section_on(self.row.incident, clock.today())
        green = bool(self.row.green_reason)
        promises = promises_for(section, self.row.category, self.row.owner_body, start, green=green)
        self.row.begin_round(start, promises)
        # Promises kept already count no more: when somebody is told is reckoned from the one that is open.
        self._due = None

    def end_pause(self) -> bool:
        """End the pause that runs and put the open promises off; false when none runs."""
        pause = self.row.pauses.filter(ended_at__isnull=True).first()
        if pause is None:
            return False
        pause.ended_at = clock.now()
        pause.save()
        service, span = service_clock(self.row.owner_body, self.row.opened_on), [(pause.started_at, pause.ended_at)]
        for due, kept in _PROMISED:
            if kept is None or getattr(self.row, kept) is None:
                setattr(self.row, due, service.moved_by_pauses(getattr(self.row, due), span, clock.now()))
        return True

    def answer(self, text: str) -> None:
        """Say what was done; the enterprise has the last word."""
        self.go(RequestState.ANSWERED)
        self.end_pause()
        now = clock.now()
        self.row.answered_at, self.row.offered_to = now, None
        self.row.contacted_at, self.row.planned_at = self.row.contacted_at or now, self.row.planned_at or now
        self.told(EntryKind.ANSWERED, text)

    def come_back(self) -> None:
        """A round begins anew, one level up, with a new clock."""
        self.go(RequestState.RECEIVED)
        row = self.row
        self._keep_round()
        row.end, row.end_note, row.ended_at, row.duplicate_of = "", "", None, None
        row.owner, row.offered_to = None, None
        row.contacted_at = row.planned_at = row.answered_at = None
        row.watch_from = row.watch_until = None
        row.reopened += 1
        self.one_up()
        self.begin_round(clock.now())

    def _keep_round(self) -> None:
        """What was promised in the round that is over, and when it was kept, for the figures of its body."""
        row = self.row
        Round.objects.create(
            request=row,
            number=row.reopened,
            body=row.owner_body,
            ended_at=row.ended_at or clock.now(),
            contact_due_at=row.contact_due_at,
            plan_due_at=row.plan_due_at,
            close_due_at=row.close_due_at,
            contacted_at=row.contacted_at,
            planned_at=row.planned_at,
            answered_at=row.answered_at,
        )

    def one_up(self) -> None:
        """Into the hands of the body above; the highest keeps it, and its level says so."""
        row, above = self.row, body_above(self.row.owner_body)
        row.level += 1
        words = _("%(body)s is the highest there is; its commander is told.") % {"body": row.owner_body}
        if above is not None:
            row.owner_body, row.owner, row.offered_to = above, None, None
            words = str(above)
        self.told(EntryKind.ESCALATED, words, level=row.level, body=row.owner_body_id)
        self.tell(Reminder.ESCALATED)
        announce(RequestEscalated(row.pk, row.incident_id, row.enterprise_id, row.managing_area_id, row.level))

    def tell(self, of: Reminder) -> None:
        """The right person is told of it, as soon as the service of the body that has the duty runs."""
        self._tell_of = of

    def hand_over(self, to: User | None, words: str) -> None:
        """Out of the hands of a person who is away: to who stands in, else back to the queue of the body."""
        self.row.owner = to
        self.told(EntryKind.HANDED_OVER, words, to=to.pk if to else None)
        self.tell(Reminder.HANDED_OVER)

    def end(self, end: RequestEnd, note: str = "") -> None:
        """Come to an end."""
        self.end_pause()
        self.go(RequestState.ENDED)
        row = self.row
        row.end, row.end_note, row.ended_at, row.offered_to = end, note, clock.now(), None
        self.told(EntryKind.ENDED, " ".join(filter(None, (str(end.label), note))), end=str(end))
        announce(
            RequestEnded(row.pk, row.incident_id, row.enterprise_id, row.managing_area_id, str(end), clock.today())
        )

    def saved(self) -> Request:
        """Write the request, with its next due time (the earliest promise not kept yet, None while none runs), and when
        the right person is told next."""
        row = self.row
        is_paused = row.pk is not None and row.pauses.filter(ended_at__isnull=True).exists()
        runs = row.state in RUNNING and not is_paused
        row.next_due_at = row.first_due() if runs else None
        self._set_reminder()
        row.save()
        return row

    def reminded(self) -> None:
        """Somebody was told: the next time is when the promise is at risk, if that is still to come."""
        self.row.remind_at, self.row.remind_of = None, ""
        if self.row.next_due_at is not None and (at := self._risk_at()) > clock.now():
            self.row.remind_at, self.row.remind_of = at, Reminder.AT_RISK

    def _risk_at(self) -> datetime:
        assert self.row.next_due_at is not None
        service = service_clock(self.row.owner_body, self.row.opened_on)
        percent = section_on(self.row.incident, clock.today()).risk_percent
        return service.at_risk_from(self.row.round_started_at, self.row.next_due_at, percent)

    def _set_reminder(self) -> None:
        row = self.row
        if row.next_due_at is None:
            row.remind_at, row.remind_of = None, ""
        elif self._tell_of:
            row.remind_at = service_clock(row.owner_body, clock.today()).opening(clock.now())
            row.remind_of = self._tell_of
        elif row.next_due_at != self._due:
            row.remind_at, row.remind_of = self._risk_at(), Reminder.AT_RISK
        self._due, self._tell_of = row.next_due_at, ""
