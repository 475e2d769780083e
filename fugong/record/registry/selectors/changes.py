"""What happened to an enterprise, and what its people propose: moves, closings, merges, proposals, the trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from fugong.base.audit.models import AuditEntry
from fugong.base.audit.selectors import trail_of
from fugong.core.decision import OutOfScope
from fugong.core.viewer import Viewer
from fugong.record.registry.enums import ChangeState, GrantProposalState
from fugong.record.registry.models import ChangeRequest, Enterprise, EnterpriseMove, GrantProposal, ImportedEnterprise
from fugong.record.registry.permissions import can_list_enterprises
from fugong.record.registry.selectors.enterprises import enterprise_for, enterprises_for
from fugong.record.registry.selectors.grants import my_enterprise

MOST = 100


def proposals_for(viewer: Viewer, *, waiting: bool) -> list[ChangeRequest]:
    """What enterprises of the official's areas propose: those that wait, the oldest first, or the last answers."""
    can_list_enterprises(viewer).require()
    requests = ChangeRequest.objects.select_related("enterprise__managing_area", "area")
    if not viewer.covers_root:
        requests = requests.filter(enterprise__managing_area_id__in=viewer.area_ids)
    if waiting:
        return list(requests.filter(state=ChangeState.PROPOSED).order_by("proposed_at", "pk")[:MOST])
    return list(requests.exclude(state=ChangeState.PROPOSED).order_by("-decided_at", "-pk")[:MOST])


def answers_awaited(viewer: Viewer) -> int:
    """How many proposals wait in the official's areas: changes, and people who shall report. One query."""
    can_list_enterprises(viewer).require()
    changes = ChangeRequest.objects.filter(state=ChangeState.PROPOSED).order_by()
    people = GrantProposal.objects.filter(state=GrantProposalState.PROPOSED).order_by()
    if not viewer.covers_root:
        changes = changes.filter(enterprise__managing_area_id__in=viewer.area_ids)
        people = people.filter(enterprise__managing_area_id__in=viewer.area_ids)
    return changes.values_list("pk").union(people.values_list("pk"), all=True).count()


def proposal_for(viewer: Viewer, pk: int) -> ChangeRequest:
    """One proposal of an enterprise in the official's area. Raises `OutOfScope` otherwise."""
    requests = ChangeRequest.objects.select_related("enterprise__managing_area", "enterprise__registered_area", "area")
    request = requests.filter(pk=pk).first()
    if request is None:
        raise OutOfScope(f"proposal {pk}")
    enterprise_for(viewer, request.enterprise_id)
    return request


def my_proposals(viewer: Viewer, enterprise_id: int) -> list[ChangeRequest]:
    """What the viewer's own enterprise proposed, newest first, with the answers."""
    enterprise = my_enterprise(viewer, enterprise_id)
    requests = ChangeRequest.objects.filter(enterprise=enterprise).select_related("area", "enterprise")
    return list(requests.order_by("-proposed_at", "-pk")[:MOST])


def my_proposal(viewer: Viewer, enterprise_id: int, pk: int) -> ChangeRequest:
    """One of them. Raises `OutOfScope` for another enterprise's."""
    found = next((request for request in my_proposals(viewer, enterprise_id) if request.pk == pk), None)
    if found is None:
        raise OutOfScope(f"proposal {pk}")
    return found


def moves_for(viewer: Viewer) -> list[EnterpriseMove]:
    """Moves out of and into the official's areas, newest first: both areas see each."""
    can_list_enterprises(viewer).require()
    moves = EnterpriseMove.objects.select_related("enterprise", "from_area", "to_area")
    if not viewer.covers_root:
        moves = moves.filter(Q(from_area_id__in=viewer.area_ids) | Q(to_area_id__in=viewer.area_ids))
    return list(moves.order_by("-moved_on", "-pk")[:MOST])


def merge_candidates(viewer: Viewer, enterprise: Enterprise, query: str) -> list[Enterprise]:
    """Enterprises of the official that could be the same: by words of the name or a code; without any, namesakes."""
    others = enterprises_for(viewer).exclude(pk=enterprise.pk)
    return list(others.named_like(query.strip() or enterprise.name)[:20])


def merged_into(viewer: Viewer, enterprise: Enterprise) -> list[Enterprise]:
    """The tombstones that lead to an enterprise; each keeps its own history readable."""
    seen = enterprise_for(viewer, enterprise.pk)
    return list(Enterprise.objects.filter(merged_into=seen).order_by("merged_at", "pk"))


@dataclass(frozen=True, slots=True)
class Belongings:
    """What hangs on an enterprise, as a merge shows it beside the other."""

    grants: int
    facts: int
    scope_decisions: int
    proposals: int


def belongings_of(viewer: Viewer, enterprise: Enterprise) -> Belongings:
    """How much hangs on an enterprise. One query."""
    seen = enterprise_for(viewer, enterprise.pk)
    counts = Enterprise.objects.filter(pk=seen.pk).aggregate(
        grants=Count("grants", distinct=True),
        facts=Count("facts", distinct=True),
        scope_decisions=Count("scope_decisions", distinct=True),
        proposals=Count("change_requests", distinct=True),
    )
    return Belongings(**counts)


def timeline_of(viewer: Viewer, enterprise_id: int, size: int = 50) -> list[AuditEntry]:
    """Who did what to an enterprise when, newest first, for an official who sees it."""
    enterprise = enterprise_for(viewer, enterprise_id)
    return trail_of(viewer, f"registry.enterprise:{enterprise.pk}", size)


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """An import that entered an enterprise, or changed it."""

    file: str
    by: str
    at: datetime
    entered: bool


def imports_of(viewer: Viewer, enterprise_id: int) -> list[BroughtIn]:
    """The imports that touched an enterprise which the official sees, the latest first. 1 query."""
    enterprise = enterprise_for(viewer, enterprise_id)
    touched = ImportedEnterprise.objects.filter(enterprise_pk=enterprise.pk, run__written_at__isnull=False)
    rows = touched.order_by("-run__written_at").values_list("run__name", "run__actor_name", "run__written_at", "before")
    return [BroughtIn(name, by, at, before is None) for name, by, at, before in rows[:MOST] if at is not None]
