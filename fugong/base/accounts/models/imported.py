from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.models.body import Mandate
from fugong.base.spreadsheets.models import ImportRun
from fugong.core import constraints


class ImportedMandate(models.Model):
    """A mandate that an import gave, and whether the person and the body were entered with it: what an undo removes."""

    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="+")
    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="imports")
    person_is_new = models.BooleanField(_("person entered"))
    body_is_new = models.BooleanField(_("body entered"))

    class Meta:
        verbose_name = _("imported mandate")
        verbose_name_plural = _("imported mandates")
        ordering = ["pk"]
        constraints = [
            constraints.unique("imported_mandate_once", "mandate", message=_("This mandate came with another import.")),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.mandate_id}"
