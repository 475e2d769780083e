from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.events import announce
from fugong.core.viewer import Viewer
from fugong.record.registry import permissions
from fugong.record.registry.enums import ClosingReason
from fugong.record.registry.events import EnterpriseClosed, EnterpriseReopened
from fugong.record.registry.models import Closure, Enterprise


@transaction.atomic
def close_enterprise(
    *, actor: Viewer, enterprise: Enterprise, closed_on: date, reason: ClosingReason | str, evidence: str
) -> Closure:
    """Close an enterprise for good from a day on, today at the latest, with what shows it.

    From that day it is in no denominator; its reports before stay. Raises `ValidationError`.
    """
    permissions.can_close_enterprise(actor, enterprise).require()
    row = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    permissions.can_close_enterprise(actor, row).require()
    if closed_on > clock.today():
        raise ValidationError(_("This day lies in the future. Close it on the day itself."))
    last = Closure.objects.filter(enterprise=row, reopened_on__gt=closed_on).first()
    if last is not None:
        raise ValidationError(
            _("It was reopened on %(day)s. Choose that day or a later one.") % {"day": f"{last.reopened_on:%Y-%m-%d}"}
        )
    closure = Closure(
        enterprise=row,
        closed_on=closed_on,
        reason=reason,
        evidence=evidence.strip(),
        decided_by_name=actor.name,
        decided_at=clock.now(),
    )
    closure.full_clean(exclude=["reopened_because", "reopened_by_name"])
    closure.save()
    row.closed_on = closed_on
    row.updated_at = clock.now()
    row.full_clean()
    row.save()
    record(
        actor=actor,
        verb="registry.enterprise.closed",
        subject=f"registry.enterprise:{row.pk}",
        area_id=row.managing_area_id,
        detail={"closed_on": closed_on.isoformat(), "reason": str(reason)},
        reason=closure.evidence,
    )
    announce(EnterpriseClosed(row.pk, closed_on))
    return closure


@transaction.atomic
def reopen_enterprise(*, actor: Viewer, enterprise: Enterprise, reopened_on: date, because: str) -> None:
    """Take a closed enterprise back into the register from a day on; the days between stay closed days.

    Reopened on the day of its closing, it was never closed. Raises `ValidationError`.
    """
    permissions.can_reopen_enterprise(actor, enterprise).require()
    row = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    permissions.can_reopen_enterprise(actor, row).require()
    if reopened_on > clock.today():
        raise ValidationError(_("This day lies in the future. Reopen it on the day itself."))
    if row.closed_on is not None and reopened_on < row.closed_on:
        raise ValidationError(_("An enterprise cannot reopen before it is closed."))
    closure = Closure.objects.filter(enterprise=row, reopened_on__isnull=True).first()
    if closure is None and row.closed_on is not None and reopened_on != row.closed_on:
        # Closed by a file, without a closure of its own: it is kept now, so that the days between stay closed.
        closure = Closure(
            enterprise=row,
            closed_on=row.closed_on,
            reason=ClosingReason.OTHER,
            evidence=_("closed before closings were kept with their evidence"),
            decided_by_name=actor.name,
            decided_at=clock.now(),
        )
    if closure is not None:
        closure.reopened_on, closure.reopened_because = reopened_on, because.strip()
        closure.reopened_by_name = actor.name
        closure.full_clean()
        closure.save()
    row.closed_on = None
    row.updated_at = clock.now()
    row.save()
    record(
        actor=actor,
        verb="registry.enterprise.reopened",
        subject=f"registry.enterprise:{row.pk}",
        area_id=row.managing_area_id,
        detail={"reopened_on": reopened_on.isoformat()},
        reason=because.strip(),
    )
    announce(EnterpriseReopened(row.pk, reopened_on))
