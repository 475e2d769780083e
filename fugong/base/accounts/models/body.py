from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.enums import MANDATE_ROLES, BodyKind
from fugong.base.accounts.models.user import User
from fugong.base.areas.models import Area
from fugong.core import constraints


class Body(models.Model):
    """A bureau, headquarters, working group, service team, township or village."""

    name = models.TextField(_("name"))
    short_name = models.TextField(_("short name"), blank=True)
    kind = models.TextField(_("kind"), choices=BodyKind.choices)
    area = models.ForeignKey(Area, models.PROTECT, related_name="bodies")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        ordering = ["area__code", "name"]
        constraints = [
            constraints.unique("body_name_once_per_area", "area", "name", message=_("This body exists already.")),
            constraints.one_of("body_kind_known", "kind", BodyKind.values, _("This kind of body does not exist.")),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name


class MandateQuerySet(models.QuerySet["Mandate"]):
    def held_on(self, day: date) -> MandateQuerySet:
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)


class Mandate(models.Model):
    """A person holds a role in a body, within an area, for a time (both days included)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="mandates")
    body = models.ForeignKey(Body, models.PROTECT, related_name="mandates")
    role = models.TextField(_("role"), choices=MANDATE_ROLES)
    area = models.ForeignKey(Area, models.PROTECT, related_name="mandates")
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        ordering = ["user", "valid_from"]
        constraints = [
            constraints.one_of(
                "mandate_role_known",
                "role",
                [role for role, _label in MANDATE_ROLES],
                _("This role is not given by a mandate."),
            ),
            constraints.not_before(
                "mandate_period_in_order", "valid_from", "valid_to", _("A mandate cannot end before it begins.")
            ),
            constraints.unique(
                "mandate_once",
                "user",
                "body",
                "role",
                "area",
                "valid_from",
                message=_("The person holds this mandate already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"
