"""Rows of the list and facts of one enterprise, as the templates draw them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from fugong.core import clock
from fugong.core.files import side_path
from fugong.core.viewer import Viewer
from fugong.record.registry.enums import (
    ChangeKind,
    ChangeState,
    GrantCapacity,
    GrantProposalState,
    ProposalWay,
    SheetState,
)
from fugong.record.registry.models import (
    AccessSheet,
    ChangeRequest,
    Enterprise,
    EnterpriseGrant,
    EnterpriseMove,
    GrantProposal,
)


def _capital_words(enterprise: Enterprise) -> str:
    """3,000,000 CNY; nothing for an unknown amount."""
    if enterprise.capital_amount is None:
        return ""
    return f"{enterprise.capital_amount.normalize():,f} {enterprise.capital_currency}"


def facts_of(enterprise: Enterprise) -> dict[str, Any]:
    return {
        "name": enterprise.name,
        "code": enterprise.code,
        "kind_label": enterprise.get_kind_display(),
        "managing_area": str(enterprise.managing_area),
        "registered_area": str(enterprise.registered_area or ""),
        "established_on": enterprise.established_on,
        "registered_address": enterprise.registered_address,
        "capital_words": _capital_words(enterprise),
        "closed_on": enterprise.closed_on,
    }


def register_tabs(slug: str, current: str, waiting: int | None = None) -> list[dict[str, Any]]:
    """The pages of the register; `waiting`: how many proposals wait, where the page has a statement to spare."""
    tabs = [
        ("list", _("Enterprises"), "registry:list", None),
        ("proposals", _("Proposed changes"), "registry:proposals", waiting),
        ("moves", _("Moves"), "registry:moves", None),
        ("sheets", _("Sheets of codes"), "registry:sheets", None),
    ]
    return [
        {"label": label, "url": reverse(name, args=[slug]), "count": count, "current": key == current}
        for key, label, name, count in tabs
    ]


def move_row(slug: str, viewer: Viewer, move: EnterpriseMove) -> dict[str, Any]:
    """A move as both areas see it; the enterprise opens only for the area that has it now."""
    enterprise = move.enterprise
    return {
        "name": enterprise.name,
        "code": enterprise.code,
        "url": (
            reverse("registry:detail", args=[slug, enterprise.pk]) if viewer.covers(enterprise.managing_area_id) else ""
        ),
        "from_area": str(move.from_area),
        "to_area": str(move.to_area),
        "day": move.moved_on,
        "by": move.decided_by_name,
        "reason": move.reason,
    }


_STATE_CHIPS = {
    ChangeState.PROPOSED: "brand",
    ChangeState.ACCEPTED: "ok",
    ChangeState.REFUSED: "risk",
    ChangeState.WITHDRAWN: "idle",
}


def _wanted(request: ChangeRequest) -> str:
    """What it is to become, in words."""
    if request.kind == ChangeKind.CLOSING and request.day is not None:
        return _("closed from %(day)s") % {"day": f"{request.day:%Y-%m-%d}"}
    return request.text or str(request.area or "")


def _present(request: ChangeRequest) -> str:
    """What the register says of it now."""
    enterprise = request.enterprise
    if request.kind in (ChangeKind.AREA, ChangeKind.NOT_OURS):
        return str(enterprise.managing_area)
    return {ChangeKind.NAME: enterprise.name, ChangeKind.ADDRESS: enterprise.registered_address}.get(
        ChangeKind(request.kind), ""
    )


def my_proposal_row(request: ChangeRequest) -> dict[str, Any]:
    """A proposal as the enterprise sees it, with the answer."""
    waits = request.state == ChangeState.PROPOSED
    return {
        "kind_label": request.get_kind_display(),
        "wanted": _wanted(request),
        "note": request.note,
        "state_label": request.get_state_display(),
        "chip": _STATE_CHIPS[ChangeState(request.state)],
        "proposed_at": request.proposed_at,
        "answer": request.answer,
        "decided_at": request.decided_at,
        "withdraw_url": reverse("registry_my:withdraw", args=[request.enterprise_id, request.pk]) if waits else "",
    }


def proposal_row(slug: str, request: ChangeRequest) -> dict[str, Any]:
    """A proposal as the clerk sees it: beside what the register says now."""
    return my_proposal_row(request) | {
        "url": reverse("registry:proposal", args=[slug, request.pk]),
        "enterprise_name": request.enterprise.name,
        "enterprise_code": request.enterprise.code,
        "area_name": str(request.enterprise.managing_area),
        "present": _present(request),
        "decided_by": request.decided_by_name,
    }


def grant_row(grant: EnterpriseGrant) -> dict[str, Any]:
    """Who acts or acted for an enterprise."""
    today = clock.today()
    is_open = grant.revoked_on is None and (grant.valid_to is None or grant.valid_to >= today)
    return {
        "pk": grant.pk,
        "name": grant.user.name,
        "username": grant.user.username,
        "phone": grant.user.phone,
        "capacity": GrantCapacity(grant.capacity).label,
        "since": grant.valid_from,
        "until": grant.valid_to,
        "given_by": grant.given_by_name,
        "ended_by": grant.ended_by_name,
        "is_open": is_open,
        "is_reporter": grant.capacity == GrantCapacity.REPORTER,
        "has_signed_in": grant.user.has_usable_password(),
    }


def grant_proposal_row(proposal: GrantProposal) -> dict[str, Any]:
    """Somebody who shall report, or shall not."""
    return {
        "pk": proposal.pk,
        "name": proposal.name,
        "phone": proposal.phone or (proposal.user.phone if proposal.user else ""),
        "way": ProposalWay(proposal.way).label,
        "by": proposal.proposed_by.name,
        "at": proposal.proposed_at,
        "state": GrantProposalState(proposal.state).label,
        "chip": _PROPOSAL_CHIPS[GrantProposalState(proposal.state)],
        "answer": proposal.answer,
    }


def people_waiting_row(slug: str, proposal: GrantProposal) -> dict[str, Any]:
    """The same in a list over enterprises: with the enterprise, and the page where it is answered."""
    return grant_proposal_row(proposal) | {
        "enterprise_name": proposal.enterprise.name,
        "area_name": str(proposal.enterprise.managing_area),
        "url": reverse("registry:people", args=[slug, proposal.enterprise_id]),
    }


_PROPOSAL_CHIPS = {
    GrantProposalState.PROPOSED: "idle",
    GrantProposalState.CONFIRMED: "ok",
    GrantProposalState.REFUSED: "none",
    GrantProposalState.WITHDRAWN: "none",
}


def sheet_row(sheet: AccessSheet, viewer_id: int | None) -> dict[str, Any]:
    """A printed sheet as the list draws it."""
    state = SheetState(sheet.state)
    ready = state == SheetState.READY and (sheet.codes_until is None or sheet.codes_until > clock.real_now())
    chips = {SheetState.WAITING: "idle", SheetState.READY: "ok", SheetState.FAILED: "bad", SheetState.REVOKED: "none"}
    return {
        "pk": sheet.pk,
        "area": str(sheet.area),
        "by": sheet.actor.name,
        "at": sheet.asked_at,
        "cards": sheet.cards,
        "state": state.label,
        "chip": chips[state],
        "at_work": state == SheetState.WAITING,
        "may_fetch": ready and sheet.actor_id == viewer_id and side_path(sheet.file_name).exists(),
        "may_revoke": ready,
        "until": sheet.codes_until,
    }
