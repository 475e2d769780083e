from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.models import Body, User
from fugong.base.areas.models import Area
from fugong.command.headquarters.enums import Place
from fugong.core import constraints
from fugong.record.incidents.models import Incident


class IncidentBody(models.Model):
    """A body serves an incident: as headquarters of an area, as its office, or as the group `code` of the playbook."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="bodies")
    area = models.ForeignKey(Area, models.PROTECT, related_name="incident_bodies")
    body = models.ForeignKey(Body, models.PROTECT, related_name="incident_places")
    place = models.TextField(_("place"), choices=Place.choices)
    code = models.TextField(_("group"), blank=True)
    order = models.IntegerField(_("order"))
    set_up_at = models.DateTimeField(_("set up at"))

    class Meta:
        verbose_name = _("body of an incident")
        verbose_name_plural = _("bodies of an incident")
        ordering = ["area__path", "order"]
        constraints = [
            constraints.one_of("incident_body_place_known", "place", Place.values, _("This place does not exist.")),
            constraints.unique(
                "incident_body_once", "incident", "body", message=_("This body serves the incident already.")
            ),
            constraints.unique(
                "incident_body_one_of_a_place",
                "incident",
                "area",
                "place",
                "code",
                message=_("The area has such a body for this incident already."),
            ),
            constraints.check(
                "incident_body_group_has_code",
                Q(place=Place.GROUP) & ~Q(code="") | ~Q(place=Place.GROUP) & Q(code=""),
                _("A working group is named by its code in the playbook; headquarters and office have none."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.body_id}"


class DutyShiftQuerySet(models.QuerySet["DutyShift"]):
    def at(self, moment: datetime) -> DutyShiftQuerySet:
        """Those that run at a moment: begun, and not over."""
        return self.filter(starts_at__lte=moment, ends_at__gt=moment)


class DutyShift(models.Model):
    """Somebody is on duty for a body of an incident from one moment until another."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="duty_shifts")
    body = models.ForeignKey(Body, models.PROTECT, related_name="duty_shifts")
    user = models.ForeignKey(User, models.PROTECT, related_name="duty_shifts")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    note = models.TextField(_("note"), blank=True)
    entered_by_name = models.TextField(_("entered by"))

    objects = DutyShiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duty roster")
        ordering = ["starts_at", "pk"]
        constraints = [
            constraints.check(
                "duty_in_order", Q(ends_at__gt=F("starts_at")), _("A duty ends after it begins. Give a later end.")
            ),
            constraints.unique(
                "duty_once", "incident", "body", "user", "starts_at", message=_("This duty is on the roster already.")
            ),
        ]
        indexes = [models.Index(fields=["incident", "ends_at"], name="duty_by_end")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.starts_at}"
