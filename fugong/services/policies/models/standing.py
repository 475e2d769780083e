from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.core import constraints
from fugong.record.registry.models import Enterprise
from fugong.services.policies.enums import Verdict
from fugong.services.policies.models.measure import MeasureVersion


class Standing(models.Model):
    """How an enterprise stands to a published version: a step of the funnel each.

    `excluding` is the number of the first condition that says no. `told_at`: when it was told that it is entitled,
    once; `opened_at`: when somebody of it first read the measure.
    """

    version = models.ForeignKey(MeasureVersion, models.PROTECT, related_name="standings")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="policy_standings")
    verdict = models.TextField(_("answer"), choices=Verdict.choices)
    amount = models.DecimalField(_("amount"), max_digits=40, decimal_places=2, null=True, blank=True)
    excluding = models.SmallIntegerField(_("condition that says no"), null=True, blank=True)
    matched_at = models.DateTimeField(_("matched at"))
    told_at = models.DateTimeField(_("told at"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)

    class Meta:
        verbose_name = _("standing to a measure")
        verbose_name_plural = _("standings to measures")
        ordering = ["version", "enterprise"]
        constraints = [
            constraints.unique(
                "standing_once", "version", "enterprise", message=_("This enterprise is matched already.")
            ),
            constraints.one_of("standing_verdict_known", "verdict", Verdict.values, _("This answer does not exist.")),
            constraints.check(
                "standing_amount_not_negative",
                Q(amount__isnull=True) | Q(amount__gte=Decimal(0)),
                _("An amount cannot be negative."),
            ),
            constraints.check(
                "standing_amount_of_entitled",
                Q(amount__isnull=True) | Q(verdict=Verdict.YES),
                _("Only an entitled enterprise has an amount."),
            ),
        ]
        indexes = [models.Index(fields=["enterprise", "verdict"], name="standing_by_enterprise")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.enterprise_id} {self.verdict}"
