"""What an officer should know today of the reports of the enterprises that are the officer's own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import F, FilteredRelation, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fugong.core import clock
from fugong.core.registries import Need
from fugong.core.roles import Role
from fugong.core.viewer import Viewer
from fugong.record.incidents.selectors import incident_by_id
from fugong.record.registry.selectors.officers import looked_after
from fugong.record.reporting.logic.words import shown
from fugong.record.reporting.models import DailyReport
from fugong.record.reporting.selectors.locks import times_on

_DAYS = 7


def report_needs(
    viewer: Viewer, incident_id: int, enterprise_ids: frozenset[int], day: date, limits: Mapping[str, int]
) -> list[Need]:
    """Which have been silent for how long, and whose supplies run out: each by the due time of its own area.

    One statement, and one for the due times; where an area has set one, another for the tree of areas.
    """
    incident = incident_by_id(incident_id)
    since = max(day - timedelta(days=_DAYS), incident.started_on)
    lately = Q(reports__incident=incident_id, reports__day__range=(since, day))
    rows = (
        looked_after(viewer)
        .filter(pk__in=enterprise_ids)
        .annotate(lately=FilteredRelation("reports", condition=lately))
    )
    rows = rows.annotate(said_on=F("lately__day"), supplies=F("lately__supply_days"))
    # The last report of each; without any, a row that says nothing.
    last = rows.order_by("pk", F("said_on").desc(nulls_last=True)).distinct("pk")
    due_at = {}
    needs = []
    for pk, area_id, said_on, days_left in last.values_list("pk", "managing_area_id", "said_on", "supplies"):
        if area_id not in due_at:
            due_at[area_id] = times_on(incident, area_id, day).due_at
        silent = (day - said_on).days if said_on else (day - since).days + 1
        is_due = clock.now() > due_at[area_id]
        needs += _silence(pk, silent, never=said_on is None, is_due=is_due, limit=limits["silent_days"])
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
    if missed == 0:
        return [Need(pk, "brand", 10, _("Not reported yet today"))]
    if never:
        text = ngettext("No report for %(days)d day or more", "No report for %(days)d days or more", missed)
        return [Need(pk, "bad", 100 + silent, text % {"days": missed})]
    text = ngettext("No report for %(days)d day", "No report for %(days)d days", missed) % {"days": missed}
    return [Need(pk, "bad" if missed >= limit else "risk", 60 + missed, text)]
