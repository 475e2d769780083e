from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from fugong.base.areas.models import Area
from fugong.base.audit.actions import record
from fugong.base.notifications.actions import queue_message
from fugong.base.notifications.enums import MessageState
from fugong.core.memo import remembering
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.reporting import permissions
from fugong.record.reporting.logic.names import reminder_key
from fugong.record.reporting.selectors.locks import quiet_on
from fugong.record.reporting.selectors.missing import missing_for

MOST = 5000


@dataclass(frozen=True, slots=True)
class Reminded:
    """Enterprises: told now, told within the quiet time already, without anybody who could be told.

    `quiet_hours`: how long the quiet time is; where areas have set several, the longest of those asked.
    """

    told: int
    quiet: int
    unreachable: int
    quiet_hours: int


@transaction.atomic
def remind_missing(
    *, actor: Viewer, incident: Incident, day: date, area: Area, enterprise_id: int | None = None
) -> Reminded:
    """Remind the reporters of an area, or of one enterprise in it, who have not reported the day.

    Nobody is reminded twice within the quiet time, two clicks at once included. A drill's reminders stay in the outbox.
    """
    permissions.can_remind(actor, area.pk).require()
    _total, rows = missing_for(actor, incident, day, area, MOST)
    rows = [row for row in rows if enterprise_id in (None, row.enterprise.pk)]
    areas = {row.enterprise.area_id for row in rows} or {area.pk}
    with remembering():
        quiet_for = {pk: quiet_on(incident, pk, day) for pk in areas}
    counts = {"told": 0, "quiet": 0, "unreachable": 0}
    with translation.override(settings.LANGUAGE_CODE):
        for row in rows:
            text = _("%(name)s has not reported %(day)s yet. Sign in and report; unchanged takes one tap.") % {
                "name": row.enterprise.name,
                "day": day.isoformat(),
            }
            states = {
                queue_message(
                    actor=actor,
                    to=user,
                    kind="reporting.reminder",
                    text=text,
                    quiet_key=reminder_key(incident.pk, row.enterprise.pk, day),
                    quiet_for=quiet_for[row.enterprise.area_id],
                    incident_id=incident.pk,
                    drill=incident.is_drill,
                ).state
                for user in row.reporters
            }
            told = states & {MessageState.QUEUED, MessageState.KEPT}
            counts["told" if told else "quiet" if MessageState.SUPPRESSED in states else "unreachable"] += 1
    record(
        actor=actor,
        verb="reporting.day.reminded",
        subject=f"areas.area:{area.pk}",
        area_id=area.pk,
        detail={"incident": incident.slug, "day": day.isoformat(), "enterprise": enterprise_id, **counts},
    )
    return Reminded(**counts, quiet_hours=round(max(quiet_for.values()).total_seconds() / 3600))
