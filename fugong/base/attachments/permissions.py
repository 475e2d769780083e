from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.core.decision import Decision, allowed_if
from fugong.core.viewer import Viewer


def can_keep_picture(viewer: Viewer) -> Decision:
    """Whoever has signed in; what it is attached to asks for more."""
    return allowed_if(not viewer.is_anonymous, _("Pictures are kept for those who have signed in."))
