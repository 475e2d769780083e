from __future__ import annotations

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.models import User
from fugong.base.areas.models import Area
from fugong.core import constraints
from fugong.record.incidents.models import Incident, PlaybookVersion
from fugong.record.registry.models import Enterprise
from fugong.record.reporting.enums import Channel, CorrectionReason, Means, ReportState
from fugong.record.reporting.logic.checks import ReportValues


class DailyReport(models.Model):
    """What an enterprise says of one day in one incident: the values as they stand now.

    `managing_area` is the one of that day and never follows a later move. `roster` and `on_post` are people,
    `capacity` per cent of normal capacity (may exceed 100), `supply_days` days of protective supplies left.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="reports")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="reports")
    day = models.DateField(_("day"))
    managing_area = models.ForeignKey(Area, models.PROTECT, related_name="reports")
    playbook_version = models.ForeignKey(PlaybookVersion, models.PROTECT, related_name="reports")
    state = models.TextField(_("state"), choices=ReportState.choices)
    closed_reason = models.TextField(_("reason for being closed"), blank=True)
    roster = models.IntegerField(_("people on the roster"))
    on_post = models.IntegerField(_("people on post"))
    capacity = models.DecimalField(_("capacity used"), max_digits=5, decimal_places=1, null=True, blank=True)
    obstacles = ArrayField(models.TextField(), verbose_name=_("obstacles"), default=list, blank=True)
    supply_days = models.DecimalField(_("days of supplies"), max_digits=5, decimal_places=1, null=True, blank=True)
    remark = models.TextField(_("remark"), blank=True)
    extra = models.JSONField(_("further items"), default=dict, blank=True)
    warning_reason = models.TextField(_("reason for the unusual"), blank=True)
    channel = models.TextField(_("channel"), choices=Channel.choices)
    reported_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="reports")
    reported_by_name = models.TextField(_("reported by"))
    submitted_at = models.DateTimeField(_("received at"))
    seconds_taken = models.IntegerField(_("seconds taken"), null=True, blank=True)
    client_key = models.UUIDField(_("key made by the device"), null=True, blank=True)
    revision = models.IntegerField(_("revision"), default=1)
    # By the database, so that a bulk import need not name them.
    is_late = models.BooleanField(_("late"), default=False, db_default=False)
    # A code of `CorrectionReason`; empty while nothing was corrected, and for corrections within the time.
    correction_reason = models.TextField(_("reason for the correction"), blank=True, default="", db_default="")
    # On behalf: how the official learnt it (a code of `Means`), and from whom.
    means = models.TextField(_("means"), blank=True, default="", db_default="")
    told_by = models.TextField(_("told by"), blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("daily report")
        verbose_name_plural = _("daily reports")
        ordering = ["-day", "pk"]
        constraints = [
            constraints.unique(
                "report_once_per_day", "incident", "enterprise", "day", message=_("This day is reported already.")
            ),
            constraints.one_of("report_state_known", "state", ReportState.values, _("This state does not exist.")),
            constraints.one_of("report_channel_known", "channel", Channel.values, _("This channel does not exist.")),
            constraints.check(
                "report_closed_needs_reason",
                ~Q(state=ReportState.CLOSED) | ~Q(closed_reason=""),
                _("Say why the enterprise is closed."),
            ),
            constraints.check("report_roster_not_negative", Q(roster__gte=0), _("The roster cannot be negative.")),
            constraints.check("report_on_post_not_negative", Q(on_post__gte=0), _("People cannot be negative.")),
            constraints.check(
                "report_on_post_within_roster",
                Q(on_post__lte=F("roster")),
                _("More people on post than on the roster. Lower it, or change the roster first."),
            ),
            constraints.within(
                "report_capacity_plausible", "capacity", 0, 1000, _("Capacity used is between 0 and 1,000 per cent.")
            ),
            constraints.check(
                "report_supply_days_not_negative",
                Q(supply_days__isnull=True) | Q(supply_days__gte=Decimal(0)),
                _("Days of supplies cannot be negative."),
            ),
            constraints.one_of(
                "report_correction_reason_known",
                "correction_reason",
                ["", *CorrectionReason.values],
                _("This reason does not exist."),
            ),
            constraints.one_of("report_means_known", "means", ["", *Means.values], _("This means does not exist.")),
            constraints.check("report_revision_positive", Q(revision__gte=1), _("Revisions count from 1.")),
        ]
        indexes = [models.Index(fields=["incident", "day", "managing_area"], name="report_by_day_and_area")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.day}"

    def said(self) -> ReportValues:
        """What the report says, as the checks and the form read it."""
        return ReportValues(
            state=self.state,
            closed_reason=self.closed_reason,
            roster=self.roster,
            on_post=self.on_post,
            capacity=self.capacity,
            obstacles=tuple(self.obstacles),
            supply_days=self.supply_days,
            remark=self.remark,
            extra=self.extra,
        )


class SupersededReport(models.Model):
    """The values of a report as they stood until a correction: nothing that was said is lost."""

    report = models.ForeignKey(DailyReport, models.PROTECT, related_name="superseded")
    revision = models.IntegerField(_("revision"))
    values = models.JSONField(_("values"))
    channel = models.TextField(_("channel"), choices=Channel.choices)
    reported_by_id = models.BigIntegerField(_("account"), null=True)
    reported_by_name = models.TextField(_("reported by"))
    submitted_at = models.DateTimeField(_("received at"))
    # It came after what stands and gave way to it: the enterprise's own word goes before one entered on its behalf.
    was_set_aside = models.BooleanField(_("set aside"), default=False, db_default=False)

    class Meta:
        verbose_name = _("superseded report")
        verbose_name_plural = _("superseded reports")
        ordering = ["report", "revision"]
        constraints = [
            constraints.unique(
                "superseded_once", "report", "revision", message=_("This revision is in the history already.")
            ),
            constraints.one_of(
                "superseded_channel_known", "channel", Channel.values, _("This channel does not exist.")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} r{self.revision}"
