from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.core.decision import Decision, allowed_if
from fugong.core.roles import Role
from fugong.core.viewer import Viewer


def can_set_calendar_day(viewer: Viewer, area_id: int) -> Decision:
    return allowed_if(
        viewer.holds(area_id, Role.ADMINISTRATOR, Role.COMMANDER, Role.DUTY_OFFICER),
        _("Days off are set by the administrator, the duty officer and the commander of the area."),
    )
