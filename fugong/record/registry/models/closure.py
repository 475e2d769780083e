from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.core import constraints
from fugong.record.registry.enums import ClosingReason
from fugong.record.registry.models.enterprise import Enterprise


class Closure(models.Model):
    """An enterprise was closed for good: since when, why, on what evidence; and, if it was, how it was reopened.

    Closed from `closed_on` on; in business again from `reopened_on` on, so that the days between stay closed days.
    """

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="closures")
    closed_on = models.DateField(_("closed on"))
    reason = models.TextField(_("reason"), choices=ClosingReason.choices)
    evidence = models.TextField(_("evidence"))
    decided_by_name = models.TextField(_("decided by"))
    decided_at = models.DateTimeField(_("decided at"))
    reopened_on = models.DateField(_("reopened on"), null=True, blank=True)
    reopened_because = models.TextField(_("reason for reopening"), blank=True)
    reopened_by_name = models.TextField(_("reopened by"), blank=True)

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering = ["enterprise", "closed_on", "pk"]
        constraints = [
            constraints.one_of(
                "closure_reason_known", "reason", ClosingReason.values, _("This reason for closing does not exist.")
            ),
            constraints.check("closure_has_evidence", ~Q(evidence=""), _("Say what shows that it is closed.")),
            constraints.not_before(
                "closure_in_order", "closed_on", "reopened_on", _("An enterprise cannot reopen before it is closed.")
            ),
            constraints.check(
                "closure_reopened_because",
                Q(reopened_on__isnull=True) | ~Q(reopened_because=""),
                _("Say why the enterprise is reopened."),
            ),
            constraints.unique(
                "closure_one_at_a_time",
                "enterprise",
                message=_("This enterprise is closed for good already."),
                while_=Q(reopened_on__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.closed_on}"
