from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.base.areas.models import Area
from fugong.core import constraints


class CalendarDay(models.Model):
    """A day that is not as its weekday says: a holiday on a weekday, or a weekend day that is worked.

    Without an area it holds for the whole country, with one for the area and everything beneath it.
    """

    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="calendar_days")
    day = models.DateField(_("day"))
    is_working = models.BooleanField(_("worked"))
    name = models.TextField(_("name"))
    source = models.TextField(_("source document"))

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        ordering = ["day", "area"]
        constraints = [
            constraints.unique(
                "calendar_day_once",
                "day",
                message=_("This day stands in the national calendar already."),
                while_=Q(area__isnull=True),
            ),
            constraints.unique(
                "calendar_day_once_per_area", "area", "day", message=_("This day stands in the calendar already.")
            ),
            constraints.check("calendar_day_has_name", ~Q(name=""), _("Name the holiday or the reason.")),
            constraints.check("calendar_day_has_source", ~Q(source=""), _("Name the document that says so.")),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
