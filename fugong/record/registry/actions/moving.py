from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.areas.models import Area
from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.events import announce
from fugong.core.turns import held
from fugong.core.viewer import Viewer
from fugong.record.registry import permissions
from fugong.record.registry.events import EnterpriseMoved
from fugong.record.registry.models import Enterprise, EnterpriseMove


@transaction.atomic
def move_enterprise(
    *, actor: Viewer, enterprise: Enterprise, to_area: Area, moved_on: date, reason: str
) -> EnterpriseMove:
    """Give an enterprise to another managing area from a day on, today at the latest.

    Reports keep the area of their day, and on days before the move the enterprise counts in its former area. The
    receiving area sees the move among its own and in the enterprise's timeline. Raises `ValidationError`.
    """
    permissions.can_move_enterprise(actor, enterprise).require()
    row = held(Enterprise.objects.select_related("managing_area"), enterprise.pk)
    permissions.can_move_enterprise(actor, row).require()
    if not clock.is_plausible(moved_on):
        raise ValidationError(_("This day lies too far back. Check the year."))
    if moved_on > clock.today():
        raise ValidationError(_("This day lies in the future. Move it on the day itself."))
    if to_area.valid_to is not None and to_area.valid_to < moved_on:
        raise ValidationError(_("This area no longer exists on that day. Choose its successor."))
    last = EnterpriseMove.objects.filter(enterprise=row).order_by("-moved_on").first()
    if last is not None and moved_on <= last.moved_on:
        raise ValidationError(
            _("It was moved on %(day)s last. Choose a later day.") % {"day": f"{last.moved_on:%Y-%m-%d}"}
        )
    move = EnterpriseMove(
        enterprise=row,
        from_area=row.managing_area,
        to_area=to_area,
        held_since=last.moved_on if last else None,
        moved_on=moved_on,
        reason=reason.strip(),
        decided_by_name=actor.name,
        decided_at=clock.now(),
    )
    move.full_clean()
    move.save()
    row.managing_area = to_area
    row.updated_at = clock.now()
    row.save()
    _recorded(actor, move)
    announce(EnterpriseMoved(row.pk, move.from_area_id, move.to_area_id, moved_on))
    return move


def _recorded(actor: Viewer, move: EnterpriseMove) -> None:
    """In the trail of the enterprise, with the reason, and in that of both areas."""
    detail = {"from": move.from_area.code, "to": move.to_area.code, "moved_on": move.moved_on.isoformat()}
    record(
        actor=actor,
        verb="registry.enterprise.moved",
        subject=f"registry.enterprise:{move.enterprise_id}",
        area_id=move.from_area_id,
        detail=detail,
        reason=move.reason,
    )
    for area in (move.from_area, move.to_area):
        record(
            actor=actor,
            verb="registry.area.enterprise_moved",
            subject=f"areas.area:{area.pk}",
            area_id=area.pk,
            detail=detail | {"enterprise": move.enterprise_id},
        )
