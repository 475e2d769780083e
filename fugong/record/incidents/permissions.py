from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.core.decision import Decision, allowed_if
from fugong.core.roles import SEES_AREA, Role
from fugong.core.viewer import Viewer


def can_load_playbook(viewer: Viewer) -> Decision:
    return allowed_if(
        viewer.holds_everywhere(Role.ADMINISTRATOR),
        _("Playbooks are loaded by the administrator of the whole place."),
    )


def can_open_incident(viewer: Viewer, area_id: int) -> Decision:
    return allowed_if(
        viewer.holds(area_id, Role.COMMANDER, Role.ADMINISTRATOR),
        _("Incidents are opened by the commander or the administrator of the area."),
    )


def can_see_incidents(viewer: Viewer) -> Decision:
    """Officials see the incidents of their place, enterprises through their own pages."""
    return allowed_if(viewer.is_service or viewer.has(*SEES_AREA), _("This page is for officials."))


def can_set_area_risk(viewer: Viewer, area_id: int) -> Decision:
    """The headquarters of the area, or of one above it, sets its level."""
    return allowed_if(
        viewer.holds(area_id, Role.COMMANDER, Role.DUTY_OFFICER),
        _("Risk levels are set by the commander or the duty officer of the area."),
    )
