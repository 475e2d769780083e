from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import ngettext

from fugong.base.spreadsheets.actions.imports import import_file
from fugong.base.spreadsheets.logic.kinds import Written
from fugong.base.spreadsheets.logic.outcome import ImportOutcome
from fugong.core.bulk import all_rows, execute, one_row
from fugong.core.decision import Denied
from fugong.core.events import announce
from fugong.core.turns import take_turns
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.reporting import permissions
from fugong.record.reporting.events import ReportsImported
from fugong.record.reporting.logic import import_sql as sql
from fugong.record.reporting.logic.names import turn_of_day
from fugong.record.reporting.selectors.locks import day_rules
from fugong.record.reporting.selectors.places import incident_of

_NO_ENTERPRISE = 0


@transaction.atomic
def import_reports(*, actor: Viewer, incident: Incident, path: Path) -> ImportOutcome:
    """Bring in reports from .xlsx, .xls or .csv at once: the accepted rows all or none, the refused ones named.

    A row that says the same as the stored report changes nothing; one that says something else corrects it and keeps
    what stood before. Raises `UnreadableFile` when nothing can be read, `Denied` without the right.
    """
    permissions.can_import_reports(actor).require()
    return import_file(actor=actor, kind="reports", path=path, scope={"incident": incident.slug})


@transaction.atomic
def undo_reports(*, actor: Viewer, written: Written) -> dict[str, Any]:
    """Take a file of reports back: what it reported first is removed, what it corrected is as before.

    What stood in between stays in the history. Raises `Denied` with the reason where a report was corrected since, or
    a day is locked by now.
    """
    permissions.can_import_reports(actor).require()
    incident = incident_of(written.scope)
    values = {"incident": incident.pk, "written": written.written_at}
    execute(sql.WRITTEN, values)
    (corrected,) = one_row(sql.CORRECTED_SINCE, values)
    if corrected:
        raise Denied(
            ngettext(
                "%(count)d report of this file was corrected since, so the file stays. Correct the others by hand.",
                "%(count)d reports of this file were corrected since, so the file stays. Correct the others by hand.",
                corrected,
            )
            % {"count": corrected}
        )
    cells = frozenset(all_rows(sql.CELLS_WRITTEN))
    _require_unlocked(incident, cells)
    execute(sql.KEEP_UNDONE)
    restored, removed = execute(sql.RESTORE), execute(sql.REMOVE)
    execute("DROP TABLE written_report")
    announce(ReportsImported(incident.pk, cells))
    return {"removed": removed, "restored": restored}


def _require_unlocked(incident: Incident, cells: frozenset[Any]) -> None:
    """Raise `Denied` when a day of the file is locked by now."""
    for day in sorted({day for day, _area in cells}):
        take_turns(shared=turn_of_day(incident.pk, day))
        rules = day_rules(incident, day)
        for area_id in sorted(area for of_day, area in cells if of_day == day):
            if locked := rules.locked(area_id, _NO_ENTERPRISE, day):
                raise Denied(locked.words)
