from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.models import User
from fugong.base.attachments.models import Attachment
from fugong.core import clock, constraints
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.liaison.enums import Purpose, Way
from fugong.record.registry.enums import GrantCapacity
from fugong.record.registry.models import Enterprise


class VisitQuerySet(models.QuerySet["Visit"]):
    def managed_within(self, viewer: Viewer) -> VisitQuerySet:
        """Those at enterprises in the areas of the viewer's mandates."""
        return self if viewer.covers_root else self.filter(enterprise__managing_area_id__in=viewer.area_ids)

    def granted_to(self, viewer: Viewer) -> VisitQuerySet:
        """Those at the enterprises that the viewer looks after."""
        return self.filter(enterprise_id__in=viewer.enterprises(GrantCapacity.LIAISON_OFFICER))


class Visit(models.Model):
    """Somebody was at an enterprise or spoke with it by telephone; never changed afterwards.

    `happened_at`: as the phone says, corrected by how far its clock is off; `received_at`: when it came in.
    `seen_people`: counted or told on the spot; `reported_people`: on post in the enterprise's own report of that day,
    when it came in. `latitude`, `longitude` in degrees, only where the person allowed it. `client_key`: made on the
    phone, stored once.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="visits")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="visits")
    user = models.ForeignKey(User, models.PROTECT, related_name="visits")
    user_name = models.TextField(_("by"))
    way = models.TextField(_("how"), choices=Way.choices)
    purpose = models.TextField(_("purpose"), choices=Purpose.choices)
    happened_at = models.DateTimeField(_("when"))
    received_at = models.DateTimeField(_("received at"))
    spoke_with = models.TextField(_("spoke with"), blank=True)
    findings = models.TextField(_("what was found"), blank=True)
    seen_people = models.IntegerField(_("people seen at work"), null=True, blank=True)
    reported_people = models.IntegerField(_("people reported that day"), null=True, blank=True)
    contradicts = models.BooleanField(_("contradicts the report"), default=False)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    has_checks = models.BooleanField(_("with checklists"), default=False)
    client_key = models.UUIDField(_("key made by the device"))

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["-happened_at", "-pk"]
        indexes = [
            models.Index(fields=["enterprise", "-happened_at"], name="visit_by_enterprise"),
            models.Index(fields=["user", "-happened_at"], name="visit_by_user"),
        ]
        constraints = [
            constraints.one_of("visit_way_known", "way", Way.values, _("This way does not exist.")),
            constraints.one_of("visit_purpose_known", "purpose", Purpose.values, _("This purpose does not exist.")),
            constraints.unique("visit_once", "user", "client_key", message=_("This visit was received already.")),
            constraints.check(
                "visit_says_something",
                ~Q(findings="") | Q(seen_people__isnull=False) | Q(has_checks=True),
                _("Say what was found, how many people were seen, or fill a checklist in."),
            ),
            constraints.check(
                "visit_people_not_negative",
                Q(seen_people__isnull=True) | Q(seen_people__gte=0),
                _("People cannot be negative."),
            ),
            constraints.check(
                "visit_not_before_it_happened",
                Q(received_at__gte=F("happened_at")),
                _("A visit cannot have happened after it was received."),
            ),
            constraints.check(
                "visit_place_whole",
                Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__range=(Decimal(-90), Decimal(90)),
                    longitude__range=(Decimal(-180), Decimal(180)),
                ),
                _("A place needs latitude and longitude."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.happened_at:%Y-%m-%d %H:%M}"

    @property
    def was_late(self) -> bool:
        """It came in on a later day than it happened, as after a morning without a network."""
        return clock.day_of(self.received_at) - clock.day_of(self.happened_at) >= timedelta(days=1)


class VisitPhoto(models.Model):
    """A photo of a visit, taken by whoever was there. `client_key`: made on the phone, stored once."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="photos")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    client_key = models.UUIDField(_("key made by the device"))
    received_at = models.DateTimeField(_("received at"))

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["visit", "pk"]
        constraints = [
            constraints.unique(
                "visit_photo_once", "visit", "client_key", message=_("This photo was received already.")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.attachment_id}"


class PlannedVisit(models.Model):
    """A body wants to see an enterprise on a day. All see what all plan there, and join instead of coming twice."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="planned_visits")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="planned_visits")
    body_name = models.TextField(_("body"))
    planned_by = models.ForeignKey(User, models.PROTECT, related_name="planned_visits")
    planned_by_name = models.TextField(_("planned by"))
    day = models.DateField(_("day"))
    at = models.TimeField(_("at"), null=True, blank=True)
    purpose = models.TextField(_("purpose"))
    joins = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="joined")
    entered_at = models.DateTimeField(_("entered at"))
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)

    class Meta:
        verbose_name = _("planned visit")
        verbose_name_plural = _("planned visits")
        ordering = ["day", "at", "pk"]
        indexes = [models.Index(fields=["enterprise", "day"], name="planned_visit_by_enterprise")]
        constraints = [
            constraints.check("planned_visit_says_why", ~Q(purpose=""), _("Say what the visit is for.")),
            constraints.check(
                "planned_visit_joins_another",
                Q(joins__isnull=True) | ~Q(joins=F("pk")),
                _("A visit cannot join itself."),
            ),
            constraints.unique(
                "planned_visit_joined_once",
                "joins",
                "planned_by",
                message=_("You have joined this visit already."),
                while_=Q(cancelled_at__isnull=True, joins__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.day} {self.body_name}"
