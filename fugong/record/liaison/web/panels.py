from __future__ import annotations

from datetime import date

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fugong.core.registries import Panel, enterprise_panels
from fugong.core.viewer import Viewer
from fugong.record.incidents.selectors import incident_by_id
from fugong.record.liaison.permissions import can_plan_visit, can_see_field
from fugong.record.liaison.selectors.checks import checks_at
from fugong.record.liaison.selectors.plans import plan_sheet
from fugong.record.liaison.selectors.portfolio import responsible_for
from fugong.record.liaison.selectors.section import field_section
from fugong.record.liaison.selectors.visits import photos_of, planned_at, visits_at
from fugong.record.liaison.web.detail import line_row
from fugong.record.liaison.web.tables import visit_rows
from fugong.record.registry.selectors.enterprises import enterprise_for

_SHOWN = 6


def responsible(viewer: Viewer, enterprise_id: int, incident_id: int, day: date) -> str:
    """Who looks after the enterprise on the day, who comes, who was there; what was seen beside what was reported."""
    enterprise = enterprise_for(viewer, enterprise_id)
    incident = incident_by_id(incident_id)
    section = field_section(incident, day)
    rows = [
        {
            "kind": section.label(row.kind),
            "name": row.user.name if row.user else "",
            "for": row.acting_for.user.name if row.acting_for and row.acting_for.user else "",
            "url": reverse("liaison:officer", args=[incident.slug, row.user_id]),
            "since": row.valid_from,
        }
        for row in responsible_for(viewer, incident, enterprise_id, day)
    ]
    visits = visits_at(viewer, enterprise_id, day)[:5]
    context = {
        "rows": rows,
        "visits": visit_rows(visits, photos_of(viewer, visits), "liaison:photo", incident.slug),
        "plans": planned_at(viewer, enterprise_id, day),
        "plan_url": reverse("liaison:plan_visit", args=[incident.slug, enterprise_id])
        if can_plan_visit(viewer, enterprise)
        else "",
    }
    return render_to_string("liaison/includes/responsible.html", context)


def one_plan(viewer: Viewer, enterprise_id: int, incident_id: int, day: date) -> str:
    """The one plan of the enterprise: its items as the facts stand on the day, and whether these propose more."""
    enterprise = enterprise_for(viewer, enterprise_id)
    incident = incident_by_id(incident_id)
    sheet = plan_sheet(viewer, incident, enterprise, day)
    lines = sheet.lines if sheet else []
    context = {
        "sheet": sheet,
        "lines": [line_row(line, day) for line in lines[:_SHOWN]],
        "more": max(0, len(lines) - _SHOWN),
        "proposals": len(sheet.proposals) if sheet else 0,
        "url": reverse("liaison:plan_sheet", args=[incident.slug, enterprise_id]),
    }
    return render_to_string("liaison/includes/plan_panel.html", context)


enterprise_panels.register(
    "liaison.plan",
    Panel("liaison.plan", 25, _("One plan"), one_plan, may=lambda viewer: bool(can_see_field(viewer))),
)


def checks(viewer: Viewer, enterprise_id: int, incident_id: int, day: date) -> str:
    """How each checklist of visits stood the last time up to the day."""
    enterprise_for(viewer, enterprise_id)
    rows = [
        (check, reverse("questionnaires:answer", args=[check.code, check.response_id]))
        for check in checks_at(viewer, enterprise_id, day)
    ]
    return render_to_string("liaison/includes/checks.html", {"checks": rows})


enterprise_panels.register(
    "liaison.checks",
    Panel("liaison.checks", 36, _("Checklists"), checks, may=lambda viewer: bool(can_see_field(viewer))),
)
enterprise_panels.register(
    "liaison.responsible",
    Panel(
        "liaison.responsible", 35, _("Who looks after it"), responsible, may=lambda viewer: bool(can_see_field(viewer))
    ),
)
