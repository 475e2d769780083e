from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from fugong.command.headquarters.enums import StepKind
from fugong.command.headquarters.models.directive import Directive
from fugong.core import constraints


class DirectiveStep(models.Model):
    """One step of a directive; never changed. `evidence`: where it can be seen (a document, a number, an address)."""

    directive = models.ForeignKey(Directive, models.PROTECT, related_name="steps")
    at = models.DateTimeField(_("at"))
    kind = models.TextField(_("what happened"), choices=StepKind.choices)
    actor_id = models.BigIntegerField(_("account"), null=True)
    actor_name = models.TextField(_("who"))
    text = models.TextField(_("in words"), blank=True)
    evidence = models.TextField(_("evidence"), blank=True)

    class Meta:
        verbose_name = _("step of a directive")
        verbose_name_plural = _("steps of a directive")
        ordering = ["at", "pk"]
        constraints = [
            constraints.one_of("directive_step_known", "kind", StepKind.values, _("This step does not exist."))
        ]
        indexes = [models.Index(fields=["directive", "at", "id"], name="step_by_directive")]

    def __str__(self) -> str:
        return f"{self.directive_id} {self.kind}"
