from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.models import Body
from fugong.base.areas.models import Area
from fugong.core import constraints
from fugong.record.incidents.models import Incident
from fugong.record.registry.enums import SizeClass


class RouteRuleQuerySet(models.QuerySet["RouteRule"]):
    def in_force_on(self, day: date) -> RouteRuleQuerySet:
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)


class RouteRule(models.Model):
    """Requests of a category from an area go to a body. An empty condition is always fulfilled.

    Of several that fit, the one with more conditions wins, then the nearer area, then the later one.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="route_rules")
    area = models.ForeignKey(Area, models.PROTECT, related_name="route_rules")
    category = models.TextField(_("category"), blank=True)
    size = models.TextField(_("size class"), blank=True)
    tag = models.TextField(_("tag"), blank=True)
    body = models.ForeignKey(Body, models.PROTECT, related_name="route_rules")
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = RouteRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("routing rule")
        verbose_name_plural = _("routing rules")
        ordering = ["category", "area__code", "pk"]
        constraints = [
            constraints.not_before(
                "route_period_in_order", "valid_from", "valid_to", _("A rule cannot end before it begins.")
            ),
            constraints.one_of(
                "route_size_known", "size", ["", *SizeClass.values], _("This size class does not exist.")
            ),
            constraints.unique(
                "route_once",
                "incident",
                "area",
                "category",
                "size",
                "tag",
                "valid_from",
                message=_("A rule for this exists from this day already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category or '*'} {self.area_id} -> {self.body_id}"


class ServiceHours(models.Model):
    """When a body answers on working days, from a day on; without a body, those of all that set none themselves."""

    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="service_hours")
    valid_from = models.DateField(_("valid from"))
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))
    source = models.TextField(_("source document"))

    class Meta:
        verbose_name = _("service hours")
        verbose_name_plural = _("service hours")
        ordering = ["body", "valid_from"]
        constraints = [
            constraints.check(
                "service_hours_in_order", Q(closes__gt=F("opens")), _("The service must close after it opens.")
            ),
            constraints.unique(
                "service_hours_once", "body", "valid_from", message=_("Hours are set from this day already.")
            ),
            constraints.unique(
                "service_hours_default_once",
                "valid_from",
                message=_("Hours are set from this day already."),
                while_=Q(body__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body_id or '*'} {self.opens:%H:%M}-{self.closes:%H:%M}"
