from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from fugong.base.accounts.enums import SecretKind
from fugong.base.accounts.selectors import with_a_secret
from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_ids_within, areas_valid_on
from fugong.core import clock
from fugong.core.decision import OutOfScope
from fugong.core.viewer import Viewer
from fugong.record.registry.enums import GrantCapacity
from fugong.record.registry.models import AccessSheet, Enterprise, EnterpriseGrant
from fugong.record.registry.models.enterprise import EnterpriseQuerySet
from fugong.record.registry.permissions import KEEPERS

_SHOWN = 50


def enterprises_for_sheet(viewer: Viewer, area: Area, *, everybody: bool) -> EnterpriseQuerySet:
    """The enterprises in business of an area, in the order of the sheet; without `everybody` only those that nobody
    signs in for yet: whoever has chosen a PIN or holds a password needs no card."""
    today = clock.today()
    held = EnterpriseGrant.objects.held_on(today).filter(
        enterprise=OuterRef("pk"), capacity=GrantCapacity.REPORTER, user__is_active=True
    )
    chosen = Q(user__secret_kind=SecretKind.PASSWORD) | Q(user__in=with_a_secret())
    found = Enterprise.objects.standing().filter(managing_area_id__in=area_ids_within([area.path]))
    found = found.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=today))
    if not viewer.is_service and not viewer.covers(area.pk):
        return found.none()
    if not everybody:
        found = found.exclude(Exists(held.filter(chosen)))
    return found.select_related("managing_area").order_by("managing_area__code", "name", "pk")


def count_for_sheet(viewer: Viewer, area: Area, *, everybody: bool) -> int:
    """How many cards a sheet would have."""
    return enterprises_for_sheet(viewer, area, everybody=everybody).count()


def sheets_for(viewer: Viewer) -> list[AccessSheet]:
    """The last sheets of the areas in which the viewer keeps the register, the newest first."""
    reach = viewer.reach(*KEEPERS)
    found = AccessSheet.objects.select_related("area", "actor")
    return list((found if reach is None else found.filter(area_id__in=reach)).order_by("-pk")[:_SHOWN])


def sheet_for(viewer: Viewer, pk: int) -> AccessSheet:
    """One of them. Raises `OutOfScope`."""
    reach = viewer.reach(*KEEPERS)
    found = AccessSheet.objects.select_related("area").filter(pk=pk).first()
    if found is None or (reach is not None and found.area_id not in reach):
        raise OutOfScope(f"sheet {pk}")
    return found


def areas_for_sheets(viewer: Viewer) -> list[Area]:
    """The areas for which the viewer may print, parents before children."""
    reach = viewer.reach(*KEEPERS)
    areas = areas_valid_on(clock.today())
    return list(areas if reach is None else areas.filter(pk__in=reach))
