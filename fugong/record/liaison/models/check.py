from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from fugong.base.questionnaires.models import Form, Response
from fugong.core import constraints
from fugong.record.incidents.models import Incident
from fugong.record.liaison.models.visit import Visit
from fugong.record.registry.models import Enterprise


class VisitCheck(models.Model):
    """A checklist that was filled in during a visit. What counts of a form is the last time it was filled in."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="checks")
    response = models.OneToOneField(Response, models.PROTECT, related_name="visit_check")
    form = models.ForeignKey(Form, models.PROTECT, related_name="visit_checks")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="visit_checks")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="visit_checks")
    happened_at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("checklist of a visit")
        verbose_name_plural = _("checklists of visits")
        ordering = ["-happened_at", "-pk"]
        indexes = [models.Index(fields=["enterprise", "form", "-happened_at"], name="visit_check_by_enterprise")]
        constraints = [
            constraints.unique("visit_check_once", "visit", "form", message=_("This visit has filled it in already.")),
        ]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.form_id}"
