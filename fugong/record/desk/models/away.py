from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.models import User
from fugong.core import constraints


class AwayQuerySet(models.QuerySet["Away"]):
    def on(self, day: date) -> AwayQuerySet:
        """Those that cover a day."""
        return self.filter(first_day__lte=day, last_day__gte=day)


class Away(models.Model):
    """A person is away from the desk for these days (both included): open requests are handed over by themselves."""

    user = models.ForeignKey(User, models.PROTECT, related_name="desk_absences")
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    noted_by_name = models.TextField(_("noted by"))

    objects = AwayQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["first_day", "pk"]
        constraints = [
            constraints.not_before(
                "desk_absence_in_order", "first_day", "last_day", _("An absence cannot end before it begins.")
            ),
            constraints.unique(
                "desk_absence_once", "user", "first_day", message=_("An absence from this day is noted already.")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.first_day}"
