from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.core.decision import Decision, allowed_if
from fugong.core.roles import Role
from fugong.core.viewer import Viewer


def can_seal(viewer: Viewer) -> Decision:
    return allowed_if(viewer.is_service, _("The trail is sealed by the program itself."))


READERS = (Role.AUDITOR, Role.ADMINISTRATOR)


def can_read_trail(viewer: Viewer) -> Decision:
    """Auditors and administrators, each the entries of the areas of that mandate."""
    return allowed_if(viewer.is_service or viewer.has(*READERS), _("The trail is read by auditors and administrators."))
