"""The list as a workbook: a short one at once, a long one by a job. Either way it is on record who took what along."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from fugong.base.areas.selectors import area_tree
from fugong.base.audit.actions import record
from fugong.base.spreadsheets.logic.writer import write_xlsx
from fugong.core import clock
from fugong.core.decision import Denied
from fugong.core.files import side_path
from fugong.core.jobs import defer
from fugong.core.viewer import Viewer
from fugong.record.registry import permissions
from fugong.record.registry.enums import ExportState
from fugong.record.registry.logic.list_filter import ListFilter
from fugong.record.registry.models import ExportRun
from fugong.record.registry.selectors.exports import list_sheet
from fugong.record.registry.selectors.lists import count_enterprises

# More rows than this are not written while somebody waits.
AT_ONCE = 5_000
# Files of the register do not lie about for ever.
KEPT = timedelta(days=7)


def _area_of(actor: Viewer, wanted: ListFilter) -> int | None:
    """Whose list it is: the area asked for, else that of the person who takes it along."""
    area = area_tree().by_code(wanted.area) if wanted.area else None
    return area.pk if area else actor.home_area_id


@transaction.atomic
def export_at_once(*, actor: Viewer, wanted: ListFilter, day: date, phones_for: str = "") -> bytes:
    """The list as .xlsx, in the language of the request. For at most `AT_ONCE` rows.

    `phones_for`: the reason for which phone numbers are taken along in full; without one they are masked.
    """
    permissions.can_export_list(actor).require()
    if phones_for:
        permissions.can_export_phones(actor).require()
    rows: list[int] = [0]
    target = BytesIO()
    write_xlsx(target, [list_sheet(actor, wanted, day, rows.append, phones=bool(phones_for))])
    record(
        actor=actor,
        verb="registry.list.exported",
        subject="registry.list:enterprises",
        area_id=_area_of(actor, wanted),
        detail={"filter": wanted.as_dict(), "day": day.isoformat(), "rows": rows[-1], "phones": bool(phones_for)},
        reason=phones_for,
    )
    return target.getvalue()


@transaction.atomic
def ask_for_export(*, actor: Viewer, wanted: ListFilter, day: date, phones_for: str = "") -> ExportRun:
    """Have a long list written by a job. Files that lie longer than `KEPT` are removed on this occasion.

    `phones_for` as with `export_at_once`.
    """
    permissions.can_export_list(actor).require()
    if phones_for:
        permissions.can_export_phones(actor).require()
    if actor.id is None:
        raise Denied(_("A file is written for a person; sign in with your own account."))
    count = count_enterprises(actor, wanted, day)
    run = ExportRun.objects.create(
        actor_id=actor.id,
        wanted=wanted.as_dict(),
        day=day,
        language=translation.get_language() or "",
        phones_for=phones_for,
        expected=count.shown,
        expected_more=count.more,
        asked_at=clock.now(),
    )
    record(
        actor=actor,
        verb="registry.export.asked",
        subject=f"registry.export:{run.pk}",
        area_id=_area_of(actor, wanted),
        detail={"filter": run.wanted, "day": day.isoformat(), "rows": count.shown, "more": count.more}
        | {"phones": bool(phones_for)},
        reason=phones_for,
    )
    defer("registry.write_export", export_id=run.pk)
    for old in ExportRun.objects.filter(asked_at__lt=clock.now() - KEPT).order_by("pk"):
        side_path(old.file_name).unlink(missing_ok=True)
    return run


@transaction.atomic
def note_progress(*, actor: Viewer, export: ExportRun, written: int) -> None:
    """So many rows are written; for those who wait."""
    permissions.can_export_list(actor).require()
    export.state, export.written = ExportState.WRITING, written
    export.save(update_fields=["state", "written"])


@transaction.atomic
def end_export(*, actor: Viewer, export: ExportRun, state: ExportState) -> None:
    """The file is written, or could not be."""
    permissions.can_export_list(actor).require()
    export.state, export.finished_at = state, clock.now()
    export.save(update_fields=["state", "finished_at"])
    record(
        actor=actor,
        verb=f"registry.export.{state.value}",
        subject=f"registry.export:{export.pk}",
        area_id=_area_of(actor, ListFilter.read(export.wanted)),
        detail={"filter": export.wanted, "rows": export.written},
    )


@transaction.atomic
def fetch_export(*, actor: Viewer, export: ExportRun) -> Path | None:
    """Where the file of a finished export lies, for the person who asked; None when there is none (any more)."""
    permissions.can_fetch_export(actor, export).require()
    place = side_path(export.file_name)
    if export.state != ExportState.WRITTEN or not place.exists():
        return None
    area_id = _area_of(actor, ListFilter.read(export.wanted))
    record(actor=actor, verb="registry.export.fetched", subject=f"registry.export:{export.pk}", area_id=area_id)
    return place
