from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.core import constraints
from fugong.record.registry.models import Enterprise

_STANDS = Q(withdrawn_at__isnull=True)


class EnterpriseAnswer(models.Model):
    """What an enterprise answered to a question of a rule: asked once, known to every measure.

    `fact` and `value` by logic/facts.py. An answer holds from `valid_from` until a later one; one that was changed on
    its day stays, with the time it was withdrawn.
    """

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="policy_answers")
    fact = models.TextField(_("fact"))
    value = models.TextField(_("value"))
    valid_from = models.DateField(_("valid from"))
    source = models.TextField(_("source"))
    answered_by_name = models.TextField(_("answered by"))
    answered_at = models.DateTimeField(_("answered at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("answer of an enterprise")
        verbose_name_plural = _("answers of enterprises")
        ordering = ["enterprise", "fact", "-valid_from", "-pk"]
        constraints = [
            constraints.unique(
                "policy_answer_once_a_day",
                "enterprise",
                "fact",
                "valid_from",
                message=_("This question is answered for this day already."),
                while_=_STANDS,
            ),
            constraints.check("policy_answer_said", ~Q(value=""), _("An answer needs a value.")),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.fact} {self.value}"
