from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.base.notifications.permissions import can_see_outbox
from fugong.core.registries import NavigationEntry, navigation

navigation.register(
    "notifications.outbox",
    NavigationEntry(
        name="notifications.outbox",
        order=920,
        label=_("Outbox"),
        icon="message-2",
        url_name="notifications:outbox",
        per_incident=False,
        may=lambda viewer: bool(can_see_outbox(viewer)),
    ),
)
