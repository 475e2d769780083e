from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.core.decision import Decision, allowed_if
from fugong.core.roles import Role
from fugong.core.viewer import Viewer


def can_open_account(viewer: Viewer) -> Decision:
    """Clerks open accounts for reporters, administrators for everybody."""
    return allowed_if(
        viewer.is_service or viewer.has(Role.ADMINISTRATOR, Role.BUREAU_CLERK, Role.TOWNSHIP_CADRE),
        _("Accounts are opened by bureau clerks, township cadres and administrators."),
    )


def can_give_mandate(viewer: Viewer, area_id: int) -> Decision:
    return allowed_if(
        viewer.holds(area_id, Role.ADMINISTRATOR),
        _("Mandates are given by the administrator of the area."),
    )


def can_found_body(viewer: Viewer, area_id: int) -> Decision:
    return allowed_if(
        viewer.holds(area_id, Role.ADMINISTRATOR),
        _("Bodies are set up by the administrator of the area."),
    )
