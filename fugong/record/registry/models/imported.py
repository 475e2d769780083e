from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from fugong.base.spreadsheets.models import ImportRun
from fugong.core import constraints


class ImportedEnterprise(models.Model):
    """What an import did to one enterprise.

    `before`: its columns as they were, empty once the import can no longer be undone; None for one that the import
    entered. The enterprise by value, for undoing removes it.
    """

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="touched_enterprises")
    enterprise_pk = models.BigIntegerField(_("enterprise"))
    before = models.JSONField(_("before"), null=True)

    class Meta:
        verbose_name = _("imported enterprise")
        verbose_name_plural = _("imported enterprises")
        ordering = ["pk"]
        indexes = [models.Index(fields=["enterprise_pk"], name="imported_enterprise")]
        constraints = [
            constraints.unique(
                "imported_enterprise_once",
                "run",
                "enterprise_pk",
                message=_("This import touched the enterprise already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.enterprise_pk}"
