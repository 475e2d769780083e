from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.accounts.actions.secrets import claim_code
from fugong.base.accounts.logic.secrets import plain_phone
from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.turns import held
from fugong.core.viewer import Viewer
from fugong.record.registry import permissions
from fugong.record.registry.actions.grants import grant_enterprise, invite_reporter
from fugong.record.registry.enums import GrantCapacity, GrantProposalState, ProposalWay
from fugong.record.registry.models import Enterprise, EnterpriseGrant, GrantProposal

_MOST_WAITING = 10


@transaction.atomic
def propose_colleague(*, actor: Viewer, enterprise: Enterprise, name: str, phone: str) -> GrantProposal:
    """A reporter names a colleague who shall report too; the office that looks after the enterprise confirms.

    Raises `ValidationError` when the same number waits already, or too many wait.
    """
    permissions.can_propose_colleague(actor, enterprise).require()
    Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    waiting = GrantProposal.objects.filter(enterprise=enterprise, state=GrantProposalState.PROPOSED)
    if waiting.filter(phone=plain_phone(phone)).exists():
        raise ValidationError(_("This person waits for an answer already."))
    if waiting.count() >= _MOST_WAITING:
        raise ValidationError(_("Ten people wait for an answer already; ask your office first."))
    return _proposed(
        actor, GrantProposal(enterprise=enterprise, way=ProposalWay.COLLEAGUE, name=name, phone=plain_phone(phone))
    )


@transaction.atomic
def claim_enterprise(*, actor: Viewer, text: str) -> GrantProposal:
    """Somebody with an account types the code of an enterprise's sheet; the office confirms. The code is used up.

    Raises `ValidationError` for a code that is void or opens no enterprise.
    """
    permissions.can_claim_enterprise(actor).require()
    holder = claim_code(actor=actor, text=text)
    held = EnterpriseGrant.objects.held_on(clock.today()).filter(user=holder, capacity=GrantCapacity.REPORTER)
    grant = held.select_related("enterprise").order_by("-pk").first()
    if grant is None:
        raise ValidationError(_("This code opens no enterprise any more. Ask the office that gave it for another."))
    return _proposed(
        actor, GrantProposal(enterprise=grant.enterprise, way=ProposalWay.CODE, name=actor.name, user_id=actor.id)
    )


def _proposed(actor: Viewer, proposal: GrantProposal) -> GrantProposal:
    proposal.proposed_by_id, proposal.proposed_at = actor.id or 0, clock.now()
    proposal.validate_constraints()
    proposal.save()
    record(
        actor=actor,
        verb="registry.reporter.proposed",
        subject=f"registry.enterprise:{proposal.enterprise_id}",
        area_id=proposal.enterprise.managing_area_id,
        detail={"proposal": proposal.pk, "way": proposal.way},
    )
    return proposal


@transaction.atomic
def answer_proposal(*, actor: Viewer, proposal: GrantProposal, confirm: bool, answer: str = "") -> str:
    """Confirm or refuse; returns the one-time code of a confirmed colleague, shown once, else "".

    Raises `ValidationError` when it was answered meanwhile.
    """
    proposal = held(GrantProposal.objects.select_related("enterprise", "user"), proposal.pk)
    enterprise = proposal.enterprise
    permissions.can_invite_reporter(actor, enterprise).require()
    if proposal.state != GrantProposalState.PROPOSED:
        raise ValidationError(_("This was answered already."))
    code = ""
    if confirm and proposal.user is not None:
        grant_enterprise(
            actor=actor,
            user=proposal.user,
            enterprise=enterprise,
            capacity=GrantCapacity.REPORTER,
            source=f"proposal {proposal.pk}",
        )
    elif confirm:
        _user, code = invite_reporter(actor=actor, enterprise=enterprise, name=proposal.name, phone=proposal.phone)
    proposal.state = GrantProposalState.CONFIRMED if confirm else GrantProposalState.REFUSED
    proposal.decided_by_name, proposal.decided_at, proposal.answer = actor.name, clock.now(), answer
    proposal.save()
    record(
        actor=actor,
        verb=f"registry.reporter.{proposal.state}",
        subject=f"registry.enterprise:{enterprise.pk}",
        area_id=enterprise.managing_area_id,
        detail={"proposal": proposal.pk},
        reason=answer,
    )
    return code


@transaction.atomic
def end_grants_of(*, actor: Viewer, user_id: int) -> None:
    """A person has left: no grant holds any more, and no wish of the person waits."""
    permissions.can_end_all_grants(actor).require()
    today = clock.today()
    for grant in (
        EnterpriseGrant.objects.filter(user_id=user_id, revoked_on=None).select_related("enterprise").order_by("pk")
    ):
        if grant.valid_to is None or grant.valid_to >= today:
            grant.revoked_on, grant.ended_by_name = today, actor.name
            grant.valid_to = max(today, grant.valid_from)
            grant.save(update_fields=["revoked_on", "ended_by_name", "valid_to"])
            record(
                actor=actor,
                verb="registry.grant.ended",
                subject=f"registry.enterprise:{grant.enterprise_id}",
                area_id=grant.enterprise.managing_area_id,
                detail={"user": user_id, "capacity": grant.capacity},
            )
    GrantProposal.objects.filter(user_id=user_id, state=GrantProposalState.PROPOSED).update(
        state=GrantProposalState.WITHDRAWN, decided_at=clock.now()
    )
