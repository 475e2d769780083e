from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.base.areas.models import Area
from fugong.core import constraints
from fugong.record.incidents.models.incident import Incident


class AreaRisk(models.Model):
    """The risk level of an area in an incident, from a day on until the next one of the same area.

    `level` is a code of the playbook's section `risk`; an empty one ends the area's own level, so that it follows the
    area above again.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="area_risks")
    area = models.ForeignKey(Area, models.PROTECT, related_name="risks")
    level = models.TextField(_("risk level"), blank=True)
    valid_from = models.DateField(_("valid from"))
    source = models.TextField(_("source document"))
    decided_by_name = models.TextField(_("decided by"))
    entered_by_name = models.TextField(_("entered by"))
    entered_at = models.DateTimeField(_("entered at"))

    class Meta:
        verbose_name = _("risk level of an area")
        verbose_name_plural = _("risk levels of areas")
        ordering = ["area", "-valid_from"]
        constraints = [
            constraints.unique(
                "area_risk_once_a_day",
                "incident",
                "area",
                "valid_from",
                message=_("The area has a level from this day already."),
            ),
            constraints.check("area_risk_has_source", ~Q(source=""), _("Name the document that sets the level.")),
            constraints.check("area_risk_has_decider", ~Q(decided_by_name=""), _("Name who decided on the level.")),
        ]
        indexes = [models.Index(fields=["incident", "valid_from"], name="area_risk_by_day")]

    def __str__(self) -> str:
        return f"{self.area_id} {self.level} {self.valid_from}"
