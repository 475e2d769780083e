from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.areas.models import Area
from fugong.base.audit.actions import record
from fugong.base.calendars import permissions
from fugong.base.calendars.models import CalendarDay
from fugong.core import clock
from fugong.core.viewer import Viewer


@transaction.atomic
def set_calendar_day(*, actor: Viewer, area: Area, day: date, is_working: bool, name: str, source: str) -> CalendarDay:
    """Say that an area works, or does not work, on a day; a second word on the same day replaces the first.

    Clocks that run already keep the due times they have promised. Raises `ValidationError`.
    """
    permissions.can_set_calendar_day(actor, area.pk).require()
    if not clock.is_plausible(day):
        raise ValidationError(_("This day lies too far away. Check the year."))
    row = CalendarDay.objects.select_for_update().filter(area=area, day=day).first() or CalendarDay(area=area, day=day)
    row.is_working, row.name, row.source = is_working, name.strip(), source.strip()
    row.full_clean()
    row.save()
    record(
        actor=actor,
        verb="calendars.day.set",
        subject=f"areas.area:{area.pk}",
        area_id=area.pk,
        detail={"day": day.isoformat(), "works": is_working, "name": row.name},
        reason=row.source,
    )
    return row
