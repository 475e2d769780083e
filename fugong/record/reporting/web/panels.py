from __future__ import annotations

from datetime import date

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from fugong.core.registries import MergePanel, Panel, enterprise_panels, merge_panels
from fugong.core.viewer import Viewer
from fugong.record.reporting.logic.words import shown
from fugong.record.reporting.models import DailyReport
from fugong.record.reporting.selectors.doubles import reported_by_both, reports_alone
from fugong.record.reporting.selectors.duties import reports_for_official

DAYS = 14
DOUBLES_SHOWN = 31


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


def _said(report: DailyReport) -> str:
    return f"{report.get_state_display()} · {report.on_post} / {report.roster}"


def reports_in_merge(viewer: Viewer, kept_id: int, dropped_id: int) -> str:
    """How many reports are taken over, and the days that both reported with the rule for them."""
    doubles = reported_by_both(viewer, kept_id, dropped_id)
    rows = [
        {
            "day": double.kept.day,
            "incident": str(double.kept.incident),
            "kept": _said(double.kept),
            "dropped": _said(double.dropped),
        }
        for double in doubles[:DOUBLES_SHOWN]
    ]
    context = {"alone": reports_alone(viewer, kept_id, dropped_id), "doubles": rows, "number": len(doubles)}
    return render_to_string("reporting/includes/merge_reports.html", context)


merge_panels.register("reporting.reports", MergePanel("reporting.reports", 10, _("Daily reports"), reports_in_merge))
