"""Who may do what on pages that belong to no room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.core.decision import Decision, allowed_if
from fugong.core.roles import Role
from fugong.core.viewer import Viewer


def can_see_status(viewer: Viewer) -> Decision:
    """The installation serves the whole place: its state is for the administrator of the whole."""
    return allowed_if(
        viewer.holds_everywhere(Role.ADMINISTRATOR),
        _("The state of the system is for the administrator of the whole place."),
    )
