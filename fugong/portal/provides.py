from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.core.registries import NavigationEntry, navigation
from fugong.portal.permissions import can_see_status
from fugong.portal.watching import checks, database, metrics

__all__ = ["checks", "database", "metrics"]  # importing them registers what they know

navigation.register(
    "portal.status",
    NavigationEntry(
        name="portal.status",
        order=95,
        label=_("System"),
        icon="activity-heartbeat",
        url_name="status",
        per_incident=False,
        may=lambda viewer: bool(can_see_status(viewer)),
    ),
)
