from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.accounts.models import Body
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.desk import permissions
from fugong.record.desk.actions.case import Case
from fugong.record.desk.enums import EntryKind, PartState
from fugong.record.desk.logic.words import needed
from fugong.record.desk.models import Part, Request


@transaction.atomic
def ask_part(*, actor: Viewer, request: Request, body: Body, task: str) -> Part:
    """Ask another body for its share; it has a state of its own and falls due with the whole."""
    permissions.can_work_on(actor, request).require()
    case = Case.held(actor, request)
    row = case.row
    permissions.can_work_on(actor, row).require()
    if not row.is_open:
        raise ValidationError(_("The request has ended; open it again first."))
    now = clock.now()
    part = Part(
        request=row,
        body=body,
        task=needed(task, _("Say what the body is to do.")),
        due_at=row.close_due_at,
        asked_at=now,
        changed_at=now,
    )
    part.full_clean()
    part.save()
    case.told(EntryKind.PART_ASKED, f"{body}: {part.task}", body=body.pk)
    return part


@transaction.atomic
def move_part(*, actor: Viewer, part: Part, state: PartState, note: str = "") -> Part:
    """Its own body says how far it is; “not theirs” names whose. Raises `ValidationError`."""
    permissions.can_work_on_part(actor, part.request, part.body_id).require()
    row = Part.objects.select_for_update(of=("self",)).select_related("request", "body").get(pk=part.pk)
    if row.state == state and row.note == note.strip():
        return row
    row.state, row.note, row.changed_at = state, note.strip(), clock.now()
    row.full_clean()
    row.save()
    words = " ".join(filter(None, (f"{row.body}: {PartState(state).label}", row.note)))
    Case.held(actor, row.request).told(EntryKind.PART_CHANGED, words, body=row.body_id)
    return row
