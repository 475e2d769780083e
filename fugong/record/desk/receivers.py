"""Reports open requests by their obstacles and judge answers, in the transaction of the report itself."""

from __future__ import annotations

from fugong.core import clock
from fugong.core.events import receiver
from fugong.core.jobs import defer
from fugong.core.viewer import service_viewer
from fugong.record.desk.actions.clocks import judge_watched, take_obstacles
from fugong.record.desk.selectors.queue import watched_of
from fugong.record.reporting.events import ReportsImported, ReportSubmitted
from fugong.record.reporting.selectors.readings import report_by_id

_DESK = service_viewer("desk")


@receiver(ReportSubmitted)
def read_report(event: ReportSubmitted) -> None:
    if event.day != clock.today():
        return
    report = report_by_id(_DESK, event.report_id) if event.obstacles else None
    if report is not None:
        take_obstacles(actor=_DESK, report=report)
    for request in watched_of(_DESK, event.incident_id, event.enterprise_id):
        judge_watched(actor=_DESK, request=request)


@receiver(ReportsImported)
def read_file(event: ReportsImported) -> None:
    if any(day == clock.today() for day, _area in event.cells):
        defer("desk.read_reports", lock="desk.read_reports", incident_id=event.incident_id)
