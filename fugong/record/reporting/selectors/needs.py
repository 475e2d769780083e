"""What an officer should know today of the reports of the enterprises that are the officer's own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fugong.core import clock
from fugong.core.registries import Need
from fugong.core.roles import Role
from fugong.core.viewer import Viewer
from fugong.record.incidents.selectors import incident_by_id
from fugong.record.reporting.logic.words import shown
from fugong.record.reporting.models import DailyReport
from fugong.record.reporting.selectors.locks import times_on

_DAYS = 7


def report_needs(
    viewer: Viewer, incident_id: int, enterprise_ids: frozenset[int], day: date, limits: Mapping[str, int]
) -> list[Need]:
    """Which have been silent for how long, and whose supplies run out. One statement, and one for the due times."""
    own = enterprise_ids & viewer.enterprises(Role.LIAISON_OFFICER)
    incident = incident_by_id(incident_id)
    since = max(day - timedelta(days=_DAYS), incident.started_on)
    rows = DailyReport.objects.filter(incident=incident_id, enterprise__in=own, day__range=(since, day))
    reports: dict[int, list[tuple[date, Decimal | None]]] = defaultdict(list)
    for pk, said_on, supplies in rows.order_by("-day").values_list("enterprise_id", "day", "supply_days"):
        reports[pk].append((said_on, supplies))
    is_due = clock.now() > times_on(incident, incident.area_id, day).due_at
    needs = []
    for pk in sorted(own):
        said = reports.get(pk, [])
        silent = (day - said[0][0]).days if said else (day - since).days + 1
        needs += _silence(pk, silent, never=not said, is_due=is_due, limit=limits["silent_days"])
        days_left = said[0][1] if said else None
        if days_left is not None and days_left < limits["supply_days"]:
            text = _("Supplies last %(days)s days") % {"days": shown(days_left)}
            needs.append(Need(pk, "risk", 50 - int(days_left), text))
    return needs


def last_reports(viewer: Viewer, incident_id: int, enterprise_ids: frozenset[int]) -> dict[int, DailyReport]:
    """Enterprise id → its last report of the week, for those that are the officer's own. One statement."""
    own = enterprise_ids & viewer.enterprises(Role.LIAISON_OFFICER)
    since = clock.today() - timedelta(days=_DAYS)
    rows = DailyReport.objects.filter(incident=incident_id, enterprise__in=own, day__gte=since)
    return {report.enterprise_id: report for report in rows.order_by("day")}


def _silence(pk: int, silent: int, *, never: bool, is_due: bool, limit: int) -> list[Need]:
    """Days gone by without a report count fully; today counts once it is due."""
    if silent == 0:
        return []
    missed = silent if is_due else silent - 1
    if never:
        return [Need(pk, "bad", 100 + silent, _("No report for %(days)d days or more") % {"days": missed or 1})]
    if missed == 0:
        return [Need(pk, "brand", 10, _("Not reported yet today"))]
    text = ngettext("No report for %(days)d day", "No report for %(days)d days", missed) % {"days": missed}
    return [Need(pk, "bad" if missed >= limit else "risk", 60 + missed, text)]
