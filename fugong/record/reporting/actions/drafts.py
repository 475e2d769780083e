"""Forms that are not sent yet. They are nobody's word: no check, no figure, no entry in the trail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.registry.models import Enterprise
from fugong.record.reporting import permissions
from fugong.record.reporting.models import ReportDraft

# Far beyond what the form takes in all its fields: only a program sends more.
LONGEST = 20_000
KEPT_FOR = timedelta(days=7)


class DraftTooLong(ValueError):
    """More text than a form holds; nothing was kept."""


@transaction.atomic
def keep_draft(
    *, actor: Viewer, incident: Incident, enterprise: Enterprise, day: date, fields: Mapping[str, Sequence[str]]
) -> ReportDraft:
    """Keep a form as it stands, whatever is wrong with it, in place of what was kept before.

    `fields`: name → texts. A draft is the person's own and always possible: also for a locked day, also with errors.
    Raises `DraftTooLong`, `Denied` for an enterprise that this person does not report for.
    """
    permissions.can_report(actor, enterprise).require()
    plain = {name: [text.replace("\x00", "") for text in texts] for name, texts in fields.items()}
    if sum(len(name) + sum(map(len, texts)) for name, texts in plain.items()) > LONGEST:
        raise DraftTooLong(_("This is longer than a report. Shorten the remark."))
    draft, _made = ReportDraft.objects.update_or_create(
        person_id=actor.id,
        enterprise=enterprise,
        incident=incident,
        day=day,
        defaults={"fields": plain, "saved_at": clock.now()},
    )
    return draft


@transaction.atomic
def drop_draft(*, actor: Viewer, incident: Incident, enterprise: Enterprise, day: date) -> None:
    """Throw the actor's own draft away: it was sent, or the person begins anew. None there: nothing happens."""
    permissions.can_report(actor, enterprise).require()
    ReportDraft.objects.filter(person_id=actor.id, enterprise=enterprise, incident=incident, day=day).delete()


@transaction.atomic
def forget_drafts(*, actor: Viewer) -> int:
    """Delete the drafts that nobody touched for a week; returns how many."""
    permissions.can_forget_drafts(actor).require()
    deleted, _by_model = ReportDraft.objects.filter(saved_at__lt=clock.now() - KEPT_FOR).delete()
    if deleted:
        record(
            actor=actor,
            verb="reporting.drafts.forgotten",
            subject="reporting.drafts:all",
            area_id=None,
            detail={"count": deleted},
        )
    return deleted
