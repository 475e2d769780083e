"""The days that two enterprises reported which turn out to be one."""

from __future__ import annotations

from dataclasses import dataclass

from fugong.core.viewer import Viewer
from fugong.record.registry.selectors.enterprises import enterprise_for
from fugong.record.reporting.models import DailyReport


@dataclass(frozen=True, slots=True)
class Double:
    """A day that both reported in one incident: `kept` counts after the merge, `dropped` stays as history."""

    kept: DailyReport
    dropped: DailyReport


def reported_by_both(viewer: Viewer, kept_id: int, dropped_id: int) -> list[Double]:
    """Days of one incident with a report of each, newest first, for an official who sees both enterprises."""
    reports = DailyReport.objects.select_related("incident").order_by("-day", "pk")
    first, second = (enterprise_for(viewer, pk).pk for pk in (kept_id, dropped_id))
    own = {(report.incident_id, report.day): report for report in reports.filter(enterprise_id=first)}
    return [
        Double(own[report.incident_id, report.day], report)
        for report in reports.filter(enterprise_id=second)
        if (report.incident_id, report.day) in own
    ]


def reports_alone(viewer: Viewer, kept_id: int, dropped_id: int) -> int:
    """How many reports of the second enterprise the first one takes over in a merge."""
    doubles = reported_by_both(viewer, kept_id, dropped_id)
    return DailyReport.objects.filter(enterprise_id=dropped_id).count() - len(doubles)
