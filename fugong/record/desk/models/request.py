from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.models import Body, User
from fugong.base.areas.models import Area
from fugong.base.spreadsheets.models import ImportRun
from fugong.core import clock, constraints
from fugong.core.viewer import Viewer
from fugong.record.desk.enums import OPEN, RUNNING, Channel, Promise, Reminder, RequestEnd, RequestState
from fugong.record.desk.logic.clock import Due
from fugong.record.desk.models.root import RootProblem
from fugong.record.incidents.models import Incident, PlaybookVersion
from fugong.record.registry.enums import GrantCapacity
from fugong.record.registry.models import Enterprise
from fugong.record.registry.models.search import words_of


class RoundPromises(Protocol):
    """When the promises of a round fall due."""

    @property
    def contact(self) -> Due: ...
    @property
    def plan(self) -> Due: ...
    @property
    def close(self) -> Due: ...
    @property
    def is_provisional(self) -> bool: ...
    @property
    def risk_at(self) -> datetime: ...


class DayCount(models.Model):
    """How many requests a day has had: the number of the next one, without gaps or doubles under concurrency."""

    day = models.DateField(_("day"), unique=True)
    count = models.IntegerField(_("requests"), default=0)

    class Meta:
        verbose_name = _("requests of a day")
        verbose_name_plural = _("requests of days")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.count}"


class RequestQuerySet(models.QuerySet["Request"]):
    def open(self) -> RequestQuerySet:
        return self.filter(state__in=OPEN)

    def running(self) -> RequestQuerySet:
        """Those whose clock may run: nobody has answered yet."""
        return self.filter(state__in=RUNNING)

    def managed_within(self, viewer: Viewer) -> RequestQuerySet:
        """Those in the areas of the viewer's mandates."""
        return self if viewer.covers_root else self.filter(managing_area_id__in=viewer.area_ids)

    def granted_to(self, viewer: Viewer) -> RequestQuerySet:
        """Those of the enterprises that the viewer reports for."""
        return self.filter(enterprise_id__in=viewer.enterprises(GrantCapacity.REPORTER))


