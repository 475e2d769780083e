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
from fugong.record.registry.models import LongExport


class DayExport(LongExport):
    """A workbook of an area's day."""

    actor = models.ForeignKey(User, models.PROTECT, related_name="day_exports")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="day_exports")
    area = models.ForeignKey(Area, models.PROTECT, related_name="day_exports")
    day = models.DateField(_("day"))

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

    @property
    def file_name(self) -> str:
        """Where the workbook lies among the kept files."""
        return f"exports/day-{self.pk}.xlsx"
