from __future__ import annotations

from datetime import date

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fugong.core import clock
from fugong.core.registries import Panel, enterprise_panels
from fugong.core.viewer import Viewer
from fugong.record.desk.permissions import can_see_requests, can_take_request
from fugong.record.desk.selectors.queue import clock_of, requests_of
from fugong.record.desk.selectors.rules import NoDesk, section_on
from fugong.record.desk.web import tables
from fugong.record.incidents.selectors import incident_by_id
from fugong.record.registry.selectors.enterprises import enterprise_for


def requests_panel(viewer: Viewer, enterprise_id: int, incident_id: int, day: date) -> str:
    """What the enterprise has asked for: who has it, how its clock stands, whether the answer moved its reports."""
    incident = incident_by_id(incident_id)
    try:
        section = section_on(incident, clock.today())
    except NoDesk:
        return ""
    enterprise_for(viewer, enterprise_id)  # raises for one that the viewer does not see
    found = requests_of(viewer, incident, enterprise_id)
    rows = [
        tables.request_row(row, clock_of(row, section.risk_percent), section, incident.slug)
        | {"watch": tables.watched_words(row), "opened_at": row.opened_at, "is_open": row.is_open}
        for row in found
    ]
    enter_url = reverse("desk:enter", args=[incident.slug, enterprise_id]) if can_take_request(viewer) else ""
    return render_to_string("desk/includes/enterprise_requests.html", {"rows": rows, "enter_url": enter_url})


enterprise_panels.register(
    "desk.requests",
    Panel("desk.requests", 15, _("Requests"), requests_panel, may=lambda viewer: bool(can_see_requests(viewer))),
)
