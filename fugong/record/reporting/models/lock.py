"""When a day's report is due, when the day is locked, and who may report all the same."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fugong.base.areas.models import Area
from fugong.core import constraints
from fugong.record.incidents.models import Incident
from fugong.record.registry.models import Enterprise
from fugong.record.reporting.enums import LockReason

_LONGEST_HOURS = 24 * 31
_LONGEST_QUIET = 24 * 7


class DueTime(models.Model):
    """By when an area reports in an incident, from a day on until its next row; areas beneath follow it.

    `due_time` is local time on the day reported. `expires_hours` after it the day is locked by itself; empty: never.
    Areas without any row follow the playbook's due time and never expire.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="due_times")
    area = models.ForeignKey(Area, models.PROTECT, related_name="due_times")
    valid_from = models.DateField(_("valid from"))
    due_time = models.TimeField(_("due at"))
    expires_hours = models.IntegerField(_("hours until the lock"), null=True, blank=True)
    # Hours after a reminder in which nobody is reminded again; empty: as the area above, at last four hours.
    quiet_hours = models.IntegerField(_("hours between reminders"), null=True, blank=True)
    source = models.TextField(_("source document"))
    decided_by_name = models.TextField(_("decided by"))
    decided_at = models.DateTimeField(_("decided at"))

    class Meta:
        verbose_name = _("due time")
        verbose_name_plural = _("due times")
        ordering = ["area", "-valid_from"]
        constraints = [
            constraints.unique(
                "due_time_once_a_day",
                "incident",
                "area",
                "valid_from",
                message=_("The area has a due time from this day already."),
            ),
            constraints.within(
                "due_time_expires_in_a_month",
                "expires_hours",
                0,
                _LONGEST_HOURS,
                _("The lock follows the due time by at most 744 hours (31 days)."),
            ),
            constraints.within(
                "due_time_quiet_in_a_week",
                "quiet_hours",
                1,
                _LONGEST_QUIET,
                _("Between two reminders lie 1 to 168 hours."),
            ),
            constraints.check("due_time_has_source", ~Q(source=""), _("Name the document that sets the time.")),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.due_time} {self.valid_from}"


class DayLock(models.Model):
    """A day locked for an area and everything beneath it. Never taken back: an exception opens it for a time."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="day_locks")
    area = models.ForeignKey(Area, models.PROTECT, related_name="day_locks")
    day = models.DateField(_("day"))
    reason = models.TextField(_("reason"), choices=LockReason.choices)
    note = models.TextField(_("note"), blank=True)
    locked_by_name = models.TextField(_("locked by"))
    locked_at = models.DateTimeField(_("locked at"))

    class Meta:
        verbose_name = _("locked day")
        verbose_name_plural = _("locked days")
        ordering = ["-day", "locked_at", "pk"]
        constraints = [
            constraints.unique(
                "day_lock_once", "incident", "day", "area", "reason", message=_("The day is locked for that already.")
            ),
            constraints.one_of("day_lock_reason_known", "reason", LockReason.values, _("This reason does not exist.")),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.day} {self.reason}"


class LockException(models.Model):
    """One enterprise, or one area, may report a locked or past day until a moment."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="lock_exceptions")
    day = models.DateField(_("day"))
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="lock_exceptions")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, blank=True, related_name="lock_exceptions")
    until = models.DateTimeField(_("open until"))
    reason = models.TextField(_("reason"))
    opened_by_name = models.TextField(_("opened by"))
    opened_at = models.DateTimeField(_("opened at"))

    class Meta:
        verbose_name = _("opened lock")
        verbose_name_plural = _("opened locks")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            constraints.check(
                "lock_exception_for_one",
                Q(area__isnull=True, enterprise__isnull=False) | Q(area__isnull=False, enterprise__isnull=True),
                _("Open the lock for an enterprise or for an area."),
            ),
            constraints.check(
                "lock_exception_ends_later", Q(until__gt=F("opened_at")), _("Choose an end in the future.")
            ),
            constraints.check("lock_exception_has_reason", ~Q(reason=""), _("Say why the lock is opened.")),
        ]
        indexes = [models.Index(fields=["incident", "day"], name="lock_exception_by_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.area_id or ''}{self.enterprise_id or ''} {self.until}"
