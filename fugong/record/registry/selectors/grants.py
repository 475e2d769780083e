from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from fugong.base.accounts.models import User
from fugong.core.decision import OutOfScope
from fugong.core.viewer import Viewer
from fugong.record.registry.enums import GrantCapacity
from fugong.record.registry.models import Enterprise, EnterpriseGrant
from fugong.record.registry.models.enterprise import EnterpriseQuerySet
from fugong.record.registry.selectors.enterprises import enterprise_for


def my_enterprises(viewer: Viewer) -> EnterpriseQuerySet:
    """The enterprises the viewer reports for."""
    mine = Enterprise.objects.standing().granted_to(viewer, GrantCapacity.REPORTER)
    return mine.select_related("managing_area").order_by("name", "pk")


def my_enterprise(viewer: Viewer, pk: int) -> Enterprise:
    """One enterprise the viewer reports for. Raises `OutOfScope` otherwise."""
    enterprise = my_enterprises(viewer).filter(pk=pk).first()
    if enterprise is None:
        raise OutOfScope(f"enterprise {pk}")
    return enterprise


def reported_names(viewer: Viewer) -> list[tuple[int, str]]:
    """Id and name of the enterprises the viewer reports for, by name."""
    return list(my_enterprises(viewer).values_list("pk", "name"))


def my_enterprise_coded(viewer: Viewer, code: str) -> Enterprise:
    """One enterprise the viewer reports for, by credit code or provisional id. Raises `OutOfScope` otherwise."""
    enterprise = my_enterprises(viewer).filter(Q(uscc=code) | Q(provisional_id=code)).first()
    if enterprise is None:
        raise OutOfScope(f"enterprise {code}")
    return enterprise


def reporters_of(viewer: Viewer, enterprise: Enterprise, on: date) -> list[EnterpriseGrant]:
    """The people who report for an enterprise on a day, for an official who sees the enterprise."""
    grants = EnterpriseGrant.objects.held_on(on).filter(enterprise=enterprise, capacity=GrantCapacity.REPORTER)
    return (
        list(grants.select_related("user").order_by("valid_from", "pk"))
        if enterprise_for(viewer, enterprise.pk)
        else []
    )


def reporters_among(viewer: Viewer, enterprise_ids: Iterable[int], on: date) -> dict[int, list[User]]:
    """Enterprise id → who reports for it on a day, for those in the official's areas. One query."""
    grants = EnterpriseGrant.objects.held_on(on).filter(
        enterprise_id__in=list(enterprise_ids), capacity=GrantCapacity.REPORTER
    )
    if not viewer.covers_root:
        grants = grants.filter(enterprise__managing_area_id__in=viewer.area_ids)
    found: dict[int, list[User]] = {}
    for grant in grants.select_related("user").order_by("valid_from", "pk"):
        found.setdefault(grant.enterprise_id, []).append(grant.user)
    return found


def grants_of(user_id: int, on: date) -> frozenset[tuple[str, int]]:
    """What a person holds on a day, as the viewer carries it: (capacity, enterprise id)."""
    held = EnterpriseGrant.objects.held_on(on).filter(user_id=user_id)
    return frozenset(held.order_by("pk").values_list("capacity", "enterprise_id"))
