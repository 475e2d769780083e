from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.areas.models import Area
from fugong.base.audit.actions import record
from fugong.command.situation import permissions
from fugong.command.situation.actions.bulletin_figures import ask_for_figures
from fugong.command.situation.enums import BulletinKind, BulletinState
from fugong.command.situation.logic.bulletin_text import LONGEST_TEXT, Fault
from fugong.command.situation.models import Bulletin
from fugong.command.situation.selectors.bulletin_templates import template_for
from fugong.command.situation.selectors.bulletins import faults_of
from fugong.core import clock
from fugong.core.files import side_path
from fugong.core.turns import held
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident

_LONGEST_TITLE = 120


class TextFaulty(ValueError):
    """The text has faults; each names its place. Nothing was written."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{fault.line}:{fault.column} {fault.quoted}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Span:
    """What a bulletin reports on: its kind, and the days, both included."""

    kind: str
    first: date
    last: date


def _check_span(incident: Incident, span: Span) -> None:
    first, last = incident.days(clock.today())
    if span.kind not in BulletinKind.values:
        raise ValidationError(_("This kind of bulletin does not exist."))
    if not first <= span.first <= span.last <= last:
        raise ValidationError(
            _("Choose days of the incident: %(first)s to %(last)s.")
            % {"first": first.isoformat(), "last": last.isoformat()}
        )
    if span.kind == BulletinKind.DAILY and span.first != span.last:
        raise ValidationError(_("A daily report has one day."))


@transaction.atomic
def draft_bulletin(*, actor: Viewer, incident: Incident, area: Area, span: Span) -> Bulletin:
    """Begin a bulletin with the text of its template; a job counts its figures, of one moment.

    Raises `Denied`, `ValidationError` for days outside the incident.
    """
    permissions.can_draft_for(actor, area.pk).require()
    _check_span(incident, span)
    template = template_for(actor, incident, area, span.kind, span.last)
    now = clock.now()
    bulletin = Bulletin.objects.create(
        incident=incident,
        area=area,
        kind=span.kind,
        first_day=span.first,
        last_day=span.last,
        title=template.title,
        text=template.text,
        **_written_by(actor),
        drafted_by_id=actor.id,
        drafted_by_name=actor.name,
        drafted_at=now,
        written_by_ids=[] if actor.id is None else [actor.id],
    )
    _put_on_record(actor, bulletin, "drafted", {"template": template.version})
    ask_for_figures(actor=actor, bulletin=bulletin)
    return bulletin


def _written_by(actor: Viewer) -> dict[str, Any]:
    return {"edited_by_id": actor.id, "edited_by_name": actor.name, "edited_at": clock.now()}


@transaction.atomic
def save_bulletin(*, actor: Viewer, bulletin: Bulletin, edition: int, values: Mapping[str, Any]) -> list[Fault]:
    """Keep what was written (title, text, red_head); returns the faults that still keep it from approval.

    A draft with faults is kept all the same: nothing that was typed is lost. Raises `ValidationError` when somebody
    saved since this `edition` was opened, or when there is no title or too much text.
    """
    permissions.can_edit_bulletin(actor, bulletin).require()
    row = held(Bulletin.objects.whole(), bulletin.pk)
    permissions.can_edit_bulletin(actor, row).require()
    if row.edition != edition:
        raise ValidationError(
            _("%(name)s has saved this bulletin meanwhile. Your text stands below; open it again to see the other.")
            % {"name": row.edited_by_name}
        )
    title, text = str(values.get("title", "")).strip(), str(values.get("text", "")).replace("\r\n", "\n").strip()
    if not title or len(title) > _LONGEST_TITLE or "\n" in title:
        raise ValidationError(_("Title: one line of 1 to %(most)d characters.") % {"most": _LONGEST_TITLE})
    if not text or len(text) > LONGEST_TEXT:
        raise ValidationError(_("Text: 1 to %(most)d characters.") % {"most": LONGEST_TEXT})
    if "\x00" in title + text:
        raise ValidationError(_("The text holds a character that cannot be printed. Type it again."))
    row.title, row.text, row.red_head = title, text, bool(values.get("red_head"))
    row.edition += 1
    for name, value in _written_by(actor).items():
        setattr(row, name, value)
    row.note_writer(actor.id)
    row.save()
    _put_on_record(actor, row, "saved", {"edition": row.edition})
    return faults_of(row) if row.members is not None else []


@transaction.atomic
def submit_bulletin(*, actor: Viewer, bulletin: Bulletin) -> None:
    """Send a draft for approval. Raises `TextFaulty` while its text has faults, `ValidationError` without figures."""
    permissions.can_edit_bulletin(actor, bulletin).require()
    row = held(Bulletin.objects.whole(), bulletin.pk)
    permissions.can_edit_bulletin(actor, row).require()
    if row.is_counting or row.members is None:
        raise ValidationError(_("Its figures are not counted yet. Send it for approval when they are there."))
    faults = faults_of(row)
    if faults:
        raise TextFaulty(faults)
    row.state, row.returned_because = BulletinState.SUBMITTED, ""
    row.save(update_fields=["state", "returned_because"])
    _put_on_record(actor, row, "submitted", {"edition": row.edition})


@transaction.atomic
def return_bulletin(*, actor: Viewer, bulletin: Bulletin, because: str) -> None:
    """Send a bulletin that waits for approval back to its writer, with a word why. Raises `ValidationError`."""
    permissions.can_return_bulletin(actor, bulletin).require()
    row = held(Bulletin.objects.whole(), bulletin.pk)
    permissions.can_return_bulletin(actor, row).require()
    if not because.strip():
        raise ValidationError(_("Say what is to be changed."))
    row.state, row.returned_because = BulletinState.DRAFT, because.strip()
    row.save(update_fields=["state", "returned_because"])
    _put_on_record(actor, row, "returned", {}, because.strip())


@transaction.atomic
def discard_draft(*, actor: Viewer, bulletin: Bulletin) -> None:
    """Throw a draft away with its figures. A published bulletin stays for ever."""
    permissions.can_edit_bulletin(actor, bulletin).require()
    row = held(Bulletin.objects.whole(), bulletin.pk)
    permissions.can_edit_bulletin(actor, row).require()
    members = row.members
    _put_on_record(actor, row, "discarded", {"members": members.sha256 if members else ""})
    for output in row.outputs.order_by("pk"):
        side_path(output.file_name).unlink(missing_ok=True)
    row.delete()
    if members is not None:
        members.delete()


def _put_on_record(actor: Viewer, bulletin: Bulletin, what: str, detail: dict[str, Any], reason: str = "") -> None:
    record(
        actor=actor,
        verb=f"situation.bulletin.{what}",
        subject=f"situation.bulletin:{bulletin.pk}",
        area_id=bulletin.area_id,
        detail={"area": bulletin.area.code, "day": bulletin.last_day.isoformat(), "kind": str(bulletin.kind)} | detail,
        reason=reason,
    )
