from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from fugong.base.accounts.models import User
from fugong.base.areas.models import Area
from fugong.core import clock
from fugong.core.bulk import Read, read_json, rows_from_json
from fugong.core.decision import OutOfScope
from fugong.core.viewer import Viewer
from fugong.record.registry.enums import GrantCapacity, GrantProposalState
from fugong.record.registry.models import Enterprise, EnterpriseGrant, GrantProposal
from fugong.record.registry.models.enterprise import EnterpriseQuerySet
from fugong.record.registry.permissions import can_list_enterprises
from fugong.record.registry.selectors.enterprises import enterprise_for

# What a person holds on a day, as the viewer carries it (core.viewer); held as `EnterpriseGrantQuerySet.held_on` says.
GRANTS_HELD = """
SELECT held.capacity, held.enterprise_id FROM registry_enterprisegrant AS held
WHERE held.user_id = u.id AND held.valid_from <= %(on)s AND (held.valid_to IS NULL OR held.valid_to >= %(on)s)
    AND (held.revoked_on IS NULL OR held.revoked_on > %(on)s)
"""
# By hand, because every report asks it: enterprises that were not merged into another, with their managing areas.
_STANDING = """
SELECT jsonb_agg(jsonb_build_array(to_jsonb(e), to_jsonb(a)) ORDER BY e.id)
FROM registry_enterprise AS e JOIN areas_area AS a ON a.id = e.managing_area_id
WHERE e.merged_into_id IS NULL AND {which}
"""
_BY_ID = _STANDING.format(which="e.id = %(registry_id)s")
_BY_CODE = _STANDING.format(which="(e.uscc = %(registry_code)s OR e.provisional_id = %(registry_code)s)")
_SHOWN = 50
_WAITING = 100


def my_enterprises(viewer: Viewer) -> EnterpriseQuerySet:
    """The enterprises the viewer reports for."""
    mine = Enterprise.objects.standing().granted_to(viewer, GrantCapacity.REPORTER)
    return mine.select_related("managing_area").order_by("name", "pk")


def my_enterprise(viewer: Viewer, pk: int) -> Enterprise:
    """One enterprise the viewer reports for. Raises `OutOfScope` otherwise."""
    return read_mine(viewer, pk).alone()


def read_mine(viewer: Viewer, pk: int) -> Read[Enterprise]:
    """`my_enterprise`, to be asked together with other reads. It raises `OutOfScope` too."""
    if not viewer.acts_for(pk, GrantCapacity.REPORTER):
        raise OutOfScope(f"enterprise {pk}")
    return Read(_BY_ID, {"registry_id": pk}, lambda found: _mine(viewer, found, str(pk)))


def _mine(viewer: Viewer, found: Any, asked: str) -> Enterprise:
    for one in read_json(found):
        (enterprise,), (area,) = rows_from_json(Enterprise, one[:1]), rows_from_json(Area, one[1:])
        if viewer.acts_for(enterprise.pk, GrantCapacity.REPORTER):
            enterprise.managing_area = area
            return enterprise
    raise OutOfScope(f"enterprise {asked}")


def reported_names(viewer: Viewer) -> list[tuple[int, str]]:
    """Id and name of the enterprises the viewer reports for, by name."""
    return list(my_enterprises(viewer).values_list("pk", "name"))


def acted_in(viewer: Viewer, user_id: int) -> list[int]:
    """Ids of the areas whose enterprises an account acts for, today or later; for permissions alone."""
    if viewer.is_anonymous:
        return []
    standing = EnterpriseGrant.objects.open_on(clock.today()).filter(user=user_id)
    return list(standing.order_by().values_list("enterprise__managing_area", flat=True).distinct())


def my_enterprise_coded(viewer: Viewer, code: str) -> Enterprise:
    """One enterprise the viewer reports for, by credit code or provisional id. Raises `OutOfScope` otherwise."""
    return read_mine_coded(viewer, code).alone()


def read_mine_coded(viewer: Viewer, code: str) -> Read[Enterprise]:
    """`my_enterprise_coded`, to be asked together with other reads."""
    return Read(_BY_CODE, {"registry_code": code}, lambda found: _mine(viewer, found, code))


def reporters_of(viewer: Viewer, enterprise: Enterprise, on: date) -> list[EnterpriseGrant]:
    """The people who report for an enterprise on a day, for an official who sees the enterprise."""
    grants = EnterpriseGrant.objects.held_on(on).filter(enterprise=enterprise, capacity=GrantCapacity.REPORTER)
    return (
        list(grants.select_related("user").order_by("valid_from", "pk"))
        if enterprise_for(viewer, enterprise.pk)
        else []
    )


