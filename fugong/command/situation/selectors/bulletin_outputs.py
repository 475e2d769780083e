"""What jobs have made of a bulletin: its files, its later corrections."""

from __future__ import annotations

from datetime import datetime

from fugong.command.situation.enums import OutputForm, OutputState
from fugong.command.situation.logic.bulletin_changes import changes_from
from fugong.command.situation.logic.bulletin_members import Changed
from fugong.command.situation.models import Bulletin, BulletinOutput
from fugong.command.situation.permissions import can_take_output
from fugong.core.decision import OutOfScope
from fugong.core.files import read_side, side_path
from fugong.core.viewer import Viewer

# The document is the same for all; these name the enterprises as the register does now, or count what is now.
_MADE_ANEW = frozenset({OutputForm.XLSX, OutputForm.CHANGES})


def latest_output(viewer: Viewer, bulletin: Bulletin, form: str) -> BulletinOutput | None:
    """One that serves: ready with its file there, or waiting, of the text and figures as they are. None: none does."""
    can_take_output(viewer, bulletin, form).require()
    rows = BulletinOutput.objects.filter(bulletin=bulletin, form=form, made_of=bulletin.made_of)
    if form in _MADE_ANEW:
        rows = rows.filter(actor_id=viewer.id, state=OutputState.WAITING)
    for output in rows.exclude(state=OutputState.FAILED).order_by("-pk")[:2]:
        if output.is_waiting or side_path(output.file_name).exists():
            return output
    return None


def output_for(viewer: Viewer, bulletin: Bulletin, pk: int) -> BulletinOutput:
    """One output of a bulletin, for whoever may take it. Raises `OutOfScope`, `Denied`."""
    found = BulletinOutput.objects.filter(bulletin=bulletin, pk=pk).first()
    if found is None or (found.form in _MADE_ANEW and found.actor_id != viewer.id):
        raise OutOfScope(f"output {pk}")
    can_take_output(viewer, bulletin, found.form).require()
    found.bulletin = bulletin
    return found


def latest_changes(viewer: Viewer, bulletin: Bulletin) -> tuple[BulletinOutput | None, list[Changed], datetime | None]:
    """How far the listing of later corrections is, the list that was finished last, and as of when it was."""
    can_take_output(viewer, bulletin, OutputForm.CHANGES).require()
    rows = BulletinOutput.objects.filter(bulletin=bulletin, form=OutputForm.CHANGES).order_by("-pk")
    last = rows.first()
    ready = next((one for one in rows.filter(state=OutputState.READY)[:2] if read_side(one.file_name)), None)
    if ready is None:
        return last, [], None
    kept = read_side(ready.file_name)
    return last, changes_from(kept["changes"]), datetime.fromisoformat(kept["as_of"])