class Request(models.Model):
    """Something an enterprise asks for. `owner_body` has the duty until another body has accepted it.

    `people_waiting` is how many people it holds up. `next_due_at` is the earliest promise not kept yet, put off by
    pauses; None while nothing runs. `remind_at`: when the right person is told next, of `remind_of`. `level` counts how
    often it went one level up. `watch_*`: the value of the daily report that must move, what it was and what it must
    reach. `import_run`: the file it came with.
    """

    number = models.TextField(_("number"), unique=True)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="requests")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="requests")
    managing_area = models.ForeignKey(Area, models.PROTECT, related_name="requests")
    playbook_version = models.ForeignKey(PlaybookVersion, models.PROTECT, related_name="requests")
    kind = models.TextField(_("kind"))
    category = models.TextField(_("category"))
    title = models.TextField(_("what is asked"))
    text = models.TextField(_("in the enterprise’s words"), blank=True)
    detail = models.JSONField(_("details"), default=dict, blank=True)
    people_waiting = models.IntegerField(_("people held up"), default=0)
    channel = models.TextField(_("channel"), choices=Channel.choices)
    obstacle = models.TextField(_("obstacle in the daily report"), blank=True)
    client_key = models.UUIDField(_("key made by the sender"), null=True, blank=True)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="asked_requests")
    asked_by_name = models.TextField(_("asked by"))
    opened_at = models.DateTimeField(_("opened at"))
    state = models.TextField(_("state"), choices=RequestState.choices, default=RequestState.RECEIVED)
    owner_body = models.ForeignKey(Body, models.PROTECT, related_name="owned_requests", verbose_name=_("body"))
    owner = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="owned_requests", verbose_name=_("person")
    )
    offered_to = models.ForeignKey(
        Body, models.PROTECT, null=True, blank=True, related_name="offered_requests", verbose_name=_("offered to")
    )
    level = models.IntegerField(_("levels it went up"), default=0)
    round_started_at = models.DateTimeField(_("clock started at"))
    contact_due_at = models.DateTimeField(_("first contact due"))
    plan_due_at = models.DateTimeField(_("plan due"))
    close_due_at = models.DateTimeField(_("answer due"))
    is_provisional = models.BooleanField(_("due times are provisional"), default=False)
    contacted_at = models.DateTimeField(_("contacted at"), null=True, blank=True)
    planned_at = models.DateTimeField(_("plan made at"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    next_due_at = models.DateTimeField(_("next due"), null=True, blank=True)
    remind_at = models.DateTimeField(_("somebody is told at"), null=True, blank=True)
    remind_of = models.TextField(_("told of"), choices=Reminder.choices, blank=True)
    escalated_for = models.TextField(_("promise it went up for"), blank=True)
    green_reason = models.TextField(_("green channel because"), blank=True)
    end = models.TextField(_("how it ended"), choices=RequestEnd.choices, blank=True)
    end_note = models.TextField(_("in words"), blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    duplicate_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="duplicates")
    root = models.ForeignKey(RootProblem, models.PROTECT, null=True, blank=True, related_name="requests")
    watch_metric = models.TextField(_("value that must move"), blank=True)
    watch_baseline = models.DecimalField(_("its value then"), max_digits=12, decimal_places=1, null=True, blank=True)
    watch_target = models.DecimalField(_("value to reach"), max_digits=12, decimal_places=1, null=True, blank=True)
    watch_from = models.DateField(_("watched from"), null=True, blank=True)
    watch_until = models.DateField(_("watched until"), null=True, blank=True)
    import_run = models.ForeignKey(ImportRun, models.PROTECT, null=True, blank=True, related_name="+")
    reopened = models.IntegerField(_("times opened again"), default=0)

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            constraints.one_of("request_state_known", "state", RequestState.values, _("This state does not exist.")),
            constraints.one_of("request_channel_known", "channel", Channel.values, _("This channel does not exist.")),
            constraints.check(
                "request_end_known", Q(end="") | Q(end__in=RequestEnd.values), _("This end does not exist.")
            ),
            constraints.check("request_has_title", ~Q(title=""), _("Say in a few words what is asked.")),
            constraints.check(
                "request_ended_says_how",
                Q(state=RequestState.ENDED, ended_at__isnull=False) & ~Q(end="")
                | ~Q(state=RequestState.ENDED) & Q(ended_at__isnull=True, end=""),
                _("A request that ended says how and when."),
            ),
            constraints.check(
                "request_duplicate_names_the_other",
                Q(end=RequestEnd.DUPLICATE, duplicate_of__isnull=False)
                | ~Q(end=RequestEnd.DUPLICATE) & Q(duplicate_of__isnull=True),
                _("Name the request that this one repeats."),
            ),
            constraints.check(
                "request_not_its_own_duplicate",
                Q(duplicate_of__isnull=True) | ~Q(duplicate_of=F("pk")),
                _("A request cannot repeat itself."),
            ),
            constraints.check(
                "request_end_in_words",
                ~Q(end__in=[RequestEnd.NO_HELP, RequestEnd.ELSEWHERE]) | ~Q(end_note=""),
                _("Say why no help exists, or whose it is."),
            ),
            constraints.check("request_people_not_negative", Q(people_waiting__gte=0), _("People cannot be negative.")),
            constraints.check(
                "request_watch_whole",
                Q(watch_metric="", watch_target__isnull=True)
                | ~Q(watch_metric="") & Q(watch_target__isnull=False, watch_baseline__isnull=False),
                _("What is watched needs a value to start from and one to reach."),
            ),
            constraints.check(
                "request_watching_has_days",
                ~Q(state=RequestState.WATCHING) | Q(watch_from__isnull=False, watch_until__isnull=False),
                _("What is watched needs its days."),
            ),
            constraints.check(
                "request_reminder_known",
                Q(remind_of="") | Q(remind_of__in=Reminder.values),
                _("This reminder does not exist."),
            ),
            constraints.check(
                "request_reminder_whole",
                Q(remind_at__isnull=True, remind_of="") | Q(remind_at__isnull=False) & ~Q(remind_of=""),
                _("A reminder says when and of what."),
            ),
            # One obstacle, one open request: ticked again, it is recognised.
            constraints.unique(
                "request_once_per_obstacle",
                "incident",
                "enterprise",
                "obstacle",
                message=_("This obstacle has an open request already."),
                while_=~Q(obstacle="") & Q(state__in=OPEN),
            ),
            constraints.unique(
                "request_once_per_key",
                "enterprise",
                "client_key",
                message=_("This request was sent already."),
                while_=Q(client_key__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["owner_body", "next_due_at", "id"], name="request_queue", condition=Q(state__in=OPEN)),
            models.Index(fields=["incident", "next_due_at", "id"], name="request_all", condition=Q(state__in=OPEN)),
            models.Index(fields=["offered_to"], name="request_offered", condition=Q(offered_to__isnull=False)),
            models.Index(fields=["next_due_at", "id"], name="request_due", condition=Q(next_due_at__isnull=False)),
            models.Index(fields=["remind_at"], name="request_reminder", condition=Q(remind_at__isnull=False)),
            models.Index(fields=["import_run"], name="request_of_import", condition=Q(import_run__isnull=False)),
            models.Index(fields=["incident", "managing_area", "opened_at"], name="request_by_area"),
            models.Index(fields=["enterprise", "-opened_at"], name="request_by_enterprise"),
            GinIndex(words_of("title"), name="request_words", condition=Q(state__in=OPEN)),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def begin_round(self, start: datetime, promises: RoundPromises) -> None:
        """Set the promises anew: at opening, when it comes back, when the green channel opens."""
        self.round_started_at = start
        self.contact_due_at, self.plan_due_at = promises.contact.at, promises.plan.at
        self.close_due_at = promises.close.at
        self.is_provisional = promises.is_provisional
        self.escalated_for = ""
        self.next_due_at = self.first_due()
        self.remind_at, self.remind_of = promises.risk_at, Reminder.AT_RISK

    def first_due(self) -> datetime:
        """The earliest promise that is not kept yet."""
        kept = {Promise.CONTACT: self.contacted_at, Promise.PLAN: self.planned_at}
        dues = {Promise.CONTACT: self.contact_due_at, Promise.PLAN: self.plan_due_at, Promise.CLOSE: self.close_due_at}
        return min(due for promise, due in dues.items() if kept.get(promise) is None)

    @property
    def is_open(self) -> bool:
        return self.state != RequestState.ENDED

    @property
    def opened_on(self) -> date:
        return clock.day_of(self.opened_at)

    @property
    def next_promise(self) -> str:
        """The promise that `next_due_at` is about."""
        if self.contacted_at is None and self.contact_due_at == self.next_due_at:
            return Promise.CONTACT
        if self.planned_at is None and self.plan_due_at == self.next_due_at:
            return Promise.PLAN
        return Promise.CLOSE

    def broken_promise(self, now: datetime) -> str:
        """The gravest promise that is broken; "" while none is, or while no clock runs."""
        if self.next_due_at is None or self.next_due_at >= now:
            return ""
        if self.close_due_at < now:
            return Promise.CLOSE
        return Promise.PLAN if self.planned_at is None and self.plan_due_at < now else Promise.CONTACT
