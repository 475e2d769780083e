from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.core.registries import NavigationEntry, PlaybookSection, navigation, playbook_sections
from fugong.record.incidents.logic.risk import read_section
from fugong.record.incidents.permissions import can_see_incidents

playbook_sections.register("risk", PlaybookSection("risk", read_section))
navigation.register(
    "incidents.areas",
    NavigationEntry(
        name="incidents.areas",
        order=60,
        label=_("Areas"),
        icon="map-2",
        url_name="incidents:areas",
        per_incident=True,
        may=lambda viewer: bool(can_see_incidents(viewer)),
    ),
)
