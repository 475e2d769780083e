from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.core.registries import (
    ApiScope,
    Metric,
    NavigationEntry,
    PlaybookSection,
    api_scopes,
    metrics,
    navigation,
    playbook_sections,
)
from fugong.core.roles import Role
from fugong.record.reporting import permissions
from fugong.record.reporting.logic.section import read_section
from fugong.record.reporting.selectors import counts

metrics.register("opening", Metric("opening", "enterprise", counts.opening_cells, counts.opening_members))
metrics.register("return", Metric("return", "person", counts.return_cells, counts.return_members))
playbook_sections.register("report", PlaybookSection("report", read_section))
api_scopes.register(
    "reports:read",
    ApiScope("reports:read", 10, _("read own reports and what is due"), lambda viewer: viewer.has(Role.REPORTER)),
)
api_scopes.register(
    "reports:write", ApiScope("reports:write", 20, _("send reports"), lambda viewer: viewer.has(Role.REPORTER))
)
api_scopes.register(
    "totals:read",
    ApiScope("totals:read", 30, _("read totals of areas"), lambda viewer: bool(permissions.can_see_totals(viewer))),
)
api_scopes.register(
    "totals:write",
    ApiScope("totals:write", 40, _("state totals of areas"), lambda viewer: viewer.has(*permissions.TOTAL_ROLES)),
)
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
