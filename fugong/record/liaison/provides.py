from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.core.registries import NavigationEntry, PlaybookSection, navigation, playbook_sections
from fugong.record.liaison.logic.section import read_section
from fugong.record.liaison.permissions import can_see_field

playbook_sections.register("field", PlaybookSection("field", read_section))
navigation.register(
    "liaison.coverage",
    NavigationEntry(
        name="liaison.coverage",
        order=45,
        label=_("Field book"),
        icon="map-pin-check",
        url_name="liaison:coverage",
        per_incident=True,
        may=lambda viewer: bool(can_see_field(viewer)),
    ),
)
