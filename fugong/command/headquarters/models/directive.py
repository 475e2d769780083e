from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import reduce
from operator import or_

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.models import Body, User
from fugong.base.areas.models import Area
from fugong.command.headquarters.enums import OPEN, RUNNING, DirectiveState, Matter, Reminder
from fugong.command.headquarters.logic.lights import Lit, Times, light_of
from fugong.command.headquarters.models.meeting import AgendaItem
from fugong.core import constraints
from fugong.core.viewer import Viewer
from fugong.record.desk.models import Request
from fugong.record.incidents.models import Incident
from fugong.record.registry.models import Enterprise

_MATTERS = {
    Matter.ENTERPRISE: "enterprise",
    Matter.REQUEST: "request",
    Matter.AREA: "matter_area",
    Matter.FIGURE: "matter_area",
}


def _exactly_one() -> Q:
    """The columns of the matter that is meant are filled, all others are empty."""
    rows = []
    for matter in Matter:
        row = Q(matter=matter)
        for column in ("enterprise", "request", "matter_area"):
            row &= Q(**{f"{column}__isnull": _MATTERS.get(matter) != column})
        row &= Q(figure="") if matter != Matter.FIGURE else ~Q(figure="")
        row &= Q(target__isnull=matter != Matter.FIGURE)
        rows.append(row)
    return reduce(or_, rows)


class DirectiveQuerySet(models.QuerySet["Directive"]):
    def open(self) -> DirectiveQuerySet:
        return self.filter(state__in=OPEN)

    def running(self) -> DirectiveQuerySet:
        return self.filter(state__in=RUNNING)

    def red(self, now: datetime) -> DirectiveQuerySet:
        """The due time has passed, and nobody has said that it is done."""
        return self.running().filter(due_at__lt=now)

    def late(self, now: datetime) -> DirectiveQuerySet:
        """Those, and the ones that nobody has acknowledged in time."""
        unanswered = Q(acknowledged_at__isnull=True, acknowledge_by__lt=now)
        return self.running().filter(Q(due_at__lt=now) | unanswered)

    def visible_to(self, viewer: Viewer) -> DirectiveQuerySet:
        """Issued or to be done in the viewer's areas, or with a part for one of the viewer's bodies."""
        if viewer.covers_root:
            return self
        areas = viewer.area_ids
        parts = DirectivePart.objects.filter(directive=OuterRef("pk"), body__in=viewer.body_ids)
        return self.filter(Q(area__in=areas) | Q(owner_body__area__in=areas) | Exists(parts))


