from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.command.situation.enums import BulletinState, OutputForm
from fugong.command.situation.models import Bulletin
from fugong.core.decision import Decision, allowed_if
from fugong.core.roles import SEES_AREA, Role
from fugong.core.viewer import Viewer

_DRAFTERS = (Role.BUREAU_CLERK, Role.DUTY_OFFICER, Role.COMMANDER)


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
        viewer.is_service or viewer.has(*_DRAFTERS),
        _("Bulletins are drafted by bureau clerks, duty officers and commanders."),
    )


def can_draft_for(viewer: Viewer, area_id: int) -> Decision:
    """Who drafts the bulletins of an area: its clerks and duty officers; a commander may write one as well."""
    return can_draft_bulletin(viewer) and allowed_if(
        viewer.holds(area_id, *_DRAFTERS),
        _("This area lies outside your mandate; its own bureau drafts its bulletins."),
    )


def can_see_bulletin(viewer: Viewer, bulletin: Bulletin) -> Decision:
    """A published one is for every official who sees the figures; a draft for those who write and approve."""
    if bulletin.is_published:
        return can_see_figures(viewer)
    return can_draft_bulletin(viewer)


def can_take_output(viewer: Viewer, bulletin: Bulletin, form: str) -> Decision:
    """A file of it, for who may see it; its later corrections, which name enterprises, for those who write it."""
    if not bulletin.is_counted:
        return Decision(False, _("Its figures are not counted yet."))
    if form == OutputForm.CHANGES:
        if not bulletin.is_published:
            return Decision(False, _("Only a published bulletin has later corrections."))
        return can_draft_bulletin(viewer) and can_see_bulletin(viewer, bulletin)
    return can_see_bulletin(viewer, bulletin)


def can_edit_bulletin(viewer: Viewer, bulletin: Bulletin) -> Decision:
    if bulletin.state != BulletinState.DRAFT:
        return Decision(False, _("This bulletin is no draft any more; send it back to change it."))
    return can_draft_for(viewer, bulletin.area_id)


def can_write_bulletin(viewer: Viewer, bulletin: Bulletin) -> Decision:
    """Its text is written beside its figures: not before there are some."""
    if not bulletin.is_counted:
        return Decision(False, _("Its figures are not counted yet."))
    return can_edit_bulletin(viewer, bulletin)


def can_return_bulletin(viewer: Viewer, bulletin: Bulletin) -> Decision:
    """Sent back by who would approve it, or taken back by who may write it."""
    if bulletin.state != BulletinState.SUBMITTED:
        return Decision(False, _("This bulletin does not wait for approval."))
    return can_draft_for(viewer, bulletin.area_id)


def can_publish_bulletin(viewer: Viewer, bulletin: Bulletin) -> Decision:
    """Approved and published by a commander of the area who has written nothing of it."""
    if bulletin.state != BulletinState.SUBMITTED:
        return Decision(False, _("This bulletin does not wait for approval."))
    if viewer.id is not None and viewer.id in (bulletin.drafted_by_id, bulletin.edited_by_id, *bulletin.written_by_ids):
        return Decision(False, _("Whoever wrote a bulletin does not approve it; another commander does."))
    return allowed_if(
        viewer.holds(bulletin.area_id, Role.COMMANDER), _("Bulletins are approved by the commander of their area.")
    )


def can_revise_bulletin(viewer: Viewer, bulletin: Bulletin) -> Decision:
    if not bulletin.is_published:
        return Decision(False, _("Only a published bulletin is revised; change the draft instead."))
    return can_draft_for(viewer, bulletin.area_id)


def can_edit_template(viewer: Viewer, area_id: int) -> Decision:
    return can_draft_for(viewer, area_id)
