from __future__ import annotations

from datetime import date

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from fugong.core.registries import Panel, enterprise_panels
from fugong.core.viewer import Viewer
from fugong.record.reporting.logic.words import shown
from fugong.record.reporting.selectors.duties import reports_for_official

DAYS = 14


def recent_reports(viewer: Viewer, enterprise_id: int, incident_id: int, day: date) -> str:
    """The reports of the fortnight up to the day."""
    rows = [
        {
            "day": report.day,
            "state": report.state,
            "state_label": report.get_state_display(),
            "on_post": report.on_post,
            "roster": report.roster,
            "capacity": shown(report.capacity),
            "by": report.reported_by_name,
            "channel_label": report.get_channel_display(),
            "revision": report.revision,
        }
        for report in reports_for_official(viewer, enterprise_id, incident_id, day, DAYS)
    ]
    return render_to_string("reporting/includes/recent_reports.html", {"rows": rows, "days": DAYS})


enterprise_panels.register("reporting.recent", Panel("reporting.recent", 10, _("Daily reports"), recent_reports))
