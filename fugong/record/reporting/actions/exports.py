"""The reports of a day taken along as a workbook, on record."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from django.db import transaction

from fugong.base.areas.models import Area
from fugong.base.audit.actions import record
from fugong.base.spreadsheets.logic.writer import write_xlsx
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.reporting import permissions
from fugong.record.reporting.selectors.day_sheet import day_sheet, reports_of_day

# What a request writes in a few seconds; a larger place takes its counties one by one.
MOST = 10_000


class TooManyReports(ValueError):
    """More reports than one file takes along at once; `count` of them."""

    def __init__(self, count: int) -> None:
        super().__init__(str(count))
        self.count = count


@transaction.atomic
def export_reports(*, actor: Viewer, incident: Incident, day: date, area: Area) -> bytes:
    """The reports of an area's day with every answer, as a workbook; the taking is on record.

    Only the reports of areas that the actor sees. Raises `Denied`, `TooManyReports`.
    """
    permissions.can_see_missing(actor).require()
    rows = reports_of_day(actor, incident, day, area)
    if (count := rows.count()) > MOST:
        raise TooManyReports(count)
    target = BytesIO()
    write_xlsx(target, [day_sheet(actor, incident, day, list(rows))])
    record(
        actor=actor,
        verb="reporting.day.exported",
        subject=f"areas.area:{area.pk}",
        area_id=area.pk,
        detail={"incident": incident.slug, "day": day.isoformat(), "rows": count},
    )
    return target.getvalue()
