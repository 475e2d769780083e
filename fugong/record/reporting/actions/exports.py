"""The reports of a day taken along as a workbook: a short one at once, a long one by a job; either way on record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from fugong.base.areas.models import Area
from fugong.base.audit.actions import record
from fugong.base.spreadsheets.logic.writer import write_xlsx
from fugong.core import clock
from fugong.core.decision import Denied
from fugong.core.files import side_path
from fugong.core.jobs import defer
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.registry.enums import ExportState
from fugong.record.reporting import permissions
from fugong.record.reporting.models import DayExport
from fugong.record.reporting.selectors.day_sheet import day_sheet, reports_of_day

# More rows than this are not written while somebody waits.
AT_ONCE = 5_000
# Files of reports do not lie about for ever.
KEPT = timedelta(days=7)


@transaction.atomic
def export_reports(*, actor: Viewer, incident: Incident, day: date, area: Area) -> bytes:
    """The reports of an area's day with every answer, as a workbook; the taking is on record. Up to `AT_ONCE` rows.

    Only the reports of areas that the actor sees.
    """
    permissions.can_see_missing(actor).require()
    rows: list[int] = [0]
    target = BytesIO()
    write_xlsx(target, [day_sheet(actor, incident, day, reports_of_day(actor, incident, day, area), rows.append)])
    record(
        actor=actor,
        verb="reporting.day.exported",
        subject=f"areas.area:{area.pk}",
        area_id=area.pk,
        detail={"incident": incident.slug, "day": day.isoformat(), "rows": rows[-1]},
    )
    return target.getvalue()


@transaction.atomic
def ask_for_day(*, actor: Viewer, incident: Incident, day: date, area: Area) -> DayExport:
    """Have the workbook of a large area's day written by a job. Older files than `KEPT` go on this occasion."""
    permissions.can_see_missing(actor).require()
    if actor.id is None:
        raise Denied(_("A file is written for a person; sign in with your own account."))
    run = DayExport.objects.create(
        actor_id=actor.id,
        incident=incident,
        area=area,
        day=day,
        language=translation.get_language() or "",
        expected=reports_of_day(actor, incident, day, area).count(),
        asked_at=clock.now(),
    )
    _put_on_record(actor, run, "asked", {"rows": run.expected})
    defer("reporting.write_export", export_id=run.pk)
    for old in DayExport.objects.filter(asked_at__lt=clock.now() - KEPT).order_by("pk"):
        side_path(old.file_name).unlink(missing_ok=True)
    return run


def _put_on_record(actor: Viewer, run: DayExport, what: str, detail: Mapping[str, Any]) -> None:
    record(
        actor=actor,
        verb=f"reporting.export.{what}",
        subject=f"reporting.export:{run.pk}",
        area_id=run.area_id,
        detail={"incident": run.incident.slug, "day": run.day.isoformat(), **detail},
    )


@transaction.atomic
def note_written(*, actor: Viewer, export: DayExport, written: int) -> None:
    """So many rows are written; for those who wait."""
    permissions.can_see_missing(actor).require()
    export.state, export.written = ExportState.WRITING, written
    export.save(update_fields=["state", "written"])


@transaction.atomic
def end_day_export(*, actor: Viewer, export: DayExport, state: ExportState) -> None:
    """The file is written, or could not be: also for a person who may see nothing any more."""
    permissions.can_end_day_export(actor, export).require()
    export.state, export.finished_at = state, clock.now()
    export.save(update_fields=["state", "finished_at"])
    _put_on_record(actor, export, state.value, {"rows": export.written})


@transaction.atomic
def fetch_day_export(*, actor: Viewer, export: DayExport) -> Path | None:
    """Where the file of a finished export lies, for the person who asked; None when there is none (any more)."""
    permissions.can_fetch_day_export(actor, export).require()
    place = side_path(export.file_name)
    if export.state != ExportState.WRITTEN or not place.exists():
        return None
    _put_on_record(actor, export, "fetched", {"rows": export.written})
    return place
