"""Files of a bulletin and the list of its later corrections: asked for in a request, made by a job, kept for days."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from fugong.base.audit.actions import record
from fugong.command.situation import permissions
from fugong.command.situation.enums import OutputForm, OutputState
from fugong.command.situation.logic.bulletin_members import Changed
from fugong.command.situation.models import Bulletin, BulletinOutput
from fugong.command.situation.selectors.bulletin_outputs import latest_output
from fugong.command.situation.selectors.bulletins import changed_since
from fugong.core import clock, retention
from fugong.core.decision import Denied
from fugong.core.files import side_path
from fugong.core.jobs import defer
from fugong.core.snapshot import one_snapshot
from fugong.core.viewer import Viewer

JOB = "situation.make_output"
_AT_ONCE = 500
_DATA = Path(__file__).resolve().parent.parent / "data" / "output_retention.csv"


@transaction.atomic
def ask_for_output(*, actor: Viewer, bulletin: Bulletin, form: str) -> BulletinOutput:
    """Have a file of a bulletin made, or its later corrections listed; returns one that waits or is ready already.

    What names the enterprises as the register does now (workbook, corrections) is made anew for each who asks. Raises
    `Denied`, also for a service: it is made for a person.
    """
    permissions.can_take_output(actor, bulletin, form).require()
    if actor.id is None:
        raise Denied(_("A file is written for a person; sign in with your own account."))
    found = latest_output(actor, bulletin, form)
    if found is not None:
        return found
    output = BulletinOutput.objects.create(
        bulletin=bulletin,
        form=form,
        actor_id=actor.id,
        made_of=bulletin.made_of,
        language=translation.get_language() or "",
        asked_at=clock.now(),
    )
    defer(JOB, output_id=output.pk)
    return output


@transaction.atomic
def list_changes(*, actor: Viewer, bulletin: Bulletin) -> list[Changed]:
    """The later corrections of a bulletin, all read from one picture; a job asks for them."""
    one_snapshot()
    permissions.can_take_output(actor, bulletin, OutputForm.CHANGES).require()
    return changed_since(actor, bulletin)


@transaction.atomic
def forget_outputs(*, actor: Viewer) -> int:
    """Delete the files that are older than the rule of today says, and their rows; returns how many.

    A published bulletin makes its files anew whenever somebody asks.
    """
    permissions.can_keep_figures(actor).require()
    period = retention.kept_for(_DATA, clock.today())
    if period is None:
        return 0
    old = list(BulletinOutput.objects.filter(asked_at__lt=clock.now() - period).order_by("pk")[:_AT_ONCE])
    for output in old:
        side_path(output.file_name).unlink(missing_ok=True)
        output.delete()
    if old:
        record(
            actor=actor,
            verb="situation.outputs.deleted",
            subject="situation.outputs",
            area_id=None,
            detail={"files": len(old), "days": period.days},
        )
    return len(old)


@transaction.atomic
def end_output(*, actor: Viewer, output: BulletinOutput, failed: str = "", made_of: str = "") -> None:
    """It is made, of what `made_of` says, or could not be: `failed` says why."""
    permissions.can_keep_figures(actor).require()
    output.state = OutputState.FAILED if failed else OutputState.READY
    output.failed, output.finished_at = failed, clock.now()
    output.made_of = made_of or output.made_of
    output.save(update_fields=["state", "failed", "finished_at", "made_of"])


@transaction.atomic
def fetch_output(*, actor: Viewer, output: BulletinOutput) -> Path | None:
    """Where a finished file lies; None when there is none (any more). On record, as it leaves the house."""
    permissions.can_take_output(actor, output.bulletin, output.form).require()
    place = side_path(output.file_name)
    if not output.is_ready or not place.exists():
        return None
    bulletin = output.bulletin
    facts = {"area": bulletin.area.code, "day": bulletin.last_day.isoformat(), "kind": str(bulletin.kind)}
    numbered = {"year": bulletin.year, "number": bulletin.number, "revision": bulletin.revision}
    record(
        actor=actor,
        verb="situation.bulletin.taken",
        subject=f"situation.bulletin:{bulletin.pk}",
        area_id=bulletin.area_id,
        detail=facts | (numbered if bulletin.number else {}) | {"form": output.form},
    )
    return place


__all__ = ["OutputForm", "ask_for_output", "end_output", "fetch_output"]
