"""The figures of a bulletin: asked for in a request, counted by a job in one picture, kept with the draft."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from fugong.base.areas.models import Area
from fugong.base.audit.actions import record
from fugong.command.situation import permissions
from fugong.command.situation.enums import BulletinKind
from fugong.command.situation.models import Bulletin, BulletinMembers
from fugong.command.situation.selectors.bulletin import packed, take_figures
from fugong.command.situation.selectors.bulletin_templates import template_for
from fugong.core import clock
from fugong.core.jobs import defer
from fugong.core.snapshot import one_snapshot
from fugong.core.turns import held
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident

JOB = "situation.take_figures"


@transaction.atomic
def ask_for_figures(*, actor: Viewer, bulletin: Bulletin) -> None:
    """Have the figures of a draft counted as they stand now; its words stay. Asked twice it is counted once."""
    permissions.can_edit_bulletin(actor, bulletin).require()
    row = held(Bulletin.objects.whole(), bulletin.pk)
    permissions.can_edit_bulletin(actor, row).require()
    if row.is_counting:
        return
    row.figures_asked_at, row.figures_failed = clock.now(), ""
    row.save(update_fields=["figures_asked_at", "figures_failed"])
    defer(JOB, bulletin_id=row.pk, user_id=actor.id, asked_at=row.figures_asked_at.isoformat())
    bulletin.figures_asked_at, bulletin.figures_failed = row.figures_asked_at, ""


@transaction.atomic
def stop_counting(*, actor: Viewer, bulletin: Bulletin) -> None:
    """Wait for the figures no longer; a draft keeps those that it had."""
    permissions.can_edit_bulletin(actor, bulletin).require()
    row = held(Bulletin.objects.whole(), bulletin.pk)
    permissions.can_edit_bulletin(actor, row).require()
    row.figures_asked_at = None
    row.save(update_fields=["figures_asked_at"])


@transaction.atomic
def count_figures(*, actor: Viewer, bulletin: Bulletin) -> BulletinMembers:
    """The figures of a draft with who is behind them, of one moment; nothing is written and no row is locked.

    Raises `Denied`, `FiguresDisagree`.
    """
    one_snapshot()
    permissions.can_edit_bulletin(actor, bulletin).require()
    taken = take_figures(actor, bulletin.incident, bulletin.area, bulletin.first_day, bulletin.last_day)
    return packed(bulletin.incident, bulletin.area, taken)


@transaction.atomic
def keep_figures(*, actor: Viewer, bulletin: Bulletin, members: BulletinMembers, asked_at: datetime) -> None:
    """Give a draft the figures that were counted for it; nothing happens when it waits for them no longer.

    They belong to the asking of `asked_at`: whoever asked again meanwhile gets later ones. The time of counting is not
    compared, for a clock may have been set back since.
    """
    permissions.can_edit_bulletin(actor, bulletin).require()
    row = held(Bulletin.objects.whole(), bulletin.pk)
    permissions.can_edit_bulletin(actor, row).require()
    if row.figures_asked_at != asked_at:
        return
    old = row.members
    members.save()
    row.members, row.figures_asked_at = members, None
    row.save(update_fields=["members", "figures_asked_at"])
    if old is not None:
        old.delete()
    _put_on_record(actor, row, {"members": members.sha256})


@transaction.atomic
def fail_figures(*, actor: Viewer, bulletin: Bulletin, reason: str) -> None:
    """The figures could not be counted; the draft says why and keeps those that it had."""
    permissions.can_keep_figures(actor).require()
    row = held(Bulletin.objects.whole(), bulletin.pk)
    if row.is_counting:
        row.figures_asked_at, row.figures_failed = None, reason
        row.save(update_fields=["figures_asked_at", "figures_failed"])


@transaction.atomic
def unsaved_draft(*, actor: Viewer, incident: Incident, area: Area, day: date) -> Bulletin:
    """The draft of a day for printing at once: nothing of it stays but the entry that it was taken."""
    one_snapshot()
    permissions.can_draft_for(actor, area.pk).require()
    template = template_for(actor, incident, area, BulletinKind.DAILY, day)
    bulletin = Bulletin(
        incident=incident,
        area=area,
        kind=BulletinKind.DAILY,
        first_day=day,
        last_day=day,
        title=template.title,
        text=template.text,
        red_head=False,
        members=packed(incident, area, take_figures(actor, incident, area, day, day)),
    )
    detail = {"day": day.isoformat(), "area": area.code}
    record(
        actor=actor,
        verb="situation.bulletin.draft_taken",
        subject=f"incidents.incident:{incident.pk}",
        area_id=area.pk,
        detail=detail,
    )
    return bulletin


def _put_on_record(actor: Viewer, bulletin: Bulletin, detail: dict[str, Any]) -> None:
    record(
        actor=actor,
        verb="situation.bulletin.figures_taken",
        subject=f"situation.bulletin:{bulletin.pk}",
        area_id=bulletin.area_id,
        detail={"area": bulletin.area.code, "day": bulletin.last_day.isoformat(), "kind": str(bulletin.kind)} | detail,
    )
