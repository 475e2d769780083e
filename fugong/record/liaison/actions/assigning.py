from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.accounts.models import Body, User
from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree
from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.liaison import permissions
from fugong.record.liaison.actions.absences import end_absences_with
from fugong.record.liaison.actions.rights import Book
from fugong.record.liaison.enums import Holder, Target
from fugong.record.liaison.logic.section import Kind
from fugong.record.liaison.models import Assignment
from fugong.record.liaison.selectors.planning import Assigning, HandingOver, Rule, assigning, handing_over
from fugong.record.liaison.selectors.section import field_section
from fugong.record.registry.models import Enterprise

BY_HAND, BY_RULE, HANDED_OVER = "hand", "rule", "handed over"
_CHUNK = 2_000


def _kind_of(incident: Incident, code: str, holder: Holder, target: Target) -> Kind:
    """A kind of the playbook for this sort of holder and target. Raises `ValidationError` for another."""
    kind = field_section(incident, clock.today()).kind(code)
    if kind is None or (kind.holder, kind.target) != (holder, target):
        raise ValidationError(_("Choose as what."))
    return kind


@transaction.atomic
def assign_officer(
    *,
    actor: Viewer,
    incident: Incident,
    kind: str,
    user: User,
    rule: Rule,
    valid_from: date | None = None,
    valid_to: date | None = None,
    source: str = BY_HAND,
) -> Assigning:
    """Let a person look after the enterprises that a rule names; returns what was done, as the preview shows it.

    Those that somebody else of the kind has stay with that person where only one may. Raises `ValidationError`.
    """
    book = Book()
    chosen = _kind_of(incident, kind, Holder.PERSON, Target.ENTERPRISE)
    plan = assigning(actor, incident, chosen, user, rule)
    areas = {enterprise.managing_area_id for enterprise in (*plan.new, *plan.same, *(e for e, _name in plan.held))}
    permissions.can_assign(actor, areas).require()
    _able(user)
    first = valid_from or clock.today()
    rows = [_row(actor, incident, chosen, first, valid_to, source, user=user, enterprise=one) for one in plan.new]
    if rows:
        rows[0].clean_fields(exclude=["absence", "acting_for"])
        rows[0].validate_constraints()
        Assignment.objects.bulk_create(rows, batch_size=_CHUNK)
        book.put_right({user.pk}, {(user.pk, enterprise.pk) for enterprise in plan.new})
        _put_on_record(actor, "liaison.assignment.given", areas, {"kind": kind, "user": user.pk}, rows, source)
    return plan


def _able(user: User) -> None:
    if not user.is_active:
        raise ValidationError(_("%(name)s has left. Choose somebody else.") % {"name": user.name})


def _row(
    actor: Viewer,
    incident: Incident,
    kind: Kind,
    first: date,
    last: date | None,
    source: str,
    *,
    user: User | None = None,
    body: Body | None = None,
    enterprise: Enterprise | None = None,
    area: Area | None = None,
) -> Assignment:
    return Assignment(
        incident=incident,
        kind=kind.code,
        user=user,
        body=body,
        enterprise=enterprise,
        area=area,
        is_sole=kind.one,
        valid_from=first,
        valid_to=last,
        source=source,
        given_by_name=actor.name,
        given_at=clock.now(),
    )


def _put_on_record(
    actor: Viewer,
    verb: str,
    areas: Iterable[int],
    detail: dict[str, object],
    rows: list[Assignment],
    reason: str = "",
) -> None:
    """One entry for all of them, with the enterprises by id up to a hundred."""
    ids = [row.enterprise_id for row in rows if row.enterprise_id]
    record(
        actor=actor,
        verb=verb,
        subject=f"liaison.assignment:{rows[0].pk if len(rows) == 1 else 'several'}",
        area_id=area_tree().smallest_over(areas),
        detail=detail | {"number": len(rows), "enterprises": ids[:100]},
        reason=reason,
    )


@transaction.atomic
def assign_body(
    *, actor: Viewer, incident: Incident, kind: str, body: Body, area: Area, valid_from: date | None = None
) -> Assignment:
    """Let a body look after an area. It may look after several: the coverage board shows double duty.

    Raises `ValidationError` when it does already.
    """
    permissions.can_assign(actor, [area.pk]).require()
    Book()
    chosen = _kind_of(incident, kind, Holder.BODY, Target.AREA)
    row = _row(actor, incident, chosen, valid_from or clock.today(), None, BY_HAND, body=body, area=area)
    row.validate_constraints()
    row.save()
    _put_on_record(actor, "liaison.assignment.given", [area.pk], {"kind": kind, "body": body.pk}, [row])
    return row


@transaction.atomic
def end_assignments(*, actor: Viewer, rows: Collection[Assignment], reason: str) -> int:
    """Take assignments away from today on; returns how many. Those that ended already stay as they are."""
    book = Book()
    today = clock.today()
    found = Assignment.objects.open_on(today).lasting().filter(pk__in=[row.pk for row in rows], revoked_on=None)
    standing = list(found.select_related("enterprise").order_by("pk"))
    areas = {_area_of(row) for row in standing}
    permissions.can_assign(actor, areas).require()
    if standing:
        _revoke(actor, standing, today, reason)
        book.put_right({row.user_id for row in standing if row.user_id}, _pairs(standing))
        _put_on_record(actor, "liaison.assignment.ended", areas, {}, standing, reason)
    return len(standing)


