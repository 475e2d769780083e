from __future__ import annotations

from datetime import date

from django.db.models import F, Q

from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree
from fugong.base.calendars.logic.workdays import WorkCalendar
from fugong.base.calendars.models import CalendarDay
from fugong.core.memo import once_per_request

# No clock runs longer than into the year after next.
_YEARS = 2


@once_per_request
def _days(first: int, last: int) -> list[CalendarDay]:
    return list(CalendarDay.objects.filter(day__year__gte=first, day__year__lte=last).order_by("area", "day"))


def working_calendar(area: Area, around: date) -> WorkCalendar:
    """The calendar of an area from the year before a day to two years after it. Not scoped: days off are public.

    The nearer area wins over the wider one, any area over the country. 1 query per span of years and request.
    """
    return _calendar(area, around.year)


@once_per_request
def _calendar(area: Area, year: int) -> WorkCalendar:
    nearness = {above.pk: -number for number, above in enumerate(area_tree().ancestors(area))}
    days = _days(year - 1, year + _YEARS)
    applying = [day for day in days if day.area_id is None or day.area_id in nearness]
    applying.sort(key=lambda day: nearness[day.area_id] if day.area_id is not None else -len(nearness))
    return WorkCalendar(
        {day.day: day.is_working for day in applying},
        frozenset(day.day.year for day in days if day.area_id is None),
    )


def local_days(area: Area, since: date) -> list[CalendarDay]:
    """The days from `since` on that an area or one above it has set for itself, and those of the country."""
    above = area_tree().ancestors(area)
    found = CalendarDay.objects.filter(Q(area__isnull=True) | Q(area__in=above), day__gte=since)
    return list(found.select_related("area").order_by("day", F("area__path").asc(nulls_first=True)))
