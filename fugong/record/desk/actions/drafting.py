"""Requests as they are made: what holds for all that are opened at one moment is read once, for one or for many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fugong.base.accounts.models import Body
from fugong.core import clock
from fugong.core.bulk import one_row
from fugong.core.registries import request_kinds
from fugong.core.viewer import Viewer
from fugong.record.desk.enums import Channel
from fugong.record.desk.logic.details import clean_detail
from fugong.record.desk.logic.section import Category
from fugong.record.desk.logic.watching import METRICS, target_of
from fugong.record.desk.logic.words import needed
from fugong.record.desk.models import Request
from fugong.record.desk.selectors.rules import Promises, Route, Routing, promises_for, routing_on
from fugong.record.incidents.models import Incident, PlaybookVersion
from fugong.record.incidents.selectors import playbook_on
from fugong.record.registry.models import Enterprise
from fugong.record.reporting.models import DailyReport

_NEXT = (
    "INSERT INTO desk_daycount (day, count) VALUES (%(day)s, %(many)s) "
    "ON CONFLICT (day) DO UPDATE SET count = desk_daycount.count + %(many)s RETURNING count"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for, and how it came. `first_contact`: the body that heard it; its duty until another accepts."""

    category: str
    title: str
    text: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    people_waiting: int = 0
    channel: Channel = Channel.PHONE_PAGE
    obstacle: str = ""
    client_key: UUID | None = None
    asked_by_name: str = ""
    first_contact: Body | None = None


@dataclass
class Opening:
    """What holds for the requests that are opened in an incident at one moment."""

    actor: Viewer
    incident: Incident
    now: datetime
    routing: Routing
    playbook: PlaybookVersion
    _promises: dict[tuple[str, int], Promises] = field(default_factory=dict)

    @classmethod
    def at_once(cls, actor: Viewer, incident: Incident) -> Opening:
        """The opening of this moment. Raises `NoDesk` where the incident has no desk. 2 queries."""
        today = clock.today()
        return cls(actor, incident, clock.now(), routing_on(incident, today), playbook_on(incident, today))

    def category(self, code: str) -> Category:
        """Raises `ValidationError` for one that the playbook does not have."""
        category = self.routing.section.category(code)
        if category is None:
            raise ValidationError(_("Choose what it is about."))
        return category

    def promises(self, category: str, body: Body) -> Promises:
        """The promises of a request of this category with this body; read once for each pair."""
        key = category, body.pk
        if key not in self._promises:
            self._promises[key] = promises_for(self.routing.section, category, body, self.now, green=False)
        return self._promises[key]

    def next_numbers(self, many: int = 1) -> list[str]:
        """The next numbers of the day: 20200322-0587. Requests opened at the same time take turns from here on."""
        day = clock.day_of(self.now)
        last = one_row(_NEXT, {"day": day, "many": many})[0]
        return [f"{day:%Y%m%d}-{number:04d}" for number in range(last - many + 1, last + 1)]

    def draft(self, enterprise: Enterprise, asked: Asked, route: Route, last: DailyReport | None) -> Request:
        """A request with its owner and its clock, without a number and not stored. `last`: the last daily report.

        Raises `ValidationError` and `BadDetail`.
        """
        category = self.category(asked.category)
        kind = request_kinds[category.kind]
        if asked.people_waiting < 0:
            raise ValidationError(_("People cannot be negative."))
        owner = asked.first_contact or route.body
        request = Request(
            incident=self.incident,
            enterprise=enterprise,
            managing_area_id=enterprise.managing_area_id,
            playbook_version=self.playbook,
            kind=kind.name,
            category=category.code,
            title=needed(asked.title, _("Say in a few words what is asked.")),
            text=asked.text.strip(),
            detail=clean_detail(kind, asked.detail),
            people_waiting=asked.people_waiting,
            channel=asked.channel,
            obstacle=asked.obstacle,
            client_key=asked.client_key,
            asked_by_id=self.actor.id,
            asked_by_name=asked.asked_by_name or self.actor.name,
            opened_at=self.now,
            owner_body=owner,
            offered_to=route.body if owner.pk != route.body.pk else None,
        )
        request.begin_round(self.now, self.promises(category.code, owner))
        _watch(request, category, last)
        return request


def _watch(request: Request, category: Category, last: DailyReport | None) -> None:
    """What must move in the reports, from the last one; nothing when the category names no value or none was said."""
    metric = METRICS.get(category.metric)
    if metric is None or last is None:
        return
    value, normal = metric.value(last), metric.normal(last)
    if value is None or normal is None:
        return
    request.watch_metric, request.watch_baseline = metric.name, value
    request.watch_target = target_of(normal, value, category.target_percent)
