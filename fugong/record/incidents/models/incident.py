from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.base.areas.models import Area
from fugong.core import constraints
from fugong.core.text import in_language


class IncidentQuerySet(models.QuerySet["Incident"]):
    def open_on(self, day: date) -> IncidentQuerySet:
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=day), started_on__lte=day)


class Incident(models.Model):
    """A disaster as managed: where, since when, by which playbook. A drill sends nothing outside."""

    slug = models.SlugField(_("short name in addresses"), unique=True)
    name = models.TextField(_("name"))
    name_en = models.TextField(_("name in English"), blank=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="incidents")
    playbook_code = models.SlugField(_("playbook"))
    started_on = models.DateField(_("started on"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    is_drill = models.BooleanField(_("drill"), default=False)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-started_on", "slug"]
        constraints = [
            constraints.not_before(
                "incident_period_in_order", "started_on", "ended_on", _("An incident cannot end before it starts.")
            ),
        ]

    def __str__(self) -> str:
        return in_language({"zh": self.name, "en": self.name_en or self.name})

    def days(self, today: date) -> tuple[date, date]:
        """The first day and the last one so far on which something is reported for it."""
        last = min(today, self.ended_on or today)
        return self.started_on, max(last, self.started_on)
