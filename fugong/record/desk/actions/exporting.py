from __future__ import annotations

from io import BytesIO

from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.audit.actions import record
from fugong.base.spreadsheets.logic.writer import SheetData, write_xlsx
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.desk import permissions
from fugong.record.desk.selectors.piles import QueueFilter, queue
from fugong.record.desk.selectors.rules import section_on
from fugong.record.incidents.models import Incident

_MOST = 20_000


@transaction.atomic
def export_queue(*, actor: Viewer, incident: Incident, wanted: QueueFilter) -> bytes:
    """The narrowed queue as a workbook, 20,000 rows at most; it holds no phone number, and the asking is on record."""
    permissions.can_see_requests(actor).require()
    section = section_on(incident, clock.today())
    rows = [
        (
            item.number,
            item.title,
            item.enterprise.name,
            item.enterprise.code,
            section.label(item.category),
            item.get_state_display(),
            str(item.owner_body),
            item.owner.name if item.owner else "",
            item.people_waiting,
            item.get_channel_display(),
            f"{clock.local(item.opened_at):%Y-%m-%d %H:%M}",
            f"{clock.local(item.next_due_at):%Y-%m-%d %H:%M}" if item.next_due_at else "",
            item.level,
        )
        for item in queue(actor, incident, wanted)[:_MOST]
    ]
    record(
        actor=actor,
        verb="desk.queue.exported",
        subject=f"incidents.incident:{incident.pk}",
        area_id=wanted.area.pk if wanted.area else actor.home_area_id,
        detail={"rows": len(rows), "pile": wanted.pile},
    )
    head = (
        _("Number"),
        _("What is asked"),
        _("Enterprise"),
        _("Credit code"),
        _("Category"),
        _("State"),
        _("Body"),
        _("Person"),
        _("People held up"),
        _("Channel"),
        _("Opened"),
        _("Due"),
        _("Levels up"),
    )
    file = BytesIO()
    write_xlsx(file, [SheetData(_("Requests"), head, rows)])
    return file.getvalue()
