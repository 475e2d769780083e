from __future__ import annotations

from datetime import date

from django.db import transaction

from fugong.base.areas.models import Area
from fugong.base.audit.actions import record
from fugong.base.documents.logic.official import render_docx
from fugong.command.situation import permissions
from fugong.command.situation.selectors.bulletin import bulletin_draft
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident


@transaction.atomic
def take_bulletin(*, actor: Viewer, incident: Incident, day: date, area: Area) -> bytes:
    """The draft of a day's bulletin as an editable .docx; taking it out of the house is put on record.

    Raises `Denied` and `OutOfScope` like `bulletin_facts`.
    """
    permissions.can_draft_bulletin(actor).require()
    content = render_docx(bulletin_draft(actor, incident, day, area))
    record(
        actor=actor,
        verb="situation.bulletin.taken",
        subject=f"incidents.incident:{incident.pk}",
        area_id=area.pk,
        detail={"day": day.isoformat(), "area": area.code},
    )
    return content
