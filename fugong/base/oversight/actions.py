from __future__ import annotations

from datetime import UTC
from io import BytesIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fugong.base.audit.actions import record
from fugong.base.oversight import permissions
from fugong.base.oversight.logic.trail_filter import TrailFilter
from fugong.base.oversight.selectors import ReadEntry, area_of_search, entries_to_export, personal_value
from fugong.base.spreadsheets.logic.writer import Cell, SheetData, write_xlsx
from fugong.core.viewer import Viewer

SHORTEST_REASON = 4


def _stated(reason: str) -> str:
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST_REASON:
        raise ValidationError(
            _("Reason: at least %(least)d characters. Write what it is needed for; it stays on record.")
            % {"least": SHORTEST_REASON}
        )
    return reason


@transaction.atomic
def open_personal(*, actor: Viewer, kind: str, pk: int, reason: str) -> str:
    """A personal datum in full, for this once; that it was opened, by whom and why is on record.

    Raises `OutOfScope`, `Denied`, and `ValidationError` for a reason that says nothing.
    """
    found = personal_value(actor, kind, pk)
    permissions.can_open_personal(actor, found.may).require()
    record(
        actor=actor,
        verb="oversight.personal.opened",
        subject=found.subject,
        area_id=found.area_id,
        detail={"kind": kind},
        reason=_stated(reason),
    )
    return found.value


@transaction.atomic
def export_trail(*, actor: Viewer, wanted: TrailFilter, reason: str) -> bytes:
    """The entries that fit as .xlsx, the newest 5,000 at most; the export is an entry itself.

    Raises `Denied`, and `ValidationError` for a reason that says nothing.
    """
    permissions.can_export_trail(actor).require()
    stated = _stated(reason)
    rows = entries_to_export(actor, wanted)
    target = BytesIO()
    write_xlsx(target, [SheetData(_("Trail"), _header(), (_cells(row) for row in rows))])
    record(
        actor=actor,
        verb="oversight.trail.exported",
        subject="oversight.trail:entries",
        area_id=area_of_search(actor, wanted),
        detail={"filter": wanted.as_dict(), "rows": len(rows)},
        reason=stated,
    )
    return target.getvalue()


def _header() -> list[str]:
    return [
        _("No."), _("When"), _("UTC"), _("Who"), _("Did what"), _("To what"), _("Name"), _("Area"), _("Why"),
        _("From where"), _("As recorded"), _("Sealed"),
    ]  # fmt: skip


def _cells(row: ReadEntry) -> list[Cell]:
    return [
        row.pk,
        timezone.localtime(row.at),
        f"{row.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        row.actor,
        row.words,
        row.kind,
        " ".join(filter(None, [row.thing.name, row.thing.note])),
        row.area_name,
        row.reason,
        row.origin,
        "; ".join(f"{key}: {value}" for key, value in row.detail.items()),
        row.sealed,
    ]
