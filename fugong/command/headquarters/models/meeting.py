from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.models import Body
from fugong.base.areas.models import Area
from fugong.command.headquarters.enums import ItemState, MeetingKind, MeetingState
from fugong.core import constraints
from fugong.core.text import in_language
from fugong.record.incidents.models import Incident


class Meeting(models.Model):
    """One meeting of the series that an area's headquarters holds each day for an incident, and its operational period.

    The period runs from the meeting before until this one is planned: what its agenda looks back on.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="meetings")
    area = models.ForeignKey(Area, models.PROTECT, related_name="meetings")
    body = models.ForeignKey(Body, models.PROTECT, related_name="meetings")
    kind = models.TextField(_("kind"), choices=MeetingKind.choices)
    number = models.IntegerField(_("number"))
    day = models.DateField(_("day"))
    planned_at = models.DateTimeField(_("planned for"))
    period_from = models.DateTimeField(_("operational period from"))
    period_to = models.DateTimeField(_("operational period until"))
    state = models.TextField(_("state"), choices=MeetingState.choices, default=MeetingState.PREPARED)
    chair_name = models.TextField(_("chair"), blank=True)
    attendees = models.TextField(_("who took part"), blank=True)
    left_out = models.IntegerField(_("left off the agenda"), default=0)
    prepared_at = models.DateTimeField(_("agenda made at"))
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by_name = models.TextField(_("closed by"), blank=True)

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-day", "-planned_at", "-pk"]
        constraints = [
            constraints.one_of("meeting_kind_known", "kind", MeetingKind.values, _("This kind does not exist.")),
            constraints.one_of("meeting_state_known", "state", MeetingState.values, _("This state does not exist.")),
            constraints.unique(
                "meeting_once_a_day", "incident", "area", "kind", "day", message=_("This meeting is prepared already.")
            ),
            constraints.unique(
                "meeting_number_once",
                "incident",
                "area",
                "kind",
                "number",
                message=_("Another meeting has this number."),
            ),
            constraints.check(
                "meeting_period_in_order",
                Q(period_to__gt=F("period_from")),
                _("An operational period ends after it begins."),
            ),
            constraints.check(
                "meeting_opened_is_dated",
                Q(state=MeetingState.PREPARED) | Q(opened_at__isnull=False) & ~Q(chair_name=""),
                _("A meeting that was opened has its time and its chair."),
            ),
            constraints.check(
                "meeting_closed_is_dated",
                Q(state=MeetingState.CLOSED, closed_at__isnull=False)
                | ~Q(state=MeetingState.CLOSED) & Q(closed_at__isnull=True),
                _("A closed meeting has its time, and only that."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    @property
    def is_closed(self) -> bool:
        return bool(self.state == MeetingState.CLOSED)


class AgendaItem(models.Model):
    """One matter of a meeting with the figures that it saw, in both languages, and what became of it.

    `source` is the registered source, "carried" (unfinished last time) or "hand"; `key` names the matter within it.
    `matter` prefills the directive. Its decisions are the directives that name it.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    order = models.IntegerField(_("order"))
    source = models.TextField(_("source"))
    key = models.TextField(_("key"), blank=True)
    titles = models.JSONField(_("titles"))
    reasons = models.JSONField(_("why it is here"), default=dict, blank=True)
    figures = models.JSONField(_("figures seen"), default=dict, blank=True)
    matter = models.JSONField(_("matter"), default=dict, blank=True)
    state = models.TextField(_("state"), choices=ItemState.choices, default=ItemState.OPEN)
    outcome = models.TextField(_("outcome"), blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    carried_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="carried_to")
    added_by_name = models.TextField(_("added by"), blank=True)

    class Meta:
        verbose_name = _("item of an agenda")
        verbose_name_plural = _("items of an agenda")
        ordering = ["meeting", "order", "pk"]
        constraints = [
            constraints.one_of("agenda_item_state_known", "state", ItemState.values, _("This state does not exist.")),
            constraints.unique(
                "agenda_item_once",
                "meeting",
                "source",
                "key",
                message=_("This matter is on the agenda already."),
                while_=~Q(key=""),
            ),
            constraints.check(
                "agenda_item_outcome_in_words",
                ~Q(state__in=[ItemState.CONSULTED, ItemState.NOTED]) | ~Q(outcome=""),
                _("Write what was agreed."),
            ),
            constraints.check(
                "agenda_item_ended_is_dated",
                Q(state=ItemState.OPEN, ended_at__isnull=True) | ~Q(state=ItemState.OPEN) & Q(ended_at__isnull=False),
                _("An open item has no end, an ended one has its time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.order}"

    @property
    def title(self) -> str:
        return in_language(self.titles)

    @property
    def reason(self) -> str:
        return in_language(self.reasons) if self.reasons else ""

    @property
    def seen(self) -> list[dict[str, Any]]:
        """The figures in the language of the request: .label .value .base .path."""
        code = (get_language() or "zh")[:2]
        found: list[dict[str, Any]] = self.figures.get(code) or self.figures.get("zh", [])
        return found
