from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.models import User
from fugong.base.notifications.enums import MessageState
from fugong.core import constraints


class Message(models.Model):
    """A text for one person, with the number it goes to as it was when the message was queued.

    `kind` is `app.noun`: why it was written. `quiet_key` names what is not said twice to this person within a time; a
    suppressed message points at the one that was said (`said_by`). `incident_id` is kept by value. A `secret` text
    (a one-time code) is emptied once it was handed on. `problem` says without personal data why it failed.
    """

    recipient = models.ForeignKey(User, models.PROTECT, related_name="messages", null=True, blank=True)
    phone = models.TextField(_("phone"), blank=True)
    kind = models.TextField(_("kind"))
    text = models.TextField(_("text"), blank=True)
    secret = models.BooleanField(_("secret"), default=False)
    incident_id = models.BigIntegerField(_("incident"), null=True, blank=True)
    is_drill = models.BooleanField(_("drill"), default=False)
    state = models.TextField(_("state"), choices=MessageState.choices, default=MessageState.QUEUED)
    quiet_key = models.TextField(_("quiet key"), blank=True)
    said_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="repetitions")
    problem = models.TextField(_("problem"), blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    reference = models.TextField(_("gateway's reference"), blank=True)
    created_at = models.DateTimeField(_("created at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["recipient", "phone", "quiet_key", "created_at"],
                name="message_by_quiet_key",
                condition=~Q(quiet_key=""),
            ),
        ]
        constraints = [
            constraints.one_of(
                "message_state_known", "state", MessageState.values, _("This state of a message does not exist.")
            ),
            constraints.check(
                "message_has_an_addressee",
                Q(recipient__isnull=False) | ~Q(phone=""),
                _("A message needs a person or a phone number."),
            ),
            constraints.check(
                "message_drill_never_leaves",
                Q(is_drill=False) | ~Q(state__in=[MessageState.QUEUED, MessageState.SENT]),
                _("A message of a drill never leaves the outbox."),
            ),
            constraints.check(
                "message_suppressed_names_the_first",
                Q(said_by__isnull=True) | Q(state=MessageState.SUPPRESSED),
                _("Only a message that was not repeated points at an earlier one."),
            ),
            constraints.check(
                "message_ended_is_dated",
                Q(state=MessageState.QUEUED) | Q(ended_at__isnull=False),
                _("A message that has ended needs the time at which it did."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind} {self.state}"
