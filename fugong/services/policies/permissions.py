from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.core.decision import Decision, allowed_if
from fugong.core.roles import SEES_AREA, Role
from fugong.core.viewer import Viewer
from fugong.record.registry.models import Enterprise

KEEPERS = (Role.BUREAU_CLERK, Role.ADMINISTRATOR)
_ASKERS = (
    Role.BUREAU_CLERK,
    Role.TOWNSHIP_CADRE,
    Role.WORKING_GROUP_MEMBER,
    Role.TEAM_LEAD,
    Role.DUTY_OFFICER,
    Role.COMMANDER,
)


def can_see_measures(viewer: Viewer) -> Decision:
    return allowed_if(viewer.is_service or viewer.has(*SEES_AREA), _("The catalogue of measures is for officials."))


def can_keep_measures(viewer: Viewer, area_id: int | None = None) -> Decision:
    """Without an area: may the viewer write measures at all."""
    may = viewer.is_service or (viewer.has(*KEEPERS) if area_id is None else viewer.holds(area_id, *KEEPERS))
    return allowed_if(may, _("Measures are written by a bureau clerk or the administrator of their area."))


def can_answer(viewer: Viewer, enterprise: Enterprise) -> Decision:
    """The enterprise's reporter answers for it; so does an official of its area who has it on the phone."""
    if enterprise.merged_into_id is not None:
        return Decision(False, _("It was merged into another enterprise; work on that one."))
    may = viewer.acts_for(enterprise.pk, Role.REPORTER) or viewer.holds(enterprise.managing_area_id, *_ASKERS)
    return allowed_if(may, _("Answers are given by the enterprise’s reporter and by officials of its area."))


def can_match(viewer: Viewer) -> Decision:
    return allowed_if(viewer.is_service, _("Enterprises are matched by a job."))


def can_see_profile(viewer: Viewer, enterprise: Enterprise) -> Decision:
    """What is known of an enterprise and what it is entitled to: for its reporter and officials of its area."""
    sees = viewer.has(*SEES_AREA) and viewer.covers(enterprise.managing_area_id)
    may = viewer.is_service or sees or viewer.acts_for(enterprise.pk, Role.REPORTER)
    return allowed_if(may, _("You do not report for this enterprise; its bureau clerk gives this right."))
