from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.models import User
from fugong.core import constraints


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def open_on(self, day: date) -> AbsenceQuerySet:
        """Those that last on the day or will, unless taken back."""
        return self.filter(revoked_at__isnull=True, last_on__gte=day)


class Absence(models.Model):
    """An officer is away from `first_on` to `last_on`, both included; `acting` has all of theirs meanwhile."""

    user = models.ForeignKey(User, models.PROTECT, related_name="absences", verbose_name=_("officer"))
    acting = models.ForeignKey(User, models.PROTECT, related_name="acting_absences", verbose_name=_("acting officer"))
    first_on = models.DateField(_("first day away"))
    last_on = models.DateField(_("last day away"))
    reason = models.TextField(_("reason"), blank=True)
    entered_by_name = models.TextField(_("entered by"))
    entered_at = models.DateTimeField(_("entered at"))
    revoked_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    revoked_by_name = models.TextField(_("taken back by"), blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["-first_on", "-pk"]
        indexes = [models.Index(fields=["user", "last_on"], name="absence_by_user")]
        constraints = [
            constraints.not_before(
                "absence_in_order", "first_on", "last_on", _("An absence cannot end before it begins.")
            ),
            constraints.check("absence_another_acts", ~Q(user=F("acting")), _("Somebody else acts for who is away.")),
            constraints.unique(
                "absence_once",
                "user",
                "first_on",
                message=_("An absence from this day on is entered already."),
                while_=Q(revoked_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.first_on}..{self.last_on}"
