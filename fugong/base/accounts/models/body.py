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
        """Not those taken away: from `revoked_on` on a mandate no longer holds, whatever its last day was to be."""
        standing = Q(revoked_on__isnull=True) | Q(revoked_on__gt=day)
        return self.filter(standing, Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)

    def open_on(self, day: date) -> MandateQuerySet:
        """Those that hold on the day or will."""
        standing = Q(revoked_on__isnull=True) | Q(revoked_on__gt=day)
        return self.filter(standing, Q(valid_to__isnull=True) | Q(valid_to__gte=day))


class Mandate(models.Model):
    """A person holds a role in a body, within an area, for a time (both days included).

    `deputy_for`: it repeats another person's mandate while that person is away. `revoked_on`: the day from which it
    was taken away. `given_by_name`: by value, as in the trail.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="mandates")
    body = models.ForeignKey(Body, models.PROTECT, related_name="mandates")
    role = models.TextField(_("role"), choices=MANDATE_ROLES)
    area = models.ForeignKey(Area, models.PROTECT, related_name="mandates")
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    deputy_for = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="deputies")
    revoked_on = models.DateField(_("taken away on"), null=True, blank=True)
    given_by_name = models.TextField(_("given by"), blank=True)

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
                while_=Q(revoked_on__isnull=True),
            ),
            constraints.check(
                "mandate_deputy_for_a_time",
                Q(deputy_for__isnull=True) | Q(valid_to__isnull=False),
                _("A deputy acts for a time: give the last day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"
