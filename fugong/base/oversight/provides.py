from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.base.audit.permissions import can_read_trail
from fugong.core.registries import NavigationEntry, navigation

navigation.register(
    "oversight.trail",
    NavigationEntry(
        name="oversight.trail",
        order=90,
        label=_("Trail"),
        icon="history",
        url_name="oversight:trail",
        per_incident=False,
        may=lambda viewer: bool(can_read_trail(viewer)),
    ),
)
