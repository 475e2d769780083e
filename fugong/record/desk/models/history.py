from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.models import Body, User
from fugong.core import constraints
from fugong.record.desk.enums import EntryKind, PartState, Usefulness
from fugong.record.desk.models.request import Request


class Entry(models.Model):
    """One step of a request's timeline; never changed. `is_public`: the enterprise reads it too."""

    request = models.ForeignKey(Request, models.PROTECT, related_name="entries")
    at = models.DateTimeField(_("at"))
    kind = models.TextField(_("what happened"), choices=EntryKind.choices)
    actor_id = models.BigIntegerField(_("account"), null=True)
    actor_name = models.TextField(_("who"))
    text = models.TextField(_("in words"), blank=True)
    is_public = models.BooleanField(_("the enterprise reads it"), default=True)

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ["at", "pk"]
        constraints = [constraints.one_of("entry_kind_known", "kind", EntryKind.values, _("This step does not exist."))]
        indexes = [models.Index(fields=["request", "at", "id"], name="entry_by_request")]

    def __str__(self) -> str:
        return f"{self.request_id} {self.kind}"


class Pause(models.Model):
    """The clock stood still, for a reason of the playbook's list; one at a time."""

    request = models.ForeignKey(Request, models.PROTECT, related_name="pauses")
    started_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("to"), null=True, blank=True)
    reason = models.TextField(_("reason"))
    note = models.TextField(_("in words"), blank=True)

    class Meta:
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        ordering = ["started_at"]
        constraints = [
            constraints.not_before(
                "pause_in_order", "started_at", "ended_at", _("A pause cannot end before it begins.")
            ),
            constraints.check("pause_has_reason", ~Q(reason=""), _("Say why the clock stands still.")),
            constraints.unique(
                "pause_one_at_a_time",
                "request",
                message=_("The clock stands still already."),
                while_=Q(ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.started_at}"


class Part(models.Model):
    """A share of a request that another body does, with a state of its own."""

    request = models.ForeignKey(Request, models.PROTECT, related_name="parts")
    body = models.ForeignKey(Body, models.PROTECT, related_name="request_parts")
    task = models.TextField(_("what is to be done"))
    state = models.TextField(_("state"), choices=PartState.choices, default=PartState.TO_DO)
    note = models.TextField(_("in words"), blank=True)
    due_at = models.DateTimeField(_("due"))
    asked_at = models.DateTimeField(_("asked at"))
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("part")
        verbose_name_plural = _("parts")
        ordering = ["pk"]
        constraints = [
            constraints.one_of("part_state_known", "state", PartState.values, _("This state does not exist.")),
            constraints.check("part_has_task", ~Q(task=""), _("Say what the body is to do.")),
            constraints.check(
                "part_refused_names_whose",
                ~Q(state=PartState.REFUSED) | ~Q(note=""),
                _("Say whose it is: “not ours” alone helps nobody."),
            ),
            constraints.unique(
                "part_once_per_body", "request", "body", "task", message=_("This body has this part already.")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.body_id}"


class Round(models.Model):
    """A round that is over, of a request that came back: the body that had it, what was promised, when it was kept."""

    request = models.ForeignKey(Request, models.PROTECT, related_name="rounds")
    number = models.IntegerField(_("round"))
    body = models.ForeignKey(Body, models.PROTECT, related_name="request_rounds")
    ended_at = models.DateTimeField(_("ended at"))
    contact_due_at = models.DateTimeField(_("first contact due"))
    plan_due_at = models.DateTimeField(_("plan due"))
    close_due_at = models.DateTimeField(_("answer due"))
    contacted_at = models.DateTimeField(_("contacted at"), null=True, blank=True)
    planned_at = models.DateTimeField(_("plan made at"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ["request", "number"]
        constraints = [
            constraints.unique("round_once", "request", "number", message=_("This round is kept already.")),
        ]
        indexes = [models.Index(fields=["ended_at"], name="round_by_end")]

    def __str__(self) -> str:
        return f"{self.request_id} {self.number}"


class Rating(models.Model):
    """What the enterprise says of how it was served, once per round (a reopened request is rated again)."""

    request = models.ForeignKey(Request, models.PROTECT, related_name="ratings")
    round = models.IntegerField(_("round"))
    was_contacted = models.BooleanField(_("contacted"))
    outcome = models.TextField(_("what came of it"), choices=Usefulness.choices)
    comment = models.TextField(_("comment"), blank=True)
    rated_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="request_ratings")
    rated_at = models.DateTimeField(_("rated at"))

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        ordering = ["rated_at"]
        constraints = [
            constraints.one_of("rating_outcome_known", "outcome", Usefulness.values, _("Choose one of the answers.")),
            constraints.unique("rating_once", "request", "round", message=_("This was rated already.")),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.outcome}"
