from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.events import announce
from fugong.core.viewer import Viewer, service_viewer
from fugong.record.incidents.models import Incident
from fugong.record.liaison import permissions
from fugong.record.liaison.actions.checks import Filled, keep_checks
from fugong.record.liaison.events import VisitRecorded
from fugong.record.liaison.logic.evidence import contradicts
from fugong.record.liaison.models import PlannedVisit, Visit
from fugong.record.liaison.selectors.section import field_section
from fugong.record.liaison.selectors.visits import visit_sent
from fugong.record.registry.models import Enterprise
from fugong.record.reporting.selectors.readings import last_report

_LIAISON = service_viewer("liaison")
OLDEST_DAYS = 14


@dataclass(frozen=True, slots=True)
class Told:
    """What an officer tells of a visit or call.

    `phone_time`: when the phone says it happened; `phone_now`: what the phone's clock said when it was sent. Their
    distance is right however wrong the clock: so it is reckoned back from the hour of arrival.
    """

    way: str
    purpose: str
    key: UUID
    phone_time: datetime | None = None
    phone_now: datetime | None = None
    spoke_with: str = ""
    findings: str = ""
    seen_people: int | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    checks: tuple[Filled, ...] = ()


def _happened(told: Told, now: datetime) -> datetime:
    """When it happened by the clock of the server. Raises `ValidationError` for what is too long ago."""
    if told.phone_time is None or told.phone_now is None:
        return now
    ago = max(told.phone_now - told.phone_time, timedelta())
    if ago > timedelta(days=OLDEST_DAYS):
        raise ValidationError(
            _("This visit is more than %(days)d days old. Tell your office; it is not taken over any more.")
            % {"days": OLDEST_DAYS}
        )
    return now - ago


@transaction.atomic
def record_visit(*, actor: Viewer, incident: Incident, enterprise: Enterprise, told: Told) -> Visit:
    """Keep what was seen or heard at an enterprise. The same key again returns the visit that it made.

    Other people than reported are marked, beyond what the playbook allows. Raises `Denied`, `ValidationError`, and
    `AnswersRefused` for a checklist that cannot be kept; then nothing of the visit is.
    """
    known = visit_sent(actor, told.key)
    if known is not None:
        return known
    permissions.can_record_visit(actor, enterprise).require()
    now = clock.now()
    visit = Visit(
        incident=incident,
        enterprise=enterprise,
        user_id=actor.id or 0,
        user_name=actor.name,
        way=told.way,
        purpose=told.purpose,
        happened_at=_happened(told, now),
        received_at=now,
        spoke_with=told.spoke_with.strip(),
        findings=told.findings.strip(),
        seen_people=told.seen_people,
        latitude=told.latitude,
        longitude=told.longitude,
        has_checks=bool(told.checks),
        client_key=told.key,
    )
    _compare(visit)
    visit.clean_fields(exclude=["incident", "enterprise", "user"])
    visit.validate_constraints()
    try:
        with transaction.atomic():
            visit.save(force_insert=True)
    except IntegrityError:
        known = visit_sent(actor, told.key)  # sent twice at the same moment: the other one is it
        if known is None:
            raise
        return known
    keep_checks(actor=actor, visit=visit, filled=told.checks)
    record(
        actor=actor,
        verb="liaison.visit.recorded",
        subject=f"registry.enterprise:{enterprise.pk}",
        area_id=enterprise.managing_area_id,
        detail={"visit": visit.pk, "way": visit.way, "contradicts": visit.contradicts},
    )
    announce(VisitRecorded(visit.pk, incident.pk, enterprise.pk, enterprise.managing_area_id, visit.contradicts))
    return visit


def _compare(visit: Visit) -> None:
    """Beside the enterprise's own word of that day: does it say about as many people?"""
    if visit.seen_people is None:
        return
    day = clock.day_of(visit.happened_at)
    report = last_report(_LIAISON, visit.incident, visit.enterprise, day)
    if report is None or report.day != day:
        return
    visit.reported_people = report.on_post
    limit = field_section(visit.incident, day).limits["seen_percent"]
    visit.contradicts = contradicts(visit.seen_people, report.on_post, limit)


@transaction.atomic
def plan_visit(
    *,
    actor: Viewer,
    incident: Incident,
    enterprise: Enterprise,
    day: date,
    purpose: str,
    at: time | None = None,
    joins: PlannedVisit | None = None,
) -> PlannedVisit:
    """Say that a body wants to see an enterprise; `joins`: together with a visit that another body has planned.

    Raises `ValidationError`.
    """
    permissions.can_plan_visit(actor, enterprise).require()
    if day < clock.today():
        raise ValidationError(_("This day is over. Plan a visit for today or later."))
    if joins is not None and (joins.enterprise_id != enterprise.pk or joins.cancelled_at is not None):
        raise ValidationError(_("That visit is not planned any more."))
    plan = PlannedVisit(
        incident=incident,
        enterprise=enterprise,
        body_name=actor.body_name or actor.name,
        planned_by_id=actor.id or 0,
        planned_by_name=actor.name,
        day=joins.day if joins else day,
        at=joins.at if joins else at,
        purpose=purpose.strip(),
        joins=joins.joins or joins if joins else None,
        entered_at=clock.now(),
    )
    plan.clean_fields(exclude=["incident", "enterprise", "planned_by", "joins"])
    plan.validate_constraints()
    plan.save()
    record(
        actor=actor,
        verb="liaison.visit.planned",
        subject=f"registry.enterprise:{enterprise.pk}",
        area_id=enterprise.managing_area_id,
        detail={"plan": plan.pk, "day": plan.day.isoformat(), "joins": plan.joins_id},
    )
    return plan


@transaction.atomic
def cancel_planned_visit(*, actor: Viewer, plan: PlannedVisit) -> None:
    """Take one's own plan back; those who joined it keep theirs, by themselves. Twice is once."""
    plan = PlannedVisit.objects.select_for_update(of=("self",)).select_related("enterprise").get(pk=plan.pk)
    permissions.can_cancel_plan(actor, plan).require()
    if plan.cancelled_at is not None:
        return
    plan.cancelled_at = clock.now()
    plan.save(update_fields=["cancelled_at"])
    PlannedVisit.objects.filter(joins=plan).update(joins=None)
    record(
        actor=actor,
        verb="liaison.visit.cancelled",
        subject=f"registry.enterprise:{plan.enterprise_id}",
        area_id=plan.enterprise.managing_area_id,
        detail={"plan": plan.pk},
    )
