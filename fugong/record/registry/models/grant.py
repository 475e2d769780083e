from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.models import User
from fugong.core import constraints
from fugong.record.registry.enums import GrantCapacity
from fugong.record.registry.models.enterprise import Enterprise


class EnterpriseGrantQuerySet(models.QuerySet["EnterpriseGrant"]):
    def held_on(self, day: date) -> EnterpriseGrantQuerySet:
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)


class EnterpriseGrant(models.Model):
    """A person may act for an enterprise in a capacity, for a time (both days included)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="enterprise_grants")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="grants")
    capacity = models.TextField(_("capacity"), choices=GrantCapacity.choices)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    source = models.TextField(_("source"))
    given_by_name = models.TextField(_("given by"))

    objects = EnterpriseGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("enterprise grant")
        verbose_name_plural = _("enterprise grants")
        constraints = [
            constraints.one_of(
                "grant_capacity_known", "capacity", GrantCapacity.values, _("This capacity does not exist.")
            ),
            constraints.not_before(
                "grant_period_in_order", "valid_from", "valid_to", _("A grant cannot end before it begins.")
            ),
            constraints.unique(
                "grant_once_while_open",
                "user",
                "enterprise",
                "capacity",
                message=_("The person may act for this enterprise already."),
                while_=Q(valid_to__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.capacity} {self.enterprise_id}"
