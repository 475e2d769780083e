from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.models import Body
from fugong.core.decision import Decision, allowed_if
from fugong.core.roles import SEES_AREA, Role
from fugong.core.viewer import Viewer
from fugong.record.desk.models import Request
from fugong.record.registry.models import Enterprise

_CLERKS = (Role.BUREAU_CLERK, Role.TOWNSHIP_CADRE, Role.WORKING_GROUP_MEMBER, Role.TEAM_LEAD)
_COMMAND = (Role.DUTY_OFFICER, Role.COMMANDER)
# Who works on requests in a body, and is told of them.
WORKERS = (*_CLERKS, *_COMMAND)
_STEERS = (Role.COMMANDER, Role.DUTY_OFFICER, Role.ADMINISTRATOR)


def can_see_requests(viewer: Viewer) -> Decision:
    return allowed_if(viewer.is_service or viewer.has(*SEES_AREA), _("The queue of requests is for officials."))


def can_ask(viewer: Viewer, enterprise: Enterprise) -> Decision:
    """Its reporter asks for it, its officer at the gate, or an official who has it on the phone."""
    if enterprise.merged_into_id is not None:
        return Decision(False, _("It was merged into another enterprise; work on that one."))
    if viewer.acts_for(enterprise.pk, Role.REPORTER) or viewer.acts_for(enterprise.pk, Role.LIAISON_OFFICER):
        return Decision(True)
    return can_take_request(viewer, enterprise.managing_area_id)


def can_take_request(viewer: Viewer, area_id: int | None = None) -> Decision:
    """Without an area: may the viewer enter requests of enterprises at all."""
    roles = (*_CLERKS, *_COMMAND)
    may = viewer.is_service or (viewer.has(*roles) if area_id is None else viewer.holds(area_id, *roles))
    return allowed_if(may, _("Requests are entered by the enterprise’s reporter and by officials of its area."))


def can_work_on(viewer: Viewer, request: Request) -> Decision:
    """The body that has the duty works on it; so do duty officer and commander of the area."""
    if viewer.is_service or viewer.holds(request.managing_area_id, *_COMMAND):
        return Decision(True)
    inside = viewer.holds(request.managing_area_id, *_CLERKS)
    return allowed_if(
        inside and request.owner_body_id in viewer.body_ids,
        _("Another body has this request (%(body)s). It can offer it to yours.") % {"body": request.owner_body},
    )


def can_accept(viewer: Viewer, request: Request) -> Decision:
    """The body that it was offered to, or the one that has the duty already."""
    if request.offered_to_id is not None and request.offered_to_id in viewer.body_ids:
        return allowed_if(
            viewer.holds(request.managing_area_id, *_CLERKS, *_COMMAND), _("This area lies outside your mandate.")
        )
    return can_work_on(viewer, request)


def can_work_on_part(viewer: Viewer, request: Request, body_id: int) -> Decision:
    if viewer.holds(request.managing_area_id, *_CLERKS) and body_id in viewer.body_ids:
        return Decision(True)
    return can_work_on(viewer, request)


def can_speak_for_enterprise(viewer: Viewer, request: Request) -> Decision:
    """Its reporter confirms, denies, withdraws, adds words and rates; nobody else."""
    return allowed_if(
        viewer.is_service or viewer.acts_for(request.enterprise_id, Role.REPORTER),
        _("You do not report for this enterprise; its bureau clerk gives this right."),
    )


def can_speed_up(viewer: Viewer, request: Request) -> Decision:
    return allowed_if(
        viewer.holds(request.managing_area_id, *_COMMAND),
        _("The green channel is opened by the duty officer or the commander of the area."),
    )


def can_gather(viewer: Viewer, area_id: int) -> Decision:
    """Putting requests under a root problem, and answering them together."""
    return allowed_if(viewer.holds(area_id, *_CLERKS, *_COMMAND), _("Root problems are kept by officials of the area."))


def can_route(viewer: Viewer, area_id: int) -> Decision:
    return allowed_if(
        viewer.holds(area_id, *_STEERS),
        _("Routes and service hours are set by the administrator, the duty officer and the commander of the area."),
    )


def can_note_absence(viewer: Viewer, body: Body, user_id: int) -> Decision:
    """Oneself; or whoever steers the area, for the people of its bodies."""
    if viewer.id == user_id and body.pk in viewer.body_ids:
        return Decision(True)
    return allowed_if(
        viewer.holds(body.area_id, *_STEERS),
        _("An absence is noted by the person, the duty officer, the commander or the administrator of the area."),
    )


def can_run_clocks(viewer: Viewer) -> Decision:
    return allowed_if(viewer.is_service, _("Clocks are kept by a job."))
