"""A form that somebody has begun to fill in and not sent."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.models import User
from fugong.core import constraints
from fugong.record.incidents.models import Incident
from fugong.record.registry.models import Enterprise


class ReportDraft(models.Model):
    """The fields of one person's form for an enterprise's day, as they stand in it: unchecked, counted nowhere.

    `fields`: name of the field → its texts, of the screen that one incident leads. It goes when the report is sent,
    or with its account; what is forgotten goes after a week.
    """

    person = models.ForeignKey(User, models.CASCADE, related_name="report_drafts")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="report_drafts")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="report_drafts")
    day = models.DateField(_("day"))
    fields = models.JSONField(_("fields"))
    saved_at = models.DateTimeField(_("saved at"))

    class Meta:
        verbose_name = _("report begun")
        verbose_name_plural = _("reports begun")
        ordering = ["-saved_at", "pk"]
        constraints = [
            constraints.unique(
                "report_draft_once",
                "person",
                "enterprise",
                "incident",
                "day",
                message=_("This report is begun already."),
            ),
            constraints.check("report_draft_holds_something", ~Q(fields={}), _("An empty form is not kept.")),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.enterprise_id} {self.day}"
