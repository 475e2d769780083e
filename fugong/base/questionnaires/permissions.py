from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.base.questionnaires.models import Form
from fugong.core.decision import Decision, allowed_if
from fugong.core.roles import SEES_AREA, Role
from fugong.core.viewer import Viewer

WRITES = (Role.BUREAU_CLERK, Role.DUTY_OFFICER, Role.COMMANDER, Role.ADMINISTRATOR)
_WHO = _("Forms are loaded by bureau clerks, duty officers, commanders and administrators")


def can_see_forms(viewer: Viewer) -> Decision:
    return allowed_if(viewer.is_service or viewer.has(*SEES_AREA), _("Forms and their answers are for officials."))


def can_load_forms(viewer: Viewer) -> Decision:
    """At all: for the door."""
    return allowed_if(viewer.is_service or viewer.has(*WRITES), _WHO)


def can_load_form(viewer: Viewer, area_id: int | None) -> Decision:
    """A form of an area, or (None) of the whole place."""
    if not can_load_forms(viewer):
        return can_load_forms(viewer)
    if area_id is None:
        return allowed_if(
            viewer.holds_everywhere(*WRITES), _("This form serves the whole place; the city's office changes it.")
        )
    return allowed_if(viewer.holds(area_id, *WRITES), _("This lies outside your mandate; ask the office of that area."))


def can_load_version(viewer: Viewer, form: Form) -> Decision:
    """A further version of a form."""
    return can_load_form(viewer, form.area_id)


def can_ask_form(viewer: Viewer, form: Form) -> Decision:
    """Begin or stop asking it in the visits of its area."""
    if form.area_id is None:
        return Decision(False, _("Which forms of the whole place are asked is said by the playbook."))
    return can_load_form(viewer, form.area_id)


def can_keep_answers(viewer: Viewer) -> Decision:
    """Who may be where the form is asked has been decided by the room that asks it."""
    return allowed_if(viewer.id is not None, _("Sign in first."))


def can_export_answers(viewer: Viewer) -> Decision:
    return can_see_forms(viewer)