def _reporting(viewer: Viewer, on: date) -> QuerySet[EnterpriseGrant]:
    """The grants to report on a day, of enterprises in the official's areas."""
    grants = EnterpriseGrant.objects.held_on(on).filter(capacity=GrantCapacity.REPORTER)
    return grants if viewer.covers_root else grants.filter(enterprise__managing_area_id__in=viewer.area_ids)


def enterprises_with_reporter(viewer: Viewer, on: date) -> QuerySet[EnterpriseGrant, int]:
    """Ids of the enterprises in the official's areas for which somebody reports on a day, as a query within others."""
    return _reporting(viewer, on).order_by().values_list("enterprise_id", flat=True)


def reporters_among(viewer: Viewer, enterprise_ids: Iterable[int], on: date) -> dict[int, list[User]]:
    """Enterprise id → who reports for it on a day, for those in the official's areas. One query."""
    grants = _reporting(viewer, on).filter(enterprise_id__in=list(enterprise_ids))
    found: dict[int, list[User]] = {}
    for grant in grants.select_related("user").order_by("valid_from", "pk"):
        found.setdefault(grant.enterprise_id, []).append(grant.user)
    return found


def people_of(viewer: Viewer, enterprise: Enterprise) -> list[EnterpriseGrant]:
    """Every grant to report for an enterprise, also ended ones, the latest first; for officials who see it."""
    enterprise_for(viewer, enterprise.pk)
    grants = EnterpriseGrant.objects.filter(enterprise=enterprise).select_related("user")
    return list(grants.order_by("revoked_on", "-valid_from", "-pk"))


def grant_of(viewer: Viewer, enterprise: Enterprise, pk: int) -> EnterpriseGrant:
    """One of them. Raises `OutOfScope`."""
    enterprise_for(viewer, enterprise.pk)
    found = EnterpriseGrant.objects.filter(enterprise=enterprise, pk=pk).select_related("user", "enterprise").first()
    if found is None:
        raise OutOfScope(f"grant {pk}")
    return found


def waiting_people(viewer: Viewer, enterprise: Enterprise) -> list[GrantProposal]:
    """Who shall report for an enterprise and waits for an answer, the oldest first."""
    enterprise_for(viewer, enterprise.pk)
    found = GrantProposal.objects.filter(enterprise=enterprise, state=GrantProposalState.PROPOSED)
    return list(found.select_related("proposed_by", "user").order_by("pk"))


def people_waiting(viewer: Viewer) -> list[GrantProposal]:
    """Who shall report for any enterprise of the official's areas and waits for an answer, the oldest first."""
    can_list_enterprises(viewer).require()
    found = GrantProposal.objects.filter(state=GrantProposalState.PROPOSED)
    if not viewer.covers_root:
        found = found.filter(enterprise__managing_area_id__in=viewer.area_ids)
    return list(found.select_related("enterprise__managing_area", "proposed_by", "user").order_by("pk")[:_WAITING])


def proposal_of_people(viewer: Viewer, enterprise: Enterprise, pk: int) -> GrantProposal:
    """One proposal for an enterprise. Raises `OutOfScope`."""
    enterprise_for(viewer, enterprise.pk)
    found = GrantProposal.objects.filter(enterprise=enterprise, pk=pk).first()
    if found is None:
        raise OutOfScope(f"proposal {pk}")
    return found


def my_colleagues(viewer: Viewer, enterprise: Enterprise) -> list[EnterpriseGrant]:
    """Who else reports today for an enterprise the viewer reports for."""
    my_enterprise(viewer, enterprise.pk)
    grants = EnterpriseGrant.objects.held_on(clock.today()).filter(
        enterprise=enterprise, capacity=GrantCapacity.REPORTER
    )
    return list(grants.select_related("user").order_by("valid_from", "pk"))


def my_people_proposals(viewer: Viewer, enterprise: Enterprise) -> list[GrantProposal]:
    """Whom the viewer's enterprise has named, the latest first."""
    my_enterprise(viewer, enterprise.pk)
    return list(GrantProposal.objects.filter(enterprise=enterprise).order_by("-pk")[:_SHOWN])


def my_claims(viewer: Viewer) -> list[GrantProposal]:
    """The enterprises that the viewer has asked for by code, the latest first."""
    found = GrantProposal.objects.filter(user_id=viewer.id or 0).select_related("enterprise")
    return list(found.order_by("-pk")[:_SHOWN])


def enterprises_of_person(viewer: Viewer, user_id: int) -> list[EnterpriseGrant]:
    """What a person may act for, as far as the viewer sees the enterprises; also ended ones."""
    grants = EnterpriseGrant.objects.filter(user_id=user_id).select_related("enterprise__managing_area")
    return [
        grant
        for grant in grants.order_by("revoked_on", "-valid_from", "-pk")
        if viewer.covers(grant.enterprise.managing_area_id)
    ]
