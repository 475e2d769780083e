from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fugong.base.spreadsheets.logic.kinds import ImportKind, Scope, import_kinds
from fugong.core.plans import PlanSource, plan_sources
from fugong.core.registries import (
    DaySheetSource,
    NavigationEntry,
    PlaybookSection,
    day_sheet_sources,
    navigation,
    playbook_sections,
)
from fugong.core.roles import Role
from fugong.record.liaison.actions.incoming import IncomingAssignments
from fugong.record.liaison.logic.plan_words import check_words, plan_words
from fugong.record.liaison.logic.rows import NAMES
from fugong.record.liaison.logic.section import read_section
from fugong.record.liaison.permissions import can_assign, can_open_day_sheet, can_see_field
from fugong.record.liaison.selectors import plan_facts
from fugong.record.liaison.selectors.checks import check_facts, check_progress, failed_checks

playbook_sections.register("field", PlaybookSection("field", read_section))
day_sheet_sources.register("liaison.checks", DaySheetSource("liaison.checks", failed_checks))
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
navigation.register(
    "liaison.today",
    NavigationEntry(
        name="liaison.today",
        order=12,
        label=_("Today"),
        icon="list-check",
        url_name="field:today",
        per_incident=False,
        may=lambda viewer: bool(can_open_day_sheet(viewer)),
    ),
)
navigation.register(
    "liaison.plan",
    NavigationEntry(
        name="liaison.plan",
        order=25,
        label=_("One plan"),
        icon="clipboard-text",
        url_name="plan:mine",
        per_incident=False,
        may=lambda viewer: viewer.has(Role.REPORTER),
    ),
)


def _home(scope: Scope) -> tuple[str, str]:
    """The coverage board, where the rows show."""
    return gettext("Coverage"), reverse("liaison:coverage", args=[scope["incident"]])


import_kinds.register(
    "assignments",
    ImportKind(
        name="assignments",
        title=_("Import assignments"),
        row_label=_("Enterprise"),
        verb="liaison.assignment.imported",
        may=can_assign,
        columns=lambda _scope: NAMES,
        open=IncomingAssignments,
        home=_home,
        name_field="enterprise",
        code_field="uscc",
        added_columns=(_("Officer"), _("As")),
    ),
)
plan_sources.register(
    "liaison",
    PlanSource(
        "liaison",
        30,
        _("Field book"),
        plan_facts.plan_facts,
        plan_facts.plan_progress,
        plan_words,
    ),
)
plan_sources.register(
    "liaison.checks",
    PlanSource("liaison.checks", 35, _("Checklists"), check_facts, check_progress, check_words),
)
