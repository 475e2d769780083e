from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from fugong.core.bulk import Read, rows_from_json, together
from fugong.core.decision import OutOfScope
from fugong.core.roles import Role
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.incidents.selectors import open_with_playbooks, playbook_on, read_open
from fugong.record.registry.enums import GrantCapacity
from fugong.record.registry.models import Enterprise
from fugong.record.registry.selectors.enterprises import enterprise_for
from fugong.record.registry.selectors.grants import my_enterprise, read_mine, read_mine_coded
from fugong.record.reporting.logic.section import ReportSection
from fugong.record.reporting.models import DailyReport
from fugong.record.reporting.selectors.book import keep_books, read_books


def report_section(incident: Incident, day: date) -> ReportSection:
    """What the incident's playbook asks on a day."""
    return ReportSection(playbook_on(incident, day).content["report"])


def incidents_of(enterprises: Iterable[Enterprise], day: date) -> dict[int, list[Incident]]:
    """Enterprise id → the incidents open on the day in whose area it is managed. One query.

    The enterprises come with their managing area.
    """
    incidents = open_with_playbooks(day)
    return {enterprise.pk: _over(enterprise, incidents) for enterprise in enterprises}


def _over(enterprise: Enterprise, incidents: Iterable[Incident]) -> list[Incident]:
    path = enterprise.managing_area.path
    return [incident for incident in incidents if path.startswith(incident.area.path)]


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
WHERE r.enterprise_id = ANY(%(reporting_enterprises)s)
    AND r.day BETWEEN %(reporting_since)s AND %(reporting_day)s
"""
_LOOKS_BACK = timedelta(days=14)
# Enterprise and incident, by id → the reports, the newest first.
Latest = dict[tuple[int, int], list[DailyReport]]


def _read_latest(viewer: Viewer, enterprise_ids: Iterable[int], day: date) -> Read[Latest]:
    own = [pk for pk in enterprise_ids if viewer.acts_for(pk, GrantCapacity.REPORTER)]
    asked = {"reporting_enterprises": own, "reporting_since": day - _LOOKS_BACK, "reporting_day": day}
    return Read(_LATEST, asked, _by_duty)


def _by_duty(found: Any) -> Latest:
    reports: Latest = {}
    for report in rows_from_json(DailyReport, found):
        reports.setdefault((report.enterprise_id, report.incident_id), []).append(report)
    return reports


def duties_for(viewer: Viewer, enterprises: list[Enterprise], day: date) -> list[Duty]:
    """What the viewer's enterprises owe today, with the last report of the fortnight before. One query."""
    latest, incidents, books = together(
        _read_latest(viewer, [one.pk for one in enterprises], day), read_open(day), read_books(day)
    )
    keep_books(incidents, books)
    return [duty for enterprise in enterprises for duty in _owed(enterprise, _over(enterprise, incidents), latest, day)]


def _owed(enterprise: Enterprise, incidents: list[Incident], latest: Latest, day: date) -> list[Duty]:
    duties = []
    for incident in incidents if enterprise.in_business_on(day) else ():
        own = latest.get((enterprise.pk, incident.pk), [])
        today = next((report for report in own if report.day == day), None)
        before = next((report for report in own if report.day < day), None)
        duties.append(Duty(enterprise, incident, day, today, before))
    return duties


def duty_for(
    viewer: Viewer, enterprise_id: int, slug: str, day: date, answered: frozenset[int] = frozenset()
) -> Duty | None:
    """One of the viewer's duties; one query, since every report asks it. Raises `OutOfScope` for a foreign enterprise.

    None when nothing is owed. `answered`: ids of other incidents whose answers came with it; they stay beside it also
    when its own report is in.
    """
    enterprise, latest, incidents, books = together(
        read_mine(viewer, enterprise_id), _read_latest(viewer, [enterprise_id], day), read_open(day), read_books(day)
    )
    keep_books(incidents, books)
    duties = _owed(enterprise, _over(enterprise, incidents), latest, day)
    found = next((duty for duty in duties if duty.incident.slug == slug), None)
    if found is None:
        return None
    waiting = [duty for duty in duties if duty is not found and duty.report is None]
    if found.report is not None:
        waiting = [duty for duty in waiting if duty.incident.pk in answered]
    return replace(found, beside=tuple(waiting))


def reported_by_code(viewer: Viewer, code: str, slug: str, day: date) -> tuple[Enterprise, Incident]:
    """An enterprise of the viewer's by its code, and an incident open on the day that it lies in. One query.

    Raises `OutOfScope` for a foreign one, without a word of any other.
    """
    enterprise, incidents, books = together(read_mine_coded(viewer, code), read_open(day), read_books(day))
    keep_books(incidents, books)
    incident = next((one for one in _over(enterprise, incidents) if one.slug == slug), None)
    if incident is None:
        raise OutOfScope(f"incident {slug}")
    return enterprise, incident


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
        incident=incident, enterprise_id__in=enterprise_ids, day__lte=day, day__gte=day - _LOOKS_BACK
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
