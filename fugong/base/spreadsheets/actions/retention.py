from __future__ import annotations

from django.db import transaction

from fugong.base.audit.actions import record
from fugong.base.spreadsheets import permissions
from fugong.base.spreadsheets.enums import IMPORT_AT_WORK
from fugong.base.spreadsheets.logic.retention import kept_for
from fugong.base.spreadsheets.models import ImportRun
from fugong.core import clock
from fugong.core.files import kept_path, side_path
from fugong.core.viewer import Viewer

_AT_ONCE = 500


@transaction.atomic
def forget_files(*, actor: Viewer) -> int:
    """Delete the files of imports that are older than the rule of today says; returns of how many imports.

    The row stays with name, hash and counts. A file that a younger import has too stays for that one. A file that is
    gone already does no harm, so a killed run is finished by the next.
    """
    permissions.can_work_on_imports(actor).require()
    period = kept_for(clock.today())
    if period is None:
        return 0
    now = clock.now()
    old = ImportRun.objects.select_for_update(skip_locked=True).filter(
        uploaded_at__lt=now - period, file_deleted_at__isnull=True
    )
    runs = list(old.exclude(state__in=IMPORT_AT_WORK).order_by("pk")[:_AT_ONCE])
    for run in runs:
        run.file_deleted_at = now
        run.save(update_fields=["file_deleted_at"])
        for ending in (".json", ".xlsx", "-progress.json", "-samples.json"):
            side_path(f"{run.side}{ending}").unlink(missing_ok=True)
    hashes = {run.sha256 for run in runs}
    younger = ImportRun.objects.filter(sha256__in=hashes, file_deleted_at__isnull=True)
    needed = set(younger.values_list("sha256", flat=True))
    for sha256 in sorted(hashes - needed):
        kept_path(sha256).unlink(missing_ok=True)
    if runs:
        record(
            actor=actor,
            verb="spreadsheets.files.deleted",
            subject="spreadsheets.files",
            area_id=None,
            detail={"imports": [run.pk for run in runs], "files": len(hashes - needed), "days": period.days},
        )
    return len(runs)
