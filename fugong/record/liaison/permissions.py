from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.permissions import can_open_account
from fugong.core.decision import Decision, allowed_if
from fugong.core.roles import SEES_AREA, Role
from fugong.core.viewer import Viewer
from fugong.record.liaison.models import PlannedVisit, Visit
from fugong.record.registry.models import Enterprise

ASSIGNS = (
    Role.BUREAU_CLERK,
    Role.TOWNSHIP_CADRE,
    Role.ADMINISTRATOR,
    Role.TEAM_LEAD,
    Role.DUTY_OFFICER,
    Role.COMMANDER,
)
_OUTSIDE = _("This lies outside your mandate; ask the office of that area.")


def can_see_field(viewer: Viewer) -> Decision:
    return allowed_if(viewer.is_service or viewer.has(*SEES_AREA), _("Who looks after whom is for officials."))


def can_assign(viewer: Viewer, area_ids: Iterable[int] = ()) -> Decision:
    """Without areas: may the viewer assign anybody at all; else in every one of these areas."""
    if not (viewer.is_service or viewer.has(*ASSIGNS)):
        return Decision(
            False,
            _("Officers are assigned by bureau clerks, township cadres, team leads, administrators and the command."),
        )
    return allowed_if(all(viewer.holds(pk, *ASSIGNS) for pk in set(area_ids)), _OUTSIDE)


def can_enter_absence(viewer: Viewer, user_id: int, area_ids: Iterable[int]) -> Decision:
    """One's own; that of others, who assigns in every area that they look after."""
    if viewer.id is not None and viewer.id == user_id:
        return Decision(True)
    return can_assign(viewer, area_ids)


def can_follow_the_register(viewer: Viewer) -> Decision:
    """Assignments of people who left, or of entries that were merged, end by themselves."""
    return allowed_if(viewer.is_service, _("This follows the register by itself."))


def can_open_officer(viewer: Viewer, area_id: int | None = None) -> Decision:
    """Accounts for officers are opened as those of everybody else."""
    return can_open_account(viewer, area_id)


def can_open_day_sheet(viewer: Viewer) -> Decision:
    return allowed_if(viewer.has(Role.LIAISON_OFFICER), _("The day sheet is for those who look after enterprises."))


def can_record_visit(viewer: Viewer, enterprise: Enterprise) -> Decision:
    """Its officer; what nobody saw, nobody writes down."""
    if enterprise.merged_into_id is not None:
        return Decision(False, _("It was merged into another enterprise; work on that one."))
    return allowed_if(
        viewer.acts_for(enterprise.pk, Role.LIAISON_OFFICER),
        _("You do not look after this enterprise; its office gives it to you."),
    )


def can_add_photo(viewer: Viewer, visit: Visit) -> Decision:
    """Whoever was there, also when somebody else has the enterprise by now: the phone was without a network."""
    return allowed_if(
        viewer.id is not None and viewer.id == visit.user_id, _("Photos of a visit come from whoever was there.")
    )


def can_plan_visit(viewer: Viewer, enterprise: Enterprise) -> Decision:
    """Its officer, and the bodies of its area."""
    if viewer.acts_for(enterprise.pk, Role.LIAISON_OFFICER):
        return Decision(True)
    return can_assign(viewer, [enterprise.managing_area_id])


def can_cancel_plan(viewer: Viewer, plan: PlannedVisit) -> Decision:
    return allowed_if(
        viewer.id is not None and viewer.id == plan.planned_by_id, _("Whoever planned a visit cancels it.")
    )


def can_see_plan(viewer: Viewer, enterprise: Enterprise) -> Decision:
    """The plan of an enterprise is for itself, its officer, and the officials of its area."""
    sees = viewer.has(*SEES_AREA) and viewer.covers(enterprise.managing_area_id)
    acts = viewer.acts_for(enterprise.pk, Role.REPORTER) or viewer.acts_for(enterprise.pk, Role.LIAISON_OFFICER)
    return allowed_if(
        viewer.is_service or sees or acts,
        _("This plan is for the enterprise, its officer and the officials of its area."),
    )


def can_write_plan(viewer: Viewer, enterprise: Enterprise) -> Decision:
    """Its officer, and who assigns officers in its area."""
    if enterprise.merged_into_id is not None:
        return Decision(False, _("It was merged into another enterprise; work on that one."))
    if viewer.acts_for(enterprise.pk, Role.LIAISON_OFFICER):
        return Decision(True)
    may = viewer.is_service or viewer.holds(enterprise.managing_area_id, *ASSIGNS)
    return allowed_if(may, _("A plan is written by the enterprise’s officer and by the offices of its area."))
