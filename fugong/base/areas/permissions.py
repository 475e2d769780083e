from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.core.decision import Decision, allowed_if
from fugong.core.roles import Role
from fugong.core.viewer import Viewer


def can_import_areas(viewer: Viewer) -> Decision:
    return allowed_if(
        viewer.holds_everywhere(Role.ADMINISTRATOR),
        _("Areas are loaded by the administrator of the whole place."),
    )
