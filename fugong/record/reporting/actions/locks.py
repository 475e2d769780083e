"""Due times, locks of days, and their opening."""

from __future__ import annotations

from datetime import date, datetime, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.areas.models import Area
from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.events import announce
from fugong.core.turns import take_turns
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.registry.models import Enterprise
from fugong.record.reporting import permissions
from fugong.record.reporting.enums import LockReason
from fugong.record.reporting.events import DayLocked
from fugong.record.reporting.logic.names import turn_of_day, turn_of_due_times
from fugong.record.reporting.models import DayLock, DueTime, LockException


def _inside(incident: Incident, area: Area) -> None:
    if not area.path.startswith(incident.area.path):
        raise ValidationError(_("The area lies outside the incident."))


def _of_the_incident(incident: Incident, day: date) -> None:
    first, last = incident.days(clock.today())
    if not first <= day <= last:
        raise ValidationError(
            _("Choose a day of the incident: %(first)s to %(last)s.")
            % {"first": first.isoformat(), "last": last.isoformat()}
        )


@transaction.atomic
def lock_day(
    *, actor: Viewer, incident: Incident, area: Area, day: date, reason: LockReason, note: str = ""
) -> DayLock:
    """Lock a day for an area and everything beneath it. The same lock again changes nothing.

    Waits for every report of that day which is being written; each later one finds the lock. Within a REPEATABLE READ
    transaction take `turn_of_day` in an earlier transaction, or the reports waited for are not seen. Raises `Denied`,
    `ValidationError`.
    """
    permissions.can_lock_day(actor, area.pk).require()
    _inside(incident, area)
    _of_the_incident(incident, day)
    take_turns(alone=turn_of_day(incident.pk, day))
    lock, is_new = DayLock.objects.get_or_create(
        incident=incident,
        area=area,
        day=day,
        reason=reason,
        defaults={"note": note.strip(), "locked_by_name": actor.name, "locked_at": clock.now()},
    )
    if is_new:
        record(
            actor=actor,
            verb="reporting.day.locked",
            subject=f"areas.area:{area.pk}",
            area_id=area.pk,
            detail={"incident": incident.slug, "day": day.isoformat(), "reason": str(reason), "note": lock.note},
        )
        announce(DayLocked(incident.pk, area.pk, day, str(reason)))
    return lock


@transaction.atomic
def open_lock(
    *,
    actor: Viewer,
    incident: Incident,
    day: date,
    until: datetime,
    reason: str,
    area: Area | None = None,
    enterprise: Enterprise | None = None,
) -> LockException:
    """Let one enterprise, or one area, report a locked or past day until a moment. The lock itself stays.

    Raises `Denied`, `ValidationError`.
    """
    area_id = enterprise.managing_area_id if enterprise else area.pk if area else None
    permissions.can_open_lock(actor, area_id).require()
    _of_the_incident(incident, day)
    if area is not None:
        _inside(incident, area)
    exception = LockException(
        incident=incident,
        day=day,
        area=area,
        enterprise=enterprise,
        until=until,
        reason=reason.strip(),
        opened_by_name=actor.name,
        opened_at=clock.now(),
    )
    exception.full_clean()
    exception.save()
    record(
        actor=actor,
        verb="reporting.lock.opened",
        subject=f"registry.enterprise:{enterprise.pk}" if enterprise else f"areas.area:{area_id}",
        area_id=area_id,
        detail={
            "incident": incident.slug,
            "day": day.isoformat(),
            "until": until.isoformat(),
            "reason": exception.reason,
        },
    )
    return exception


@transaction.atomic
def set_due_time(
    *,
    actor: Viewer,
    incident: Incident,
    area: Area,
    valid_from: date,
    due_time: time,
    source: str,
    expires_hours: int | None = None,
    quiet_hours: int | None = None,
) -> DueTime:
    """Set by when an area reports from a day on, and how many hours later the day locks (None: not by itself);
    `quiet_hours`: how long after a reminder nobody is reminded again (None: as the area above).

    The same day again corrects the entry; what stood before is in the trail. Days gone by keep the time that held: only
    an area's first row may begin in the past. Raises `Denied`, `ValidationError`.
    """
    permissions.can_set_due_time(actor, area.pk).require()
    _inside(incident, area)
    if valid_from < incident.started_on:
        raise ValidationError(_("The incident began later than that. Choose a later day."))
    take_turns(alone=turn_of_due_times(incident.pk))
    if valid_from < clock.today() and DueTime.objects.filter(incident=incident, area=area).exists():
        raise ValidationError(_("Days gone by keep their time. Choose today or a later day."))
    row = DueTime.objects.filter(incident=incident, area=area, valid_from=valid_from).first()
    before = row and {"due_time": str(row.due_time), "expires_hours": row.expires_hours, "quiet_hours": row.quiet_hours}
    row = row or DueTime(incident=incident, area=area, valid_from=valid_from)
    row.due_time, row.expires_hours, row.source = due_time, expires_hours, source.strip()
    row.quiet_hours = quiet_hours
    row.decided_by_name, row.decided_at = actor.name, clock.now()
    row.full_clean()
    row.save()
    record(
        actor=actor,
        verb="reporting.due_time.set",
        subject=f"areas.area:{area.pk}",
        area_id=area.pk,
        detail={
            "incident": incident.slug,
            "valid_from": valid_from.isoformat(),
            "due_time": f"{due_time:%H:%M}",
            "expires_hours": expires_hours,
            "quiet_hours": quiet_hours,
            "source": row.source,
            "before": before,
        },
    )
    return row
