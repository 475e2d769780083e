from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.core.registries import Metric, NavigationEntry, PlaybookSection, metrics, navigation, playbook_sections
from fugong.core.roles import Role
from fugong.record.reporting.logic.section import read_section
from fugong.record.reporting.selectors import counts

metrics.register("opening", Metric("opening", "enterprise", counts.opening_cells, counts.opening_members))
metrics.register("return", Metric("return", "person", counts.return_cells, counts.return_members))
playbook_sections.register("report", PlaybookSection("report", read_section))
navigation.register(
    "reporting.home",
    NavigationEntry(
        name="reporting.home",
        order=10,
        label=_("Home"),
        icon="home",
        url_name="reporting:home",
        per_incident=False,
        may=lambda viewer: viewer.has(Role.REPORTER),
    ),
)
