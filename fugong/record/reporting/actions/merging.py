from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db import transaction

from fugong.base.audit.actions import record
from fugong.core.events import announce
from fugong.core.viewer import Viewer
from fugong.record.registry.models import Enterprise
from fugong.record.reporting import permissions
from fugong.record.reporting.events import ReportsImported
from fugong.record.reporting.models import DailyReport
from fugong.record.reporting.selectors.doubles import reported_by_both


@transaction.atomic
def take_over_reports(*, actor: Viewer, kept: Enterprise, dropped: Enterprise) -> tuple[int, int]:
    """Give the reports of a merged enterprise to the one that stays; returns (taken over, left behind).

    On a day that both reported the report of the one that stays counts; the other is left with the tombstone, where it
    stays readable and counts in no figure. Reports keep the managing area of their day.
    """
    permissions.can_take_over_reports(actor, kept, dropped).require()
    cells: dict[int, set[tuple[date, int]]] = defaultdict(set)
    own = DailyReport.objects.select_for_update().filter(enterprise=dropped).order_by("day", "pk")
    for incident_id, day, area_id in own.values_list("incident_id", "day", "managing_area_id"):
        cells[incident_id].add((day, area_id))
    both = [pair.dropped.pk for pair in reported_by_both(actor, kept.pk, dropped.pk)]
    taken = DailyReport.objects.filter(enterprise=dropped).exclude(pk__in=both).update(enterprise=kept)
    record(
        actor=actor,
        verb="reporting.report.taken_over",
        subject=f"registry.enterprise:{kept.pk}",
        area_id=kept.managing_area_id,
        detail={"from": dropped.pk, "taken_over": taken, "left_behind": len(both)},
    )
    for incident_id, touched in cells.items():
        announce(ReportsImported(incident_id, frozenset(touched)))
    return taken, len(both)
