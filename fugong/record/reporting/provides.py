from __future__ import annotations

from fractions import Fraction

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fugong.base.spreadsheets.logic.kinds import ImportKind, Scope, import_kinds
from fugong.core.plans import PlanSource, plan_sources
from fugong.core.registries import (
    ApiScope,
    DaySheetSource,
    Metric,
    NavigationEntry,
    PlaybookSection,
    api_scopes,
    day_sheet_sources,
    metrics,
    navigation,
    playbook_sections,
)
from fugong.core.roles import SEES_AREA, Role
from fugong.record.reporting import permissions
from fugong.record.reporting.actions.imports import undo_reports
from fugong.record.reporting.actions.incoming import IncomingReports
from fugong.record.reporting.enums import ReportState
from fugong.record.reporting.logic.plan_words import plan_words
from fugong.record.reporting.logic.section import read_section
from fugong.record.reporting.selectors import behind, counts, plan
from fugong.record.reporting.selectors.needs import report_needs
from fugong.record.reporting.selectors.sheets import TEMPLATE, filled_rows, names_in

metrics.register(
    "opening", Metric("opening", "enterprise", counts.opening_cells, behind.opening_members, behind.single_states)
)
metrics.register("return", Metric("return", "person", counts.return_cells, behind.return_members, behind.return_states))
metrics.register(
    "capacity",
    Metric(
        "capacity", "person", counts.capacity_cells, behind.capacity_members, behind.expected_states, may_exceed=True
    ),
)
metrics.register(
    "reporting",
    Metric("reporting", "enterprise", counts.reporting_cells, behind.reporting_members, behind.expected_states),
)
metrics.register(
    "asking",
    # Seconds per enterprise in a week, said in minutes.
    Metric(
        "asking",
        "second",
        counts.asking_cells,
        behind.asking_members,
        behind.timed_states,
        factor=Fraction(1, 60),
        may_exceed=True,
    ),
)
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


def _home(scope: Scope) -> tuple[str, str]:
    """The board, where the reports are counted."""
    return gettext("Situation"), reverse("situation:board", args=[scope["incident"]])


def _notes() -> dict[str, tuple[str, str]]:
    """Field → what to write there, and an example."""
    return {
        "uscc": (gettext("18 characters; the column is text, so that no digit is lost"), "91371522MA3DK2XXXX"),
        "name": (gettext("for the eye only; the code decides"), ""),
        "day": (gettext("year, month and day"), "2020-03-24"),
        "state": (gettext("open, partly open or closed"), str(ReportState.OPEN.label)),
        "reason": (gettext("only when closed, from the list"), ""),
        "roster": (gettext("people, a whole number"), "186"),
        "on_post": (gettext("people, a whole number"), "172"),
        "capacity": (gettext("per cent; may exceed 100"), "85"),
        "obstacles": (gettext("from the list, parted by semicolons"), ""),
    }


import_kinds.register(
    "reports",
    ImportKind(
        name="reports",
        title=_("Import daily reports"),
        row_label=_("Enterprise"),
        verb="reporting.report.imported",
        may=permissions.can_import_reports,
        columns=names_in,
        open=IncomingReports,
        home=_home,
        code_field="uscc",
        added_columns=(_("Day"), _("State"), _("On post / roster")),
        template_fields=TEMPLATE,
        notes=_notes,
        prefill=filled_rows,
        undo=lambda actor, written: undo_reports(actor=actor, written=written),
    ),
)
navigation.register(
    "reports.missing",
    NavigationEntry(
        name="reports.missing",
        order=25,
        label=_("Reports"),
        icon="clipboard-text",
        url_name="reports:missing",
        per_incident=True,
        may=lambda viewer: viewer.has(*SEES_AREA),
    ),
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
day_sheet_sources.register("reporting", DaySheetSource("reporting", report_needs))
plan_sources.register(
    "reporting",
    PlanSource("reporting", 10, _("Daily report"), plan.plan_facts, plan.plan_progress, plan_words),
)
