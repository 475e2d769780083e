from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.command.headquarters.logic.section import read_section
from fugong.command.headquarters.permissions import can_see_directives
from fugong.command.headquarters.selectors.agenda import agenda_of_directives
from fugong.command.headquarters.selectors.directives import wall_lines
from fugong.core.agendas import AgendaSource, WallList, agenda_sources, wall_lists
from fugong.core.registries import (
    NavigationEntry,
    PlaybookSection,
    navigation,
    playbook_sections,
)

playbook_sections.register("headquarters", PlaybookSection("headquarters", read_section))
navigation.register(
    "headquarters.directives",
    NavigationEntry(
        name="headquarters.directives",
        order=30,
        label=_("Dispatch"),
        icon="gavel",
        url_name="headquarters:meetings",
        per_incident=True,
        may=lambda viewer: bool(can_see_directives(viewer)),
    ),
)
agenda_sources.register(
    "headquarters", AgendaSource("headquarters", 10, _("Directives that are late"), agenda_of_directives)
)
wall_lists.register("headquarters", WallList("headquarters", 10, _("Directives"), wall_lines))
