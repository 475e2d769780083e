"""What the body that has the duty does with a request."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.accounts.models import Body, User
from fugong.base.accounts.selectors import people_of
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.desk import permissions
from fugong.record.desk.actions.case import Case
from fugong.record.desk.enums import RUNNING, EntryKind, RequestState
from fugong.record.desk.logic.words import needed
from fugong.record.desk.models import Pause, Request
from fugong.record.desk.selectors.people import away_among
from fugong.record.desk.selectors.rules import section_on


@transaction.atomic
def accept_request(*, actor: Viewer, request: Request) -> Request:
    """Take the duty: for the body that it was offered to, or as the person of the body that has it.

    The second of two clerks finds the first one’s name. Raises `Denied` and `ValidationError`.
    """
    permissions.can_accept(actor, request).require()
    case = Case.held(actor, request)
    row = case.row
    permissions.can_accept(actor, row).require()
    if row.state == RequestState.IN_WORK and row.owner is not None and row.offered_to_id is None:
        if row.owner_id == actor.id:
            return row
        raise ValidationError(_("%(name)s has taken it already.") % {"name": row.owner.name})
    if row.state == RequestState.RECEIVED:
        case.go(RequestState.IN_WORK)
    else:
        case.require(*RUNNING)
    if row.offered_to is not None and row.offered_to_id in actor.body_ids:
        row.owner_body, row.offered_to = row.offered_to, None
    row.owner_id = actor.id
    case.told(EntryKind.ACCEPTED, str(row.owner_body), body=row.owner_body_id)
    return case.saved()


@transaction.atomic
def assign_request(*, actor: Viewer, request: Request, to: User) -> Request:
    """Give it to a person of the body that has the duty. Raises `ValidationError` for somebody else."""
    permissions.can_work_on(actor, request).require()
    case = Case.held(actor, request)
    row = case.row
    permissions.can_work_on(actor, row).require()
    case.require(*RUNNING)
    if not people_of(actor, row.owner_body, clock.today()).filter(pk=to.pk).exists():
        raise ValidationError(_("%(name)s does not serve in this body.") % {"name": to.name})
    if until := away_among(actor, [to.pk], clock.today()).get(to.pk):
        raise ValidationError(
            _("%(name)s is away until %(until)s. Choose somebody else.") % {"name": to.name, "until": until}
        )
    row.owner = to
    if row.state == RequestState.RECEIVED:
        case.go(RequestState.IN_WORK)
    case.told(EntryKind.ASSIGNED, to.name, user=to.pk)
    return case.saved()


@transaction.atomic
def note_contact(*, actor: Viewer, request: Request, reached: bool, text: str) -> Request:
    """Write down a call or visit: reached, or tried in vain."""
    permissions.can_work_on(actor, request).require()
    case = Case.held(actor, request)
    row = case.row
    permissions.can_work_on(actor, row).require()
    case.require(*RUNNING)
    if reached:
        row.contacted_at = row.contacted_at or clock.now()
        if row.state == RequestState.RECEIVED:
            case.go(RequestState.IN_WORK)
            row.owner_id = row.owner_id or actor.id
    case.told(EntryKind.CONTACTED if reached else EntryKind.TRIED, text.strip())
    return case.saved()


@transaction.atomic
def make_plan(*, actor: Viewer, request: Request, text: str) -> Request:
    """Say what will be done until when; the enterprise reads it."""
    permissions.can_work_on(actor, request).require()
    case = Case.held(actor, request)
    row = case.row
    permissions.can_work_on(actor, row).require()
    case.require(*RUNNING)
    text = needed(text, _("Say what will be done, by whom and until when."))
    if row.state == RequestState.RECEIVED:
        case.go(RequestState.IN_WORK)
    row.planned_at = row.planned_at or clock.now()
    row.owner_id = row.owner_id or actor.id
    case.told(EntryKind.PLANNED, text)
    return case.saved()


@transaction.atomic
def note_progress(*, actor: Viewer, request: Request, text: str) -> Request:
    """A word on the way; the enterprise reads it."""
    permissions.can_work_on(actor, request).require()
    case = Case.held(actor, request)
    row = case.row
    permissions.can_work_on(actor, row).require()
    if not row.is_open:
        raise ValidationError(_("The request has ended; open it again first."))
    case.told(EntryKind.NOTED, needed(text, _("Write what has been done.")))
    return case.saved()


@transaction.atomic
def pause_clock(*, actor: Viewer, request: Request, reason: str, note: str = "") -> Request:
    """Let the clock stand still for a reason of the playbook’s list. Raises `ValidationError`."""
    permissions.can_work_on(actor, request).require()
    case = Case.held(actor, request)
    row = case.row
    permissions.can_work_on(actor, row).require()
    case.require(*RUNNING)
    reasons = dict(section_on(row.incident, clock.today()).pause_reasons)
    if reason not in reasons:
        raise ValidationError(_("Choose why the clock stands still."))
    pause = Pause(request=row, started_at=clock.now(), reason=reason, note=note.strip())
    pause.full_clean()
    pause.save()
    case.told(EntryKind.PAUSED, " ".join(filter(None, (reasons[reason], note.strip()))))
    return case.saved()


@transaction.atomic
def resume_clock(*, actor: Viewer, request: Request) -> Request:
    """Let the clock run again; what is promised falls due later by the minutes of service that were paused."""
    permissions.can_work_on(actor, request).require()
    case = Case.held(actor, request)
    row = case.row
    permissions.can_work_on(actor, row).require()
    if not case.end_pause():
        raise ValidationError(_("The clock runs already."))
    case.told(EntryKind.RESUMED)
    return case.saved()


@transaction.atomic
def offer_request(*, actor: Viewer, request: Request, whose: Body, reason: str) -> Request:
    """“Not ours” with a name: offer it to the body whose it is. The duty stays here until that body accepts."""
    permissions.can_work_on(actor, request).require()
    case = Case.held(actor, request)
    row = case.row
    permissions.can_work_on(actor, row).require()
    case.require(*RUNNING)
    if whose.pk == row.owner_body_id:
        raise ValidationError(_("This body has it already. Name the one whose it is."))
    row.offered_to = whose
    case.told(
        EntryKind.OFFERED,
        f"{whose} {needed(reason, _('Say why it is theirs.'))}",
        body=whose.pk,
    )
    return case.saved()


@transaction.atomic
def decline_offer(*, actor: Viewer, request: Request, whose: Body, reason: str) -> Request:
    """The body that it was offered to says it is not theirs and names whose; that one is asked next.

    Raises `ValidationError` when the name leads back to itself.
    """
    permissions.can_accept(actor, request).require()
    case = Case.held(actor, request)
    row = case.row
    permissions.can_accept(actor, row).require()
    if row.offered_to is None:
        raise ValidationError(_("It is offered to nobody. Offer it to the body whose it is."))
    if whose.pk == row.offered_to_id:
        raise ValidationError(_("Name the body whose it is; “not ours” alone helps nobody."))
    words = f"{row.offered_to}: {needed(reason, _('Say why it is theirs.'))}"
    case.told(EntryKind.DECLINED, f"{words} → {whose}", body=whose.pk)
    row.offered_to = None if whose.pk == row.owner_body_id else whose
    return case.saved()


@transaction.atomic
def open_green_channel(*, actor: Viewer, request: Request, reason: str) -> Request:
    """Shorten the clock by a commander’s decision; the reason is read by everybody."""
    permissions.can_speed_up(actor, request).require()
    case = Case.held(actor, request)
    row = case.row
    permissions.can_speed_up(actor, row).require()
    case.require(*RUNNING)
    if row.green_reason:
        raise ValidationError(_("It runs through the green channel already."))
    row.green_reason = needed(reason, _("Say why this one goes first."))
    case.begin_round(row.round_started_at)
    case.told(EntryKind.GREENED, row.green_reason)
    return case.saved()
