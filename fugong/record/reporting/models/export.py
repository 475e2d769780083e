"""The reports of a day, too many to be written while somebody waits."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.models import User
from fugong.base.areas.models import Area
from fugong.core import constraints
from fugong.record.incidents.models import Incident
from fugong.record.registry.enums import ExportState


class DayExport(models.Model):
    """A workbook of an area's day that a job writes: who asked, in which language, how far it is, where it lies."""

    state = models.TextField(_("state"), choices=ExportState.choices, default=ExportState.WAITING)
    actor = models.ForeignKey(User, models.PROTECT, related_name="day_exports")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="day_exports")
    area = models.ForeignKey(Area, models.PROTECT, related_name="day_exports")
    day = models.DateField(_("day"))
    language = models.TextField(_("language"))
    expected = models.PositiveIntegerField(_("rows expected"))
    written = models.PositiveIntegerField(_("rows written"), default=0)
    asked_at = models.DateTimeField(_("asked for at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("export of a day")
        verbose_name_plural = _("exports of days")
        ordering = ["-pk"]
        constraints = [
            constraints.one_of(
                "day_export_state_known", "state", ExportState.values, _("This state of an export does not exist.")
            ),
            constraints.check(
                "day_export_finished_is_dated",
                Q(state__in=[ExportState.WAITING, ExportState.WRITING]) | Q(finished_at__isnull=False),
                _("An export that has ended needs the time at which it did."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"

    @property
    def is_at_work(self) -> bool:
        return self.state in (ExportState.WAITING, ExportState.WRITING)

    @property
    def file_name(self) -> str:
        """Where the workbook lies among the kept files."""
        return f"exports/day-{self.pk}.xlsx"
