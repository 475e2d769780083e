from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.models import Body
from fugong.command.headquarters.models import Directive, DirectivePart, Meeting
from fugong.core.decision import Decision, allowed_if
from fugong.core.roles import SEES_AREA, Role
from fugong.core.viewer import Viewer

COMMAND = (Role.DUTY_OFFICER, Role.COMMANDER)
# Who does what a body is told, and is reminded of it.
WORKERS = (Role.BUREAU_CLERK, Role.TOWNSHIP_CADRE, Role.WORKING_GROUP_MEMBER, Role.TEAM_LEAD, *COMMAND)


def can_see_directives(viewer: Viewer) -> Decision:
    return allowed_if(viewer.is_service or viewer.has(*SEES_AREA), _("Directives and meetings are for officials."))


def can_set_up(viewer: Viewer, area_id: int) -> Decision:
    return allowed_if(
        viewer.holds(area_id, Role.ADMINISTRATOR), _("Bodies are set up by the administrator of the area.")
    )


def can_keep_roster(viewer: Viewer, area_id: int) -> Decision:
    return allowed_if(
        viewer.holds(area_id, *COMMAND, Role.ADMINISTRATOR),
        _("The duty roster is kept by duty officers, commanders and administrators of the area."),
    )


def can_issue(viewer: Viewer, area_id: int) -> Decision:
    return allowed_if(
        viewer.holds(area_id, *COMMAND), _("Directives are issued by duty officers and commanders of the area.")
    )


def can_run_meetings(viewer: Viewer, area_id: int) -> Decision:
    """Prepares, opens, decides and adjourns the meetings of an area's headquarters."""
    return allowed_if(
        viewer.holds(area_id, *COMMAND), _("Meetings are run by duty officers and commanders of the area.")
    )


def can_see_meeting(viewer: Viewer, meeting: Meeting) -> Decision:
    """Every official of the area; never one of an area beside it or beneath it."""
    return can_see_directives(viewer) and allowed_if(
        viewer.covers(meeting.area_id), _("This meeting is another area’s.")
    )


def can_command(viewer: Viewer, directive: Directive) -> Decision:
    """The issuer's side: sends back, gives more time, presses, withdraws, gives parts."""
    return allowed_if(
        viewer.holds(directive.area_id, *COMMAND),
        _("Only the headquarters that issued it does this; ask its duty officer."),
    )


def can_close(viewer: Viewer, directive: Directive) -> Decision:
    """Closed by the issuer, and by nobody who claimed it done."""
    if viewer.id is not None and viewer.id == directive.claimed_by_id:
        return Decision(False, _("Whoever said that it is done does not close it; a colleague does."))
    return can_command(viewer, directive)


def _serves(viewer: Viewer, body: Body) -> bool:
    return body.pk in viewer.body_ids and viewer.holds(body.area_id, *WORKERS)


def can_answer(viewer: Viewer, directive: Directive) -> Decision:
    """The owner's side: its own people, or the command of its area where that is not the issuer's."""
    body = directive.owner_body
    above = viewer.holds(body.area_id, *COMMAND) and not viewer.holds(directive.area_id, *COMMAND)
    return allowed_if(
        viewer.is_service or _serves(viewer, body) or above,
        _("This directive is for another body; its own people answer it."),
    )


def can_do_part(viewer: Viewer, part: DirectivePart) -> Decision:
    return allowed_if(
        viewer.is_service or _serves(viewer, part.body), _("This part belongs to another body; its own people answer.")
    )


def can_run_clocks(viewer: Viewer) -> Decision:
    return allowed_if(viewer.is_service, _("Clocks are kept by a job."))
