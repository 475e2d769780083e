from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.core.decision import Decision, allowed_if
from fugong.core.roles import SEES_AREA, Role
from fugong.core.viewer import Viewer


def can_see_figures(viewer: Viewer) -> Decision:
    return allowed_if(viewer.is_service or viewer.has(*SEES_AREA), _("Figures are for officials."))


def can_draft_bulletin(viewer: Viewer) -> Decision:
    return allowed_if(
        viewer.is_service or viewer.has(Role.BUREAU_CLERK, Role.DUTY_OFFICER, Role.COMMANDER),
        _("Bulletins are drafted by bureau clerks, duty officers and commanders."),
    )
