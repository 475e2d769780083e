"""Approving, numbering and publishing a bulletin; revising one; taking one out of the house."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from fugong.base.areas.models import Area
from fugong.base.audit.actions import record
from fugong.base.audit.selectors.seals import seal_of_day
from fugong.command.situation import permissions
from fugong.command.situation.actions.bulletin_figures import ask_for_figures
from fugong.command.situation.actions.bulletin_outputs import ask_for_output
from fugong.command.situation.actions.bulletins import TextFaulty
from fugong.command.situation.enums import BulletinState, OutputForm
from fugong.command.situation.events import BulletinPublished
from fugong.command.situation.logic.bulletin_members import read_members
from fugong.command.situation.models import Bulletin, BulletinSeries
from fugong.command.situation.selectors.bulletins import faults_of
from fugong.core import clock
from fugong.core.events import announce
from fugong.core.turns import held
from fugong.core.viewer import Viewer
from fugong.record.reporting.actions.locks import lock_day
from fugong.record.reporting.enums import LockReason

_AT_ONCE = (OutputForm.DOCX, OutputForm.PDF)


@transaction.atomic
def publish_bulletin(*, actor: Viewer, bulletin: Bulletin) -> Bulletin:
    """Approve, number and publish what waits for approval, and lock the days that it states.

    The figures are those that were taken for it; what is reported later is a later correction. Numbers run from 1 in
    each year for each area and leave none out: the series is locked until this transaction ends. Raises `Denied`, also
    for whoever wrote it; `TextFaulty`.
    """
    permissions.can_publish_bulletin(actor, bulletin).require()
    row = held(Bulletin.objects.whole().select_related("revises"), bulletin.pk)
    permissions.can_publish_bulletin(actor, row).require()
    faults = faults_of(row)
    if faults:
        raise TextFaulty(faults)
    # What is frozen is what its hash says; a file that was tampered with stops here.
    read_members(bytes(row.frozen.content), row.frozen.sha256)
    now = clock.now()
    if row.revises is not None:
        row.year, row.number = row.revises.year, row.revises.number
    else:
        row.year = clock.today().year
        row.number = _next_number(row.area, row.year)
    row.state, row.published_at = BulletinState.PUBLISHED, now
    row.approved_by_id, row.approved_by_name = actor.id, actor.name
    seal = seal_of_day(actor, row.last_day)
    row.seal = seal.digest if seal is not None else ""
    row.save()
    _lock_days(actor, row)
    _put_on_record(actor, row, "published", {"members": row.frozen.sha256, "seal": row.seal})
    announce(BulletinPublished(row.pk, row.incident_id, row.area_id, row.first_day, row.last_day))
    if actor.id is not None:
        for form in _AT_ONCE:  # what everybody asks for next
            ask_for_output(actor=actor, bulletin=row, form=form)
    return row


def _next_number(area: Area, year: int) -> int:
    BulletinSeries.objects.get_or_create(area=area, year=year)
    series = BulletinSeries.objects.select_for_update().get(area=area, year=year)
    BulletinSeries.objects.filter(pk=series.pk).update(last=F("last") + 1)
    return series.last + 1


def _lock_days(actor: Viewer, bulletin: Bulletin) -> None:
    day = bulletin.first_day
    while day <= bulletin.last_day:
        lock_day(
            actor=actor,
            incident=bulletin.incident,
            area=bulletin.area,
            day=day,
            reason=LockReason.PUBLISHED,
            note=_("bulletin no. %(number)d of %(year)d") % {"number": bulletin.number, "year": bulletin.year},
        )
        day += timedelta(days=1)


@transaction.atomic
def revise_bulletin(*, actor: Viewer, bulletin: Bulletin, reason: str) -> Bulletin:
    """Begin the next revision of a published bulletin, with its words; a job counts the figures as they stand now.

    The published one stays as it is. Raises `ValidationError` without a reason, or when a revision exists already.
    """
    permissions.can_revise_bulletin(actor, bulletin).require()
    if not reason.strip():
        raise ValidationError(_("Say why the bulletin is revised."))
    now = clock.now()
    row = Bulletin(
        **{name: getattr(bulletin, name) for name in ("incident", "area", "kind", "first_day", "last_day", "title")},
        text=bulletin.text,
        red_head=bulletin.red_head,
        revises=bulletin,
        revision=bulletin.revision + 1,
        reason=reason.strip(),
        drafted_by_id=actor.id,
        drafted_by_name=actor.name,
        drafted_at=now,
        edited_by_id=actor.id,
        edited_by_name=actor.name,
        edited_at=now,
        written_by_ids=[] if actor.id is None else [actor.id],
    )
    row.validate_unique()
    row.save()
    _put_on_record(actor, row, "revision_drafted", {"revises": bulletin.pk}, reason.strip())
    ask_for_figures(actor=actor, bulletin=row)
    return row


@transaction.atomic
def take_out(*, actor: Viewer, bulletin: Bulletin, form: str) -> None:
    """Put on record that somebody takes a bulletin as a file (`form`: docx, pdf, xlsx)."""
    permissions.can_see_bulletin(actor, bulletin).require()
    _put_on_record(actor, bulletin, "taken", {"form": form})


def _put_on_record(actor: Viewer, bulletin: Bulletin, what: str, detail: dict[str, Any], reason: str = "") -> None:
    facts = {"area": bulletin.area.code, "day": bulletin.last_day.isoformat(), "kind": str(bulletin.kind)}
    numbered = {"year": bulletin.year, "number": bulletin.number, "revision": bulletin.revision}
    record(
        actor=actor,
        verb=f"situation.bulletin.{what}",
        subject=f"situation.bulletin:{bulletin.pk}",
        area_id=bulletin.area_id,
        detail=facts | (numbered if bulletin.number else {}) | detail,
        reason=reason,
    )
