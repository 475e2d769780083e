from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.base.areas.models import Area
from fugong.core import constraints
from fugong.record.incidents.models import Incident


class IncidentIndicatorQuerySet(models.QuerySet["IncidentIndicator"]):
    def in_force_on(self, day: date) -> IncidentIndicatorQuerySet:
        """Of each code the latest definition that had begun by the day; one that ended it is among them."""
        return self.filter(valid_from__lte=day).order_by("code", "-valid_from", "-pk").distinct("code")


class IncidentIndicator(models.Model):
    """A definition that somebody stated for an incident, from a day on until the next one of its code.

    Added to the playbook's, or in place of the one with its code. `content` as in `indicators.toml`; empty, it takes
    the code off the board from that day. Never changed: a correction of the same day is a further row, and the later
    one holds.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="indicators")
    code = models.SlugField(_("code"))
    valid_from = models.DateField(_("valid from"))
    content = models.JSONField(_("definition"), default=dict, blank=True)
    reason = models.TextField(_("reason"))
    stated_by_name = models.TextField(_("stated by"))
    stated_at = models.DateTimeField(_("stated at"))

    objects = IncidentIndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator of an incident")
        verbose_name_plural = _("indicators of incidents")
        ordering = ["code", "-valid_from", "-pk"]
        constraints = [
            constraints.check("indicator_has_reason", ~Q(reason=""), _("Say why the definition is needed.")),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.valid_from}"


class IndicatorTarget(models.Model):
    """What an indicator is to reach in an area from a day on, until the next target of both. `value` None ends it."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="indicator_targets")
    code = models.SlugField(_("code"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="indicator_targets")
    valid_from = models.DateField(_("valid from"))
    value = models.DecimalField(_("target"), max_digits=9, decimal_places=4, null=True, blank=True)
    source = models.TextField(_("source document"))
    stated_by_name = models.TextField(_("stated by"))
    stated_at = models.DateTimeField(_("stated at"))

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["code", "area", "-valid_from", "-pk"]
        constraints = [
            constraints.check(
                "target_not_negative",
                Q(value__isnull=True) | Q(value__gte=Decimal(0)),
                _("A target cannot be below zero."),
            ),
            constraints.check("target_has_source", ~Q(source=""), _("Name the document that sets the target.")),
        ]
        indexes = [models.Index(fields=["incident", "code", "valid_from"], name="target_by_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.area_id} {self.valid_from}"