def _area_of(row: Assignment) -> int:
    return row.enterprise.managing_area_id if row.enterprise else (row.area_id or 0)


def _pairs(rows: Iterable[Assignment]) -> set[tuple[int, int]]:
    return {(row.user_id, row.enterprise_id) for row in rows if row.user_id and row.enterprise_id}


def _revoke(actor: Viewer, rows: list[Assignment], day: date, reason: str) -> None:
    for row in rows:
        row.revoked_on, row.ended_by_name, row.end_reason = day, actor.name, reason
    Assignment.objects.bulk_update(rows, ["revoked_on", "ended_by_name", "end_reason"], batch_size=_CHUNK)


@transaction.atomic
def hand_over(
    *,
    actor: Viewer,
    incident: Incident,
    user: User,
    receivers: list[User],
    reason: str,
    ids: Collection[int] = (),
) -> HandingOver:
    """Give what a person looks after (or these assignments) to others from today on, shared out by their load.

    What a receiver has already just ends for the other. Raises `ValidationError`.
    """
    book = Book()
    receivers = _receivers(user, receivers)
    plan = handing_over(actor, incident, user, receivers, ids)
    given = [(share.user, row) for share in plan.shares for row in share.taken]
    ended = [*(row for _user, row in given), *plan.doubled]
    areas = {_area_of(row) for row in ended}
    permissions.can_assign(actor, areas).require()
    if not ended:
        return plan
    today = clock.today()
    _revoke(actor, ended, today, reason)
    made = [_handed(actor, row, receiver, today) for receiver, row in given]
    Assignment.objects.bulk_create(made, batch_size=_CHUNK)
    book.put_right({user.pk, *(receiver.pk for receiver in receivers)}, _pairs([*ended, *made]))
    detail = {"user": user.pk, "receivers": [receiver.pk for receiver in receivers], "doubled": len(plan.doubled)}
    _put_on_record(actor, "liaison.assignment.handed_over", areas, detail, ended, reason)
    return plan


def _receivers(user: User, receivers: list[User]) -> list[User]:
    chosen = list({receiver.pk: receiver for receiver in receivers}.values())
    if not chosen:
        raise ValidationError(_("Choose who takes them over."))
    if any(receiver.pk == user.pk for receiver in chosen):
        raise ValidationError(_("%(name)s has them already. Choose somebody else.") % {"name": user.name})
    for receiver in chosen:
        _able(receiver)
    return chosen


def _handed(actor: Viewer, row: Assignment, receiver: User, day: date) -> Assignment:
    return Assignment(
        incident_id=row.incident_id,
        kind=row.kind,
        user=receiver,
        enterprise_id=row.enterprise_id,
        is_sole=row.is_sole,
        valid_from=max(day, row.valid_from),
        valid_to=row.valid_to,
        source=HANDED_OVER,
        given_by_name=actor.name,
        given_at=clock.now(),
    )


@transaction.atomic
def end_all_of(*, actor: Viewer, user_id: int, reason: str) -> int:
    """A person has left: nothing is looked after by that person any more, nor acted for. Returns how many ended."""
    permissions.can_follow_the_register(actor).require()
    book = Book()
    today = clock.today()
    away = end_absences_with(actor=actor, user_id=user_id)
    rows = list(
        Assignment.objects.open_on(today)
        .filter(user_id=user_id, revoked_on=None)
        .select_related("enterprise")
        .order_by("pk")
    )
    if rows:
        _revoke(actor, rows, today, reason)
        areas = {_area_of(row) for row in rows}
        _put_on_record(actor, "liaison.assignment.ended", areas, {"user": user_id}, rows, reason)
    book.put_right({user_id, *away}, _pairs(rows))
    return len(rows)


@transaction.atomic
def move_to_kept(*, actor: Viewer, kept_id: int, dropped_id: int, reason: str) -> None:
    """Two entries were one enterprise: who looked after the dropped one looks after the kept one, where nobody does."""
    permissions.can_follow_the_register(actor).require()
    book = Book()
    today = clock.today()
    rows = list(
        Assignment.objects.open_on(today)
        .lasting()
        .filter(enterprise_id=dropped_id, revoked_on=None)
        .select_related("enterprise", "user")
        .order_by("pk")
    )
    if not rows:
        return
    standing = Assignment.objects.open_on(today).lasting().filter(enterprise_id=kept_id)
    there = list(standing.order_by().values_list("incident_id", "kind", "user_id"))
    _revoke(actor, rows, today, reason)
    made = []
    for row in rows:
        taken = any((row.incident_id, row.kind) == one[:2] and (row.is_sole or row.user_id == one[2]) for one in there)
        if row.user is not None and not taken:
            made.append(_handed(actor, row, row.user, today))
            made[-1].enterprise_id = kept_id
    Assignment.objects.bulk_create(made)
    book.put_right({row.user_id for row in rows if row.user_id}, _pairs([*rows, *made]))
    _put_on_record(actor, "liaison.assignment.moved", [_area_of(row) for row in rows], {"kept": kept_id}, rows, reason)
