from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.base.spreadsheets.enums import ImportState
from fugong.base.spreadsheets.logic.kinds import ImportKind, import_kinds
from fugong.base.spreadsheets.models import ImportRun
from fugong.core import clock
from fugong.core.decision import Decision, allowed_if
from fugong.core.roles import Role
from fugong.core.viewer import Viewer


def can_import(viewer: Viewer, kind: ImportKind) -> Decision:
    """The room that owns the rows says who may bring them in."""
    return kind.may(viewer)


def can_see_import(viewer: Viewer, run: ImportRun) -> Decision:
    """The sender, and an administrator of the whole place."""
    rights = can_import(viewer, import_kinds[run.kind])
    if not rights:
        return rights
    own = run.actor_id is not None and run.actor_id == viewer.id
    whole = viewer.holds_everywhere(Role.ADMINISTRATOR)
    return allowed_if(own or whole, _("An import is open to its sender and to the administrator of the whole place."))


def can_change_import(viewer: Viewer, run: ImportRun) -> Decision:
    seen = can_see_import(viewer, run)
    if not seen:
        return seen
    return allowed_if(
        run.may_become(ImportState.UPLOADED) and run.file_deleted_at is None,
        _("The columns cannot be changed any more; send the file again."),
    )


def can_confirm_import(viewer: Viewer, run: ImportRun) -> Decision:
    """Only the sender: the import acts within the sender's own mandate."""
    seen = can_see_import(viewer, run)
    if not seen:
        return seen
    if run.file_deleted_at is not None:
        return Decision(False, _("The time for which its file is kept has passed; send the file again."))
    if run.actor_id != viewer.id:
        return Decision(False, _("An import is confirmed by its sender."))
    return allowed_if(bool(run.counts.get("accepted")), _("No row of this file can be imported."))


def can_undo_import(viewer: Viewer, run: ImportRun) -> Decision:
    seen = can_see_import(viewer, run)
    if not seen:
        return seen
    if import_kinds[run.kind].undo is None:
        return Decision(False, _("Such an import is not undone as a whole; mend its rows by hand or by another file."))
    if run.state not in (ImportState.WRITTEN, ImportState.UNDOING) or run.undo_until is None:
        return Decision(False, _("Only an import that was written can be undone."))
    return allowed_if(
        clock.now() <= run.undo_until,
        _("An import can be undone within 24 hours; this time has passed."),
    )


def can_work_on_imports(viewer: Viewer) -> Decision:
    return allowed_if(viewer.is_service, _("Files are checked and imported by jobs."))