class Directive(models.Model):
    """What a headquarters wants done: by whom, until when, on exactly one matter. Numbered by area and day of issue.

    On a figure the progress is computed: from `baseline` (its value when it was issued; None for 0 of 0) to `target`.
    `parent`: it passes on a directive from above; `item`: the meeting's matter on which it was decided. `reminded_of`
    is what the owner was told last. The light is computed from the times and never stored.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="directives")
    area = models.ForeignKey(Area, models.PROTECT, related_name="directives")
    issued_on = models.DateField(_("issued on"))
    sequence = models.IntegerField(_("number of the day"))
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="passed_down")
    item = models.ForeignKey(AgendaItem, models.PROTECT, null=True, blank=True, related_name="directives")
    issuer_body = models.ForeignKey(Body, models.PROTECT, related_name="issued_directives")
    owner_body = models.ForeignKey(Body, models.PROTECT, related_name="directives")
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="directives")
    title = models.TextField(_("what is to be done"))
    text = models.TextField(_("in words"), blank=True)
    matter = models.TextField(_("matter"), choices=Matter.choices, default=Matter.TEXT)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, blank=True, related_name="directives")
    request = models.ForeignKey(Request, models.PROTECT, null=True, blank=True, related_name="directives")
    matter_area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="matter_of_directives")
    figure = models.TextField(_("figure"), blank=True)
    target = models.DecimalField(_("target"), max_digits=14, decimal_places=4, null=True, blank=True)
    baseline = models.DecimalField(_("value at issue"), max_digits=14, decimal_places=4, null=True, blank=True)
    state = models.TextField(_("state"), choices=DirectiveState.choices, default=DirectiveState.ISSUED)
    percent = models.IntegerField(
        _("done, in per cent"), null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    issued_at = models.DateTimeField(_("issued at"))
    issued_by_id = models.BigIntegerField(_("account"), null=True, blank=True)
    issued_by_name = models.TextField(_("issued by"))
    acknowledge_by = models.DateTimeField(_("to be acknowledged by"))
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"))
    claimed_at = models.DateTimeField(_("claimed done at"), null=True, blank=True)
    claimed_by_id = models.BigIntegerField(_("account"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    supervised = models.IntegerField(_("supervision notes"), default=0)
    reminded_of = models.TextField(_("reminded of"), choices=Reminder.choices, default=Reminder.NONE, blank=True)

    objects = DirectiveQuerySet.as_manager()

    class Meta:
        verbose_name = _("directive")
        verbose_name_plural = _("directives")
        ordering = ["-issued_on", "-sequence"]
        constraints = [
            constraints.one_of(
                "directive_state_known", "state", DirectiveState.values, _("This state does not exist.")
            ),
            constraints.one_of("directive_matter_known", "matter", Matter.values, _("This matter does not exist.")),
            constraints.one_of(
                "directive_reminder_known", "reminded_of", Reminder.values, _("This reminder does not exist.")
            ),
            constraints.unique(
                "directive_number_once",
                "incident",
                "area",
                "issued_on",
                "sequence",
                message=_("Another directive has this number. Save again."),
            ),
            constraints.check("directive_has_title", ~Q(title=""), _("Say in a few words what is to be done.")),
            constraints.check(
                "directive_on_one_matter",
                _exactly_one(),
                _("A directive is on one matter: an enterprise, a request, an area, a figure with target, or words."),
            ),
            constraints.check(
                "directive_due_after_issue",
                Q(due_at__gt=F("issued_at")),
                _("The due time has passed already. Give a later one."),
            ),
            constraints.check(
                "directive_acknowledged_in_its_state",
                Q(state__in=[DirectiveState.ISSUED, DirectiveState.WITHDRAWN]) | Q(acknowledged_at__isnull=False),
                _("A directive is acknowledged before it is worked on."),
            ),
            constraints.check(
                "directive_claimed_in_its_state",
                ~Q(state__in=[DirectiveState.CLAIMED, DirectiveState.CLOSED]) | Q(claimed_at__isnull=False),
                _("A directive is closed after its owner has said that it is done."),
            ),
            constraints.check(
                "directive_ended_is_dated",
                Q(state__in=OPEN, ended_at__isnull=True)
                | Q(state__in=[DirectiveState.CLOSED, DirectiveState.WITHDRAWN], ended_at__isnull=False),
                _("An open directive has no end, an ended one has its time."),
            ),
            constraints.within(
                "directive_percent_bounds", "percent", 0, 100, _("Give a whole number from 0 to 100 per cent.")
            ),
        ]
        indexes = [
            models.Index(fields=["incident", "due_at", "id"], name="directive_open", condition=Q(state__in=OPEN)),
            models.Index(fields=["owner_body", "due_at"], name="directive_by_owner", condition=Q(state__in=OPEN)),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def number(self) -> str:
        """0324-01: day of issue, and the how manieth of that day."""
        return f"{self.issued_on:%m%d}-{self.sequence:02d}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING

    @property
    def gap(self) -> Decimal | None:
        """How far the figure had to go when the directive was issued."""
        return None if self.target is None or self.baseline is None else self.target - self.baseline

    def lit(self, now: datetime, amber_hours: int) -> Lit:
        """How it stands at a moment."""
        times = Times(self.state, self.acknowledge_by, self.acknowledged_at, self.due_at)
        return light_of(times, now, amber_hours)


class DirectivePart(models.Model):
    """The share of a directive that another body has; done when that body says so."""

    directive = models.ForeignKey(Directive, models.PROTECT, related_name="parts")
    body = models.ForeignKey(Body, models.PROTECT, related_name="directive_parts")
    task = models.TextField(_("what is to be done"))
    note = models.TextField(_("in words"), blank=True)
    given_at = models.DateTimeField(_("given at"))
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    class Meta:
        verbose_name = _("part of a directive")
        verbose_name_plural = _("parts of a directive")
        ordering = ["pk"]
        constraints = [
            constraints.check("directive_part_has_task", ~Q(task=""), _("Say what the body is to do.")),
            constraints.unique(
                "directive_part_once", "directive", "body", message=_("This body has its part of it already.")
            ),
            constraints.check(
                "directive_part_done_with_words",
                Q(done_at__isnull=True) | ~Q(note=""),
                _("Say what was done."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.directive_id} {self.body_id}"
