from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.core import clock
from fugong.core.decision import Decision, allowed_if
from fugong.core.roles import SEES_AREA, Role
from fugong.core.viewer import Viewer
from fugong.record.registry.models import Enterprise

_KEEPERS = (Role.BUREAU_CLERK, Role.TOWNSHIP_CADRE, Role.ADMINISTRATOR)


def can_list_enterprises(viewer: Viewer) -> Decision:
    return allowed_if(viewer.is_service or viewer.has(*SEES_AREA), _("The register is for officials."))


def can_register_enterprise(viewer: Viewer, area_id: int | None = None) -> Decision:
    """Without an area: may the viewer register any enterprise at all."""
    keeps = viewer.is_service or viewer.has(*_KEEPERS)
    if not keeps:
        return Decision(False, _("The register is kept by bureau clerks, township cadres and administrators."))
    inside = area_id is None or viewer.covers(area_id)
    return allowed_if(inside, _("This area lies outside your mandate; ask its own bureau."))


def can_edit_enterprise(viewer: Viewer, enterprise: Enterprise) -> Decision:
    return can_register_enterprise(viewer, enterprise.managing_area_id)


def can_invite_reporter(viewer: Viewer, enterprise: Enterprise) -> Decision:
    if enterprise.closed_on is not None and enterprise.closed_on <= clock.today():
        return Decision(False, _("The enterprise is closed for good; nobody reports for it."))
    return can_register_enterprise(viewer, enterprise.managing_area_id)


def can_import_enterprises(viewer: Viewer) -> Decision:
    return can_register_enterprise(viewer)
