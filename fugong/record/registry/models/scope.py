from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.core import constraints
from fugong.record.registry.models.enterprise import Enterprise


class ScopeDecisionQuerySet(models.QuerySet["ScopeDecision"]):
    def in_force_on(self, day: date) -> ScopeDecisionQuerySet:
        until = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        return self.filter(until, valid_from__lte=day, revoked_at__isnull=True)


class ScopeDecision(models.Model):
    """Somebody decided that an enterprise is not counted, for a time (both days included), and why.

    `reason` is a code of `data/scope_reasons.csv`. A decision that is taken back as a whole is revoked, not deleted.
    """

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="scope_decisions")
    reason = models.TextField(_("reason"))
    note = models.TextField(_("note"), blank=True)
    valid_from = models.DateField(_("not counted from"))
    valid_to = models.DateField(_("not counted up to"), null=True, blank=True)
    decided_by_name = models.TextField(_("decided by"))
    decided_at = models.DateTimeField(_("decided at"))
    ended_by_name = models.TextField(_("ended by"), blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("taken back at"), null=True, blank=True)

    objects = ScopeDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision on scope")
        verbose_name_plural = _("decisions on scope")
        ordering = ["enterprise", "-valid_from", "-pk"]
        constraints = [
            constraints.check("scope_reason_given", ~Q(reason=""), _("Say why the enterprise is not counted.")),
            constraints.check(
                "scope_other_reason_has_note",
                ~Q(reason="other") | ~Q(note=""),
                _("“Other” says nothing by itself: write the reason as a note."),
            ),
            constraints.not_before(
                "scope_period_in_order", "valid_from", "valid_to", _("A decision cannot end before it begins.")
            ),
            constraints.unique(
                "scope_open_once",
                "enterprise",
                message=_("The enterprise is not counted already; include it again first."),
                while_=Q(valid_to__isnull=True, revoked_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.reason} {self.valid_from}"
