"""Answers and ends: closed means it moved, and every other end is honest."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.desk import permissions
from fugong.record.desk.actions.case import Case
from fugong.record.desk.enums import EntryKind, RequestEnd, RequestState
from fugong.record.desk.logic.watching import METRICS
from fugong.record.desk.logic.words import needed
from fugong.record.desk.models import Rating, Request
from fugong.record.desk.selectors.rules import section_on, service_clock


@transaction.atomic
def answer_request(*, actor: Viewer, request: Request, text: str) -> Request:
    """Say what was done. The enterprise has the last word; where a value of its reports must move, they have it too."""
    permissions.can_work_on(actor, request).require()
    case = Case.held(actor, request)
    row = case.row
    permissions.can_work_on(actor, row).require()
    case.answer(needed(text, _("Say what was done for the enterprise.")))
    return case.saved()


@transaction.atomic
def confirm_answer(*, actor: Viewer, request: Request, text: str = "") -> Request:
    """The enterprise says it is solved: ended, or watched where its next reports must show it."""
    permissions.can_speak_for_enterprise(actor, request).require()
    case = Case.held(actor, request)
    row = case.row
    case.require(RequestState.ANSWERED)
    section = section_on(row.incident, clock.today())
    if not row.watch_metric:
        case.told(EntryKind.CONFIRMED, text.strip())
        case.end(RequestEnd.SOLVED)
        return case.saved()
    case.go(RequestState.WATCHING)
    calendar = service_clock(row.owner_body, clock.today()).calendar
    row.watch_from = clock.today()
    row.watch_until = calendar.after(clock.today(), section.watch_within_days)
    case.told(EntryKind.CONFIRMED, text.strip())
    words = _("Counts as solved once %(metric)s reach %(target)s in %(days)d reports in a row, by %(until)s.")
    case.told(
        EntryKind.NOTED,
        words
        % {
            "metric": METRICS[row.watch_metric].label,
            "target": f"{row.watch_target:f}".rstrip("0").rstrip("."),
            "days": section.watch_days,
            "until": row.watch_until,
        },
    )
    return case.saved()


@transaction.atomic
def deny_answer(*, actor: Viewer, request: Request, text: str) -> Request:
    """The enterprise says it is not solved: back into work, one level up."""
    permissions.can_speak_for_enterprise(actor, request).require()
    case = Case.held(actor, request)
    case.require(RequestState.ANSWERED, RequestState.WATCHING)
    case.told(EntryKind.DENIED, needed(text, _("Say what is still missing.")))
    case.come_back()
    return case.saved()


@transaction.atomic
def reopen_request(*, actor: Viewer, request: Request, text: str) -> Request:
    """The enterprise opens an ended request again, with a word why; it goes to where it ended, one level up."""
    permissions.can_speak_for_enterprise(actor, request).require()
    case = Case.held(actor, request)
    row = case.row
    if row.is_open:
        raise ValidationError(_("It is open. Add a word to it instead."))
    _refuse_twin(row)
    case.told(EntryKind.REOPENED, needed(text, _("Say what is still missing.")))
    case.come_back()
    try:
        with transaction.atomic():
            return case.saved()
    except IntegrityError:
        _refuse_twin(row)  # a report ticked the same obstacle at the same time
        raise


def _refuse_twin(row: Request) -> None:
    """Raise `ValidationError` when the same obstacle of the enterprise has an open request."""
    twins = Request.objects.open().filter(incident=row.incident, enterprise=row.enterprise, obstacle=row.obstacle)
    twin = twins.exclude(pk=row.pk).first() if row.obstacle else None
    if twin is not None:
        raise ValidationError(
            _("Request %(number)s about the same thing is open already. Add a word to that one.")
            % {"number": twin.number}
        )


@transaction.atomic
def escalate_request(*, actor: Viewer, request: Request) -> Request:
    """A promise was broken: the request goes one level up, once for each promise of a round; its dues stay."""
    permissions.can_run_clocks(actor).require()
    case = Case.held(actor, request)
    promise = case.row.broken_promise(clock.now())
    if not promise or promise == case.row.escalated_for:
        return case.row
    case.one_up()
    case.row.escalated_for = promise
    return case.saved()


@transaction.atomic
def end_without_help(*, actor: Viewer, request: Request, end: RequestEnd, note: str) -> Request:
    """No help exists, or it is another body’s outside this desk: an honest end, no fault of anybody."""
    permissions.can_work_on(actor, request).require()
    case = Case.held(actor, request)
    row = case.row
    permissions.can_work_on(actor, row).require()
    if end not in (RequestEnd.NO_HELP, RequestEnd.ELSEWHERE):
        raise ValidationError(_("Choose how it ends."))
    case.end(end, needed(note, _("Say why no help exists, or whose it is.")))
    return case.saved()


@transaction.atomic
def end_unreachable(*, actor: Viewer, request: Request) -> Request:
    """Nobody was reached on as many different days as the playbook asks for. Raises `ValidationError` before that."""
    permissions.can_work_on(actor, request).require()
    case = Case.held(actor, request)
    row = case.row
    permissions.can_work_on(actor, row).require()
    tries = section_on(row.incident, clock.today()).tries
    days = {clock.day_of(entry.at) for entry in row.entries.filter(kind=EntryKind.TRIED, at__gte=row.round_started_at)}
    if len(days) < tries:
        raise ValidationError(
            _("It was tried on %(done)d days so far; try on %(tries)d before calling it unreachable.")
            % {"done": len(days), "tries": tries}
        )
    case.end(RequestEnd.UNREACHABLE)
    return case.saved()


@transaction.atomic
def end_as_duplicate(*, actor: Viewer, request: Request, of: Request) -> Request:
    """It repeats another request of the same enterprise, which goes on."""
    permissions.can_work_on(actor, request).require()
    case = Case.held(actor, request)
    row = case.row
    permissions.can_work_on(actor, row).require()
    if of.enterprise_id != row.enterprise_id or of.pk == row.pk:
        raise ValidationError(_("A duplicate is of the same enterprise. Others go under a root problem."))
    if of.duplicate_of_id is not None:
        raise ValidationError(_("That one is a duplicate itself. Name the one it repeats."))
    row.duplicate_of = of
    case.end(RequestEnd.DUPLICATE, of.number)
    return case.saved()


@transaction.atomic
def withdraw_request(*, actor: Viewer, request: Request, text: str = "") -> Request:
    """The enterprise needs it no longer."""
    permissions.can_speak_for_enterprise(actor, request).require()
    case = Case.held(actor, request)
    case.end(RequestEnd.WITHDRAWN, text.strip())
    return case.saved()


@transaction.atomic
def add_word(*, actor: Viewer, request: Request, text: str) -> Request:
    """The enterprise adds a word to an open request; whoever works on it reads it."""
    permissions.can_speak_for_enterprise(actor, request).require()
    case = Case.held(actor, request)
    row = case.row
    if not row.is_open:
        raise ValidationError(_("The request has ended; open it again first."))
    case.told(EntryKind.ASKED, needed(text, _("Write what you want to say.")))
    return case.saved()


@transaction.atomic
def rate_request(*, actor: Viewer, request: Request, was_contacted: bool, outcome: str, comment: str = "") -> Rating:
    """The enterprise rates how it was served, once per round. The same again changes nothing."""
    permissions.can_speak_for_enterprise(actor, request).require()
    case = Case.held(actor, request)
    row = case.row
    if row.answered_at is None and row.is_open:
        raise ValidationError(_("Rate it once it was answered."))
    known = Rating.objects.filter(request=row, round=row.reopened).first()
    if known is not None:
        return known
    rating = Rating(
        request=row,
        round=row.reopened,
        was_contacted=was_contacted,
        outcome=outcome,
        comment=comment.strip(),
        rated_by_id=actor.id,
        rated_at=clock.now(),
    )
    rating.full_clean()
    rating.save()
    case.told(EntryKind.RATED)
    return rating
