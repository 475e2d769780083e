from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.base.audit.permissions import can_read_trail
from fugong.core.decision import Decision
from fugong.core.roles import SEES_AREA, Role
from fugong.core.viewer import Viewer

_OVERSEEING = (Role.ADMINISTRATOR, Role.AUDITOR)
_WORKING = tuple(SEES_AREA - {Role.ADMINISTRATOR})


def can_export_trail(viewer: Viewer) -> Decision:
    """Whoever reads the trail may take it along; each export is on record, with its reason."""
    return can_read_trail(viewer)


def can_open_personal(viewer: Viewer, decided: Decision) -> Decision:
    """The room that keeps the datum has decided; nobody opens one without signing in."""
    return Decision(False, _("Sign in first.")) if viewer.is_anonymous else decided


def reads_from_outside(viewer: Viewer, area_id: int | None) -> bool:
    """The viewer sees this area only as overseer (administrator, auditor) and holds no working role there.

    Such a read is put on record: whose work it is needs no record for reading its own files.
    """
    return viewer.has(*_OVERSEEING) and not viewer.is_service and not viewer.holds(area_id, *_WORKING)
