"""What the acts of this room are called in the trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.base.spreadsheets.models import ImportRun
from fugong.core.oversight import Named, TrailSubject, trail_subjects, trail_verbs
from fugong.core.viewer import Viewer

_MOST = 50
_VERBS = {
    "spreadsheets.import.uploaded": _("sent a file to import"),
    "spreadsheets.import.confirmed": _("confirmed an import"),
    "spreadsheets.import.undo_requested": _("asked to undo an import"),
    "spreadsheets.import.undone": _("undid an import"),
    "spreadsheets.files.deleted": _("deleted files whose time had passed"),
    "spreadsheets.import.failed": _("an import failed"),
    "spreadsheets.corrected.taken": _("took the refused rows of an import to mend"),
    "spreadsheets.table.taken": _("took a table to fill in"),
}
for _verb, _words in _VERBS.items():
    trail_verbs.register(_verb, _words)


def _files(viewer: Viewer, ids: list[str]) -> dict[str, Named]:
    rows = ImportRun.objects.filter(pk__in=ids).order_by("pk")
    return {str(row.pk): Named(row.name, row.sha256[:16]) for row in rows}


def _file_ids(viewer: Viewer, text: str) -> list[str]:
    named = ImportRun.objects.filter(name__icontains=text).order_by("-pk")
    return [str(pk) for pk in named.values_list("pk", flat=True)[:_MOST]]


trail_subjects.register("spreadsheets.import", TrailSubject(_("imported file"), _files, _file_ids))
