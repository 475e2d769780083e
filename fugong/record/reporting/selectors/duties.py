from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from fugong.core.bulk import one_row, rows_from_json
from fugong.core.roles import Role
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.incidents.selectors import open_with_playbooks, playbook_on
from fugong.record.registry.enums import GrantCapacity
from fugong.record.registry.models import Enterprise
from fugong.record.registry.selectors.enterprises import enterprise_for
from fugong.record.registry.selectors.grants import my_enterprise
from fugong.record.reporting.logic.section import ReportSection
from fugong.record.reporting.models import DailyReport


def report_section(incident: Incident, day: date) -> ReportSection:
    """What the incident's playbook asks on a day."""
    return ReportSection(playbook_on(incident, day).content["report"])


def incidents_of(enterprises: Iterable[Enterprise], day: date) -> dict[int, list[Incident]]:
    """Enterprise id → the incidents open on the day in whose area it is managed. One query.

    The enterprises come with their managing area.
    """
    incidents = open_with_playbooks(day)
    return {
        enterprise.pk: [
            incident for incident in incidents if enterprise.managing_area.path.startswith(incident.area.path)
        ]
        for enterprise in enterprises
    }


@dataclass(frozen=True, slots=True)
class Duty:
    """What one enterprise owes one incident on a day: the report if it is in, and the last one before it.

    `beside`: the other incidents of its day that wait for a first report as this one does; one screen serves them all.
    """

    enterprise: Enterprise
    incident: Incident
    day: date
    report: DailyReport | None
    previous: DailyReport | None
    beside: tuple[Duty, ...] = ()


# By hand, because every report asks it.
_LATEST = """
SELECT jsonb_agg(to_jsonb(r) ORDER BY r.day DESC, r.id) FROM reporting_dailyreport AS r
WHERE r.enterprise_id = ANY(%(enterprises)s) AND r.day BETWEEN %(since)s AND %(day)s
"""


def _latest(
    viewer: Viewer, enterprises: list[Enterprise], since: date, day: date
) -> dict[tuple[int, int], list[DailyReport]]:
    own = [one.pk for one in enterprises if viewer.acts_for(one.pk, GrantCapacity.REPORTER)]
    (rows,) = one_row(_LATEST, {"enterprises": own, "since": since, "day": day})
    found: dict[tuple[int, int], list[DailyReport]] = {}
    for report in rows_from_json(DailyReport, rows):
        found.setdefault((report.enterprise_id, report.incident_id), []).append(report)
    return found


def duties_for(viewer: Viewer, enterprises: list[Enterprise], day: date) -> list[Duty]:
    """What the viewer's enterprises owe today, with the last report of the fortnight before. 3 queries."""
    reports = _latest(viewer, enterprises, day - timedelta(days=14), day)
    incidents = incidents_of(enterprises, day)
    duties = []
    for enterprise in enterprises:
        if not enterprise.in_business_on(day):
            continue
        for incident in incidents[enterprise.pk]:
            own = reports.get((enterprise.pk, incident.pk), [])
            today = next((report for report in own if report.day == day), None)
            before = next((report for report in own if report.day < day), None)
            duties.append(Duty(enterprise, incident, day, today, before))
    return duties


def duty_for(
    viewer: Viewer, enterprise_id: int, slug: str, day: date, answered: frozenset[int] = frozenset()
) -> Duty | None:
    """One of the viewer's duties. Raises `OutOfScope` for a foreign enterprise; None when nothing is owed.

    `answered`: ids of other incidents whose answers came with it; they stay beside it also when its own report is in.
    """
    enterprise = my_enterprise(viewer, enterprise_id)
    duties = duties_for(viewer, [enterprise], day)
    found = next((duty for duty in duties if duty.incident.slug == slug), None)
    if found is None:
        return None
    waiting = [duty for duty in duties if duty is not found and duty.report is None]
    if found.report is not None:
        waiting = [duty for duty in waiting if duty.incident.pk in answered]
    return replace(found, beside=tuple(waiting))


def overtaken_beside(viewer: Viewer, duty: Duty, answered: frozenset[int], key: UUID | None) -> list[DailyReport]:
    """Reports of the day that somebody else sent meanwhile for other incidents that a screen answers too."""
    gone = answered - {other.incident.pk for other in duty.beside}
    if not gone or not viewer.acts_for(duty.enterprise.pk, Role.REPORTER):
        return []
    rows = DailyReport.objects.filter(enterprise=duty.enterprise, day=duty.day, incident_id__in=gone)
    rows = rows.select_related("incident").order_by("incident_id")
    return [report for report in rows if key is None or report.client_key != key]


def duties_on_behalf(viewer: Viewer, incident: Incident, enterprise_ids: list[int], day: date) -> list[Duty]:
    """What enterprises of the official's area owe an incident on a day. Raises `OutOfScope` for a foreign one."""
    enterprises = [enterprise_for(viewer, pk) for pk in enterprise_ids]
    reports = DailyReport.objects.filter(
        incident=incident, enterprise_id__in=enterprise_ids, day__lte=day, day__gte=day - timedelta(days=14)
    ).order_by("-day", "pk")
    own: dict[int, list[DailyReport]] = {}
    for report in reports:
        own.setdefault(report.enterprise_id, []).append(report)
    duties = []
    for enterprise in enterprises:
        found = own.get(enterprise.pk, [])
        today = next((report for report in found if report.day == day), None)
        before = next((report for report in found if report.day < day), None)
        duties.append(Duty(enterprise, incident, day, today, before))
    return duties


def history_of(viewer: Viewer, enterprise_id: int, size: int = 60) -> list[DailyReport]:
    """The viewer's own reports of an enterprise, newest first."""
    enterprise = my_enterprise(viewer, enterprise_id)
    reports = DailyReport.objects.filter(enterprise=enterprise).select_related("incident")
    return list(reports.order_by("-day", "pk").prefetch_related("superseded")[:size])


def reports_for_official(
    viewer: Viewer, enterprise_id: int, incident_id: int, day: date, size: int
) -> list[DailyReport]:
    """The last reports of an enterprise in the official's area, newest first, up to a day."""
    enterprise = enterprise_for(viewer, enterprise_id)
    reports = DailyReport.objects.filter(enterprise=enterprise, incident_id=incident_id, day__lte=day)
    return list(reports.order_by("-day", "pk")[:size])
