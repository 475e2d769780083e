from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.core.decision import SIGN_IN_FIRST, Decision, allowed_if
from fugong.core.roles import Role
from fugong.core.viewer import Viewer


def can_queue_message(viewer: Viewer) -> Decision:
    """Whoever acts may have somebody told; whom and of what is decided by the act that calls."""
    return Decision(True) if viewer.is_service or viewer.id is not None else SIGN_IN_FIRST


def can_work_on_messages(viewer: Viewer) -> Decision:
    return allowed_if(viewer.is_service, _("Messages are sent by jobs."))


def can_see_outbox(viewer: Viewer) -> Decision:
    """Texts to everybody of the place: for those who answer for the whole of it."""
    return allowed_if(
        viewer.holds_everywhere(Role.ADMINISTRATOR),
        _("The outbox is open to the administrator of the whole place."),
    )
