"""What reports say, for the jobs of rooms above that follow an enterprise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Min, QuerySet

from fugong.core.decision import OutOfScope
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.registry.models import Enterprise
from fugong.record.reporting.enums import ReportState
from fugong.record.reporting.models import DailyReport


def _all(viewer: Viewer) -> QuerySet[DailyReport]:
    """Every report, for a service alone. Raises `OutOfScope` for a person."""
    if not viewer.is_service:
        raise OutOfScope("reports")
    return DailyReport.objects.all()


def last_report(viewer: Viewer, incident: Incident, enterprise: Enterprise, day: date) -> DailyReport | None:
    """The last report of an enterprise up to a day, the day included; None when there is none."""
    reports = _all(viewer).filter(incident=incident, enterprise=enterprise, day__lte=day)
    return reports.order_by("-day").first()


def last_reports(
    viewer: Viewer, incident: Incident, enterprise_ids: Iterable[int], day: date
) -> dict[int, DailyReport]:
    """Enterprise id → its last report up to a day, for those that have one. One query."""
    reports = _all(viewer).filter(incident=incident, enterprise__in=list(enterprise_ids), day__lte=day)
    return {
        report.enterprise_id: report for report in reports.order_by("enterprise_id", "-day").distinct("enterprise_id")
    }


def reports_since(
    viewer: Viewer, incident_id: int, enterprise_ids: Iterable[int], since: date, until: date | None = None
) -> dict[int, list[DailyReport]]:
    """Enterprise id → its reports from a day on, in the order of days; up to `until` where it is given. One query."""
    reports = _all(viewer).filter(incident=incident_id, enterprise__in=list(enterprise_ids), day__gte=since)
    if until is not None:
        reports = reports.filter(day__lte=until)
    found: dict[int, list[DailyReport]] = {}
    for report in reports.order_by("enterprise_id", "day"):
        found.setdefault(report.enterprise_id, []).append(report)
    return found


def report_by_id(viewer: Viewer, pk: int) -> DailyReport | None:
    """A report that an event has named."""
    return _all(viewer).select_related("enterprise", "incident").filter(pk=pk).first()


def reports_with_obstacles(viewer: Viewer, incident_id: int, day: date) -> Iterable[DailyReport]:
    """The reports of a day that name an obstacle, in chunks."""
    reports = _all(viewer).filter(incident=incident_id, day=day, obstacles__len__gt=0)
    return reports.select_related("enterprise", "incident").order_by("pk").iterator(chunk_size=500)


@dataclass(frozen=True, slots=True)
class ReportedFacts:
    """What an enterprise's reports say up to a day: the last, the roster of the first, the first day it was open."""

    day: date
    roster: int
    on_post: int
    first_roster: int
    first_open_day: date | None


def reported_facts(viewer: Viewer, enterprise_ids: Iterable[int], day: date) -> dict[int, ReportedFacts]:
    """Enterprise id → what its reports of all incidents say up to a day; without any it is absent. 3 queries."""
    reports = _all(viewer).filter(enterprise__in=list(enterprise_ids), day__lte=day).exclude(incident__is_drill=True)
    each = reports.distinct("enterprise_id").values_list("enterprise_id", "roster")
    first = dict(each.order_by("enterprise_id", "day", "pk"))
    opened = reports.exclude(state=ReportState.CLOSED).order_by().values("enterprise_id")
    since = dict(opened.annotate(since=Min("day")).values_list("enterprise_id", "since"))
    last = reports.order_by("enterprise_id", "-day", "-pk").distinct("enterprise_id")
    return {
        pk: ReportedFacts(on, roster, on_post, first[pk], since.get(pk))
        for pk, on, roster, on_post in last.values_list("enterprise_id", "day", "roster", "on_post")
    }
