"""A meeting from its agenda to its minutes."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.areas.models import Area
from fugong.base.audit.actions import record
from fugong.command.headquarters import permissions
from fugong.command.headquarters.actions.issuing import Order, issue_directive
from fugong.command.headquarters.enums import HAND_SOURCE, ItemState, MeetingState
from fugong.command.headquarters.logic.words import needed
from fugong.command.headquarters.models import AgendaItem, Directive, Meeting
from fugong.command.headquarters.selectors.agenda import Draft, drafts_for, planned_for
from fugong.command.headquarters.selectors.bodies import headquarters_in
from fugong.command.headquarters.selectors.rules import section_on
from fugong.core import clock
from fugong.core.turns import held, take_turns
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident

_LONGEST_TITLE = 80


@transaction.atomic
def prepare_meeting(*, actor: Viewer, incident: Incident, area: Area, kind: str) -> Meeting:
    """Make the agenda of today's meeting: what was left unfinished first, then each source by its thresholds.

    Prepared already, what came by itself is made anew until the meeting is opened; what was added by hand stays.
    Raises `ValidationError` where the area has no headquarters.
    """
    permissions.can_run_meetings(actor, area.pk).require()
    take_turns(alone=f"headquarters.meeting:{incident.pk}:{area.pk}:{kind}")
    mine = Meeting.objects.filter(incident=incident, area=area, kind=kind)
    made = mine.filter(day=clock.today()).first()
    # Held, so that nobody opens it while its items are made anew.
    meeting = held(Meeting.objects.all(), made.pk) if made else _new(actor, incident, area, kind)
    if meeting.state != MeetingState.PREPARED:
        return meeting
    meeting.items.exclude(source=HAND_SOURCE).delete()
    drafts, left_out = drafts_for(actor, meeting)
    hand = list(meeting.items.order_by("order", "pk"))
    for order, draft in enumerate(drafts, start=1):
        _item(meeting, order, draft)
    for order, item in enumerate(hand, start=len(drafts) + 1):
        item.order = order
        item.save(update_fields=["order"])
    meeting.prepared_at, meeting.left_out = clock.now(), left_out
    meeting.save(update_fields=["prepared_at", "left_out"])
    _recorded(actor, meeting, "prepared", items=len(drafts), left_out=left_out)
    return meeting


def _new(actor: Viewer, incident: Incident, area: Area, kind: str) -> Meeting:
    body = headquarters_in(actor, incident, area)
    if body is None:
        raise ValidationError(_("The area has no headquarters for this incident. Its administrator sets it up."))
    before = Meeting.objects.filter(incident=incident, area=area, kind=kind).order_by("-number").first()
    planned = planned_for(section_on(incident, clock.today()), kind, clock.today())
    meeting = Meeting(
        incident=incident,
        area=area,
        body=body,
        kind=kind,
        number=before.number + 1 if before else 1,
        day=clock.today(),
        planned_at=planned,
        period_from=before.period_to if before else planned - timedelta(days=1),
        period_to=planned,
        prepared_at=clock.now(),
    )
    meeting.full_clean()
    meeting.save()
    return meeting


def _item(meeting: Meeting, order: int, draft: Draft) -> AgendaItem:
    item = AgendaItem(
        meeting=meeting,
        order=order,
        source=draft.source,
        key=draft.key,
        titles=draft.titles,
        reasons=draft.reasons,
        figures=draft.figures,
        matter=draft.matter,
        carried_from=draft.carried_from,
        added_by_name=draft.added_by_name,
    )
    item.full_clean()
    item.save()
    return item


@transaction.atomic
def add_item(*, actor: Viewer, meeting: Meeting, title: str, reason: str = "") -> AgendaItem:
    """Put a matter onto the agenda by hand, last."""
    permissions.can_run_meetings(actor, meeting.area_id).require()
    meeting = _held(meeting, MeetingState.PREPARED, MeetingState.RUNNING)
    words = needed(title, _("Say in a few words what it is about."))[:_LONGEST_TITLE]
    last = meeting.items.order_by("-order").first()
    draft = Draft(
        source=HAND_SOURCE,
        titles={"zh": words},
        reasons={"zh": reason.strip()} if reason.strip() else {},
        added_by_name=actor.name,
    )
    item = _item(meeting, last.order + 1 if last else 1, draft)
    _recorded(actor, meeting, "item_added", item=item.pk)
    return item


@transaction.atomic
def open_meeting(*, actor: Viewer, meeting: Meeting, chair: str, attendees: str = "") -> Meeting:
    """Begin: who chairs, who takes part. From now on the agenda stays as it is."""
    permissions.can_run_meetings(actor, meeting.area_id).require()
    meeting = _held(meeting, MeetingState.PREPARED)
    meeting.chair_name = needed(chair, _("Say who chairs the meeting."))
    meeting.attendees, meeting.opened_at, meeting.state = attendees.strip(), clock.now(), MeetingState.RUNNING
    meeting.full_clean()
    meeting.save()
    _recorded(actor, meeting, "opened")
    return meeting


@transaction.atomic
def decide_item(*, actor: Viewer, item: AgendaItem, order: Order) -> Directive:
    """The meeting decides: a directive, issued at once. An item may have several. Raises as `issue_directive`."""
    permissions.can_run_meetings(actor, item.meeting.area_id).require()
    meeting = _held(item.meeting, MeetingState.RUNNING)
    item = AgendaItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if item.state not in (ItemState.OPEN, ItemState.DECIDED):
        raise ValidationError(_("This item is ended already; look at it again."))
    directive = issue_directive(
        actor=actor, incident=meeting.incident, area=meeting.area, issuer_body=meeting.body, order=order, item=item
    )
    _ended(actor, meeting, item, ItemState.DECIDED, item.outcome)
    return directive


@transaction.atomic
def end_item(*, actor: Viewer, item: AgendaItem, state: ItemState, outcome: str) -> AgendaItem:
    """The result of a consultation, a note, or carried over to the next meeting; the first two in words."""
    permissions.can_run_meetings(actor, item.meeting.area_id).require()
    meeting = _held(item.meeting, MeetingState.RUNNING)
    item = AgendaItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if item.state != ItemState.OPEN:
        raise ValidationError(_("This item is ended already; look at it again."))
    words = outcome.strip() if state == ItemState.CARRIED else needed(outcome, _("Write what was agreed."))
    return _ended(actor, meeting, item, state, words)


def _ended(actor: Viewer, meeting: Meeting, item: AgendaItem, state: ItemState, outcome: str) -> AgendaItem:
    item.state, item.outcome, item.ended_at = state, outcome, clock.now()
    item.full_clean()
    item.save()
    _recorded(actor, meeting, "item_ended", item=item.pk, state=state.value)
    return item


@transaction.atomic
def close_meeting(*, actor: Viewer, meeting: Meeting) -> Meeting:
    """Adjourn: what was not dealt with is carried over, the minutes stand."""
    permissions.can_run_meetings(actor, meeting.area_id).require()
    meeting = _held(meeting, MeetingState.RUNNING)
    left = meeting.items.filter(state=ItemState.OPEN)
    carried = left.update(state=ItemState.CARRIED, ended_at=clock.now())
    meeting.state, meeting.closed_at, meeting.closed_by_name = MeetingState.CLOSED, clock.now(), actor.name
    meeting.full_clean()
    meeting.save()
    _recorded(actor, meeting, "closed", carried=carried)
    return meeting


@transaction.atomic
def take_paper(*, actor: Viewer, meeting: Meeting, paper: str) -> None:
    """Minutes or directive sheet leave the house: on record."""
    permissions.can_see_meeting(actor, meeting).require()
    _recorded(actor, meeting, "paper_taken", paper=paper)


def _held(meeting: Meeting, *states: MeetingState) -> Meeting:
    """The meeting as it is now, locked. Raises `ValidationError` in another state."""
    found = held(Meeting.objects.select_related("incident", "area", "body"), meeting.pk)
    if found.state not in states:
        raise ValidationError(
            _("The meeting is %(state)s. Look at it again.") % {"state": MeetingState(found.state).label}
        )
    return found


def _recorded(actor: Viewer, meeting: Meeting, what: str, **detail: object) -> None:
    record(
        actor=actor,
        verb=f"headquarters.meeting.{what}",
        subject=f"headquarters.meeting:{meeting.pk}",
        area_id=meeting.area_id,
        detail={"kind": meeting.kind, "number": meeting.number, **detail},
    )
