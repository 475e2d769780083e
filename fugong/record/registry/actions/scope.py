from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.events import announce
from fugong.core.viewer import Viewer
from fugong.record.registry import permissions
from fugong.record.registry.events import ScopeChanged
from fugong.record.registry.logic.reasons import reason_codes
from fugong.record.registry.models import Enterprise, ScopeDecision


@transaction.atomic
def exclude_from_count(
    *,
    actor: Viewer,
    enterprise: Enterprise,
    reason: str,
    note: str = "",
    first_day: date,
    last_day: date | None = None,
) -> ScopeDecision:
    """Leave an enterprise out of every figure from a day on, up to a last day if one is given (both included).

    `reason`: a code of `data/scope_reasons.csv`. Raises `ValidationError` when a decision covers part of these days
    already, or with the sentence of the broken constraint.
    """
    permissions.can_decide_scope(actor, enterprise).require()
    row = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    permissions.can_decide_scope(actor, row).require()
    if reason not in reason_codes():
        raise ValidationError(_("This reason is not on the list."))
    meanwhile = Q(valid_to__isnull=True) | Q(valid_to__gte=first_day)
    others = row.scope_decisions.filter(meanwhile, revoked_at__isnull=True)
    if (others.filter(valid_from__lte=last_day) if last_day else others).exists():
        raise ValidationError(_("Another decision covers part of these days; include the enterprise again first."))
    decision = ScopeDecision(
        enterprise=row,
        reason=reason,
        note=note.strip(),
        valid_from=first_day,
        valid_to=last_day,
        decided_by_name=actor.name,
        decided_at=clock.now(),
    )
    decision.full_clean()
    decision.save()
    _put_on_record(actor, decision, "registry.scope.excluded", first_day, last_day)
    return decision


@transaction.atomic
def include_again(*, actor: Viewer, enterprise: Enterprise, day: date) -> ScopeDecision:
    """Count an enterprise again from a day on; returns the decision that this ends.

    One that had not begun before the day is taken back as a whole. Raises `ValidationError` when nothing excludes it.
    """
    permissions.can_decide_scope(actor, enterprise).require()
    row = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    permissions.can_decide_scope(actor, row).require()
    ahead = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    decision = row.scope_decisions.filter(ahead, revoked_at__isnull=True).order_by("valid_from", "pk").first()
    if decision is None:
        raise ValidationError(_("The enterprise is counted on this day; there is nothing to take back."))
    first_day, last_day = max(decision.valid_from, day), decision.valid_to
    if decision.valid_from >= day:
        decision.revoked_at = clock.now()
    else:
        decision.valid_to = day - timedelta(days=1)
    decision.ended_by_name, decision.ended_at = actor.name, clock.now()
    decision.full_clean()
    decision.save()
    _put_on_record(actor, decision, "registry.scope.included", first_day, last_day)
    return decision


def _put_on_record(actor: Viewer, decision: ScopeDecision, verb: str, first_day: date, last_day: date | None) -> None:
    record(
        actor=actor,
        verb=verb,
        subject=f"registry.enterprise:{decision.enterprise_id}",
        area_id=decision.enterprise.managing_area_id,
        detail={
            "decision": decision.pk,
            "reason": decision.reason,
            "from": first_day.isoformat(),
            "to": last_day.isoformat() if last_day else None,
        },
    )
    announce(ScopeChanged(decision.enterprise_id, decision.enterprise.managing_area_id, first_day, last_day))
