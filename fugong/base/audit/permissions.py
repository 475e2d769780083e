from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.core.decision import Decision, allowed_if
from fugong.core.viewer import Viewer


def can_seal(viewer: Viewer) -> Decision:
    return allowed_if(viewer.is_service, _("The trail is sealed by the program itself."))
