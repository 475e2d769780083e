from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from fugong.core import constraints


class PlaybookVersion(models.Model):
    """What a folder of TOML, CSV and XLSForm files said when it was loaded. Never changed: reports point at it."""

    code = models.SlugField(_("playbook"))
    version = models.TextField(_("version"))
    effective_from = models.DateField(_("effective from"))
    content = models.JSONField(_("content"))
    digest = models.TextField(_("SHA-256 of the files"))
    loaded_at = models.DateTimeField(_("loaded at"))

    class Meta:
        verbose_name = _("playbook version")
        verbose_name_plural = _("playbook versions")
        ordering = ["code", "effective_from"]
        constraints = [
            constraints.unique(
                "playbook_version_once", "code", "version", message=_("This version is loaded already.")
            ),
            constraints.unique(
                "playbook_one_version_per_day",
                "code",
                "effective_from",
                message=_("Another version of this playbook takes effect on the same day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"
