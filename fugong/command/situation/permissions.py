from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.core.decision import Decision, allowed_if
from fugong.core.roles import SEES_AREA, Role
from fugong.core.viewer import Viewer


def can_see_figures(viewer: Viewer) -> Decision:
    return allowed_if(viewer.is_service or viewer.has(*SEES_AREA), _("Figures are for officials."))


def can_keep_figures(viewer: Viewer) -> Decision:
    return allowed_if(viewer.is_service, _("The books of figures are kept by the server."))


def can_define_figures(viewer: Viewer, area_id: int) -> Decision:
    return allowed_if(
        viewer.holds(area_id, Role.BUREAU_CLERK, Role.COMMANDER),
        _("What a figure means is stated by clerks and commanders of the whole incident."),
    )


def can_set_target(viewer: Viewer, area_id: int) -> Decision:
    return allowed_if(
        viewer.holds(area_id, Role.BUREAU_CLERK, Role.COMMANDER),
        _("Targets are set by clerks and commanders of the area."),
    )


def can_draft_bulletin(viewer: Viewer) -> Decision:
    return allowed_if(
        viewer.is_service or viewer.has(Role.BUREAU_CLERK, Role.DUTY_OFFICER, Role.COMMANDER),
        _("Bulletins are drafted by bureau clerks, duty officers and commanders."),
    )
