from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.models import User
from fugong.core import constraints
from fugong.record.registry.enums import ExportState


class LongExport(models.Model):
    """A workbook that a job writes: who asked, in which language, how far it is, where it lies."""

    state = models.TextField(_("state"), choices=ExportState.choices, default=ExportState.WAITING)
    language = models.TextField(_("language"))
    expected = models.PositiveIntegerField(_("rows expected"))
    written = models.PositiveIntegerField(_("rows written"), default=0)
    asked_at = models.DateTimeField(_("asked for at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"

    @property
    def is_at_work(self) -> bool:
        return self.state in (ExportState.WAITING, ExportState.WRITING)


class ExportRun(LongExport):
    """A list too long to be written while somebody waits: what was asked for.

    `wanted` is the filter (logic.list_filter) as JSON, `day` the day it is read for, `language` that of the sheet.
    `phones_for`: why phone numbers are taken along in full; "": they are masked.
    """

    actor = models.ForeignKey(User, models.PROTECT, related_name="enterprise_exports")
    wanted = models.JSONField(_("filter"), default=dict)
    day = models.DateField(_("day"))
    phones_for = models.TextField(_("reason for phone numbers"), blank=True)
    expected_more = models.BooleanField(_("more rows than expected"), default=False)

    class Meta:
        verbose_name = _("export of enterprises")
        verbose_name_plural = _("exports of enterprises")
        ordering = ["-pk"]
        constraints = [
            constraints.one_of(
                "export_state_known", "state", ExportState.values, _("This state of an export does not exist.")
            ),
            constraints.check(
                "export_finished_is_dated",
                Q(state__in=[ExportState.WAITING, ExportState.WRITING]) | Q(finished_at__isnull=False),
                _("An export that has ended needs the time at which it did."),
            ),
        ]

    @property
    def file_name(self) -> str:
        """Where the workbook lies among the kept files."""
        return f"exports/{self.pk}.xlsx"
