from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.areas.models import Area
from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.turns import held
from fugong.core.viewer import Viewer
from fugong.record.registry import permissions
from fugong.record.registry.actions.closing import close_enterprise
from fugong.record.registry.actions.moving import move_enterprise
from fugong.record.registry.actions.register import EDITABLE, edit_enterprise
from fugong.record.registry.enums import ChangeKind, ChangeState
from fugong.record.registry.models import ChangeRequest, Enterprise

_TEXTS = {ChangeKind.NAME: "name", ChangeKind.ADDRESS: "registered_address"}


@dataclass(frozen=True, slots=True)
class Carrying:
    """What the clerk adds when a proposal is carried out: the day, the area of a move, the code of a closing."""

    day: date | None = None
    area: Area | None = None
    reason_code: str = ""
    words: str = ""


@transaction.atomic
def propose_change(
    *, actor: Viewer, enterprise: Enterprise, kind: ChangeKind | str, values: Mapping[str, Any]
) -> ChangeRequest:
    """The enterprise's reporter proposes a change of the register; nothing changes until a clerk accepts it.

    `values`: text (new name or address), area, day, note, as the kind asks. Raises `ValidationError`.
    """
    permissions.can_propose_change(actor, enterprise).require()
    request = ChangeRequest(
        enterprise=enterprise,
        kind=kind,
        text=str(values.get("text") or "").strip(),
        area=values.get("area"),
        day=values.get("day"),
        note=str(values.get("note") or "").strip(),
        proposed_by_id=actor.id,
        proposed_by_name=actor.name,
        proposed_at=clock.now(),
    )
    request.full_clean()
    request.save()
    _recorded(actor, request, "proposed")
    return request


@transaction.atomic
def withdraw_change(*, actor: Viewer, request: ChangeRequest) -> None:
    """The enterprise takes its proposal back before it was answered. Raises `ValidationError` afterwards."""
    permissions.can_propose_change(actor, request.enterprise).require()
    row = _waiting(request)
    row.state = ChangeState.WITHDRAWN
    row.decided_by_name, row.decided_at = actor.name, clock.now()
    row.save()
    _recorded(actor, row, "withdrawn")


@transaction.atomic
def refuse_change(*, actor: Viewer, request: ChangeRequest, answer: str) -> None:
    """Leave the register as it is and say why. Raises `ValidationError` without a reason or when answered already."""
    permissions.can_decide_change(actor, request.enterprise).require()
    row = _waiting(request)
    row.state, row.answer = ChangeState.REFUSED, answer.strip()
    row.decided_by_name, row.decided_at = actor.name, clock.now()
    row.full_clean()
    row.save()
    _recorded(actor, row, "refused", row.answer)


@transaction.atomic
def accept_change(*, actor: Viewer, request: ChangeRequest, carrying: Carrying) -> None:
    """Carry the proposal out by the ordinary action of its kind, with that action's own checks and audit.

    Raises `ValidationError` when it was answered already or the action refuses.
    """
    permissions.can_decide_change(actor, request.enterprise).require()
    row = _waiting(request)
    enterprise = row.enterprise
    row.state, row.answer = ChangeState.ACCEPTED, carrying.words.strip()
    row.decided_by_name, row.decided_at = actor.name, clock.now()
    row.save()
    _recorded(actor, row, "accepted")
    words = carrying.words.strip() or _("proposed by the enterprise: %(note)s") % {"note": row.note or "—"}
    day = carrying.day or row.day or clock.today()
    if row.kind in _TEXTS:
        field = _TEXTS[ChangeKind(row.kind)]
        values = {name: getattr(enterprise, name) for name in EDITABLE} | {field: row.text}
        edit_enterprise(actor=actor, enterprise=enterprise, values=values)
    elif row.kind == ChangeKind.CLOSING:
        close_enterprise(actor=actor, enterprise=enterprise, closed_on=day, reason=carrying.reason_code, evidence=words)
    else:
        area = carrying.area or row.area
        if area is None:
            raise ValidationError(_("Choose the area that is to manage it."))
        move_enterprise(actor=actor, enterprise=enterprise, to_area=area, moved_on=day, reason=words)


def _waiting(request: ChangeRequest) -> ChangeRequest:
    """The proposal, locked. Raises `ValidationError` when somebody answered it meanwhile."""
    row = held(ChangeRequest.objects.select_related("enterprise", "area"), request.pk)
    if row.state != ChangeState.PROPOSED:
        raise ValidationError(_("This proposal was answered already: %(state)s.") % {"state": row.get_state_display()})
    return row


def _recorded(actor: Viewer, request: ChangeRequest, what: str, reason: str = "") -> None:
    record(
        actor=actor,
        verb=f"registry.change.{what}",
        subject=f"registry.enterprise:{request.enterprise_id}",
        area_id=request.enterprise.managing_area_id,
        detail={"change": request.pk, "kind": request.kind},
        reason=reason,
    )
