from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fugong.base.accounts.models import Body
from fugong.core import clock
from fugong.core.bulk import one_row
from fugong.core.events import announce
from fugong.core.registries import request_kinds
from fugong.core.viewer import Viewer, service_viewer
from fugong.record.desk import permissions
from fugong.record.desk.actions.case import Case
from fugong.record.desk.enums import OPEN, Channel, EntryKind
from fugong.record.desk.events import RequestOpened
from fugong.record.desk.logic.details import clean_detail
from fugong.record.desk.logic.section import Category, DeskSection
from fugong.record.desk.logic.watching import METRICS, target_of
from fugong.record.desk.logic.words import needed
from fugong.record.desk.models import Request
from fugong.record.desk.selectors.rules import Route, route_of, routing_on
from fugong.record.incidents.models import Incident
from fugong.record.incidents.selectors import playbook_on
from fugong.record.registry.models import Enterprise
from fugong.record.reporting.selectors.readings import last_report

_DESK = service_viewer("desk")
_NEXT = (
    "INSERT INTO desk_daycount (day, count) VALUES (%(day)s, 1) "
    "ON CONFLICT (day) DO UPDATE SET count = desk_daycount.count + 1 RETURNING count"
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


def _next_number(day: date) -> str:
    """The next number of a day: 20200322-0587. Requests opened at the same time take turns."""
    return f"{day:%Y%m%d}-{one_row(_NEXT, {'day': day})[0]:04d}"


@transaction.atomic
def open_request(*, actor: Viewer, incident: Incident, enterprise: Enterprise, asked: Asked) -> Request:
    """Enter what an enterprise asks for, give it to the body that the routes name, and start its clock.

    An obstacle that has an open request already is recognised: that one is returned, with a word in its timeline. The
    same `client_key` again returns the request that it made. Raises `Denied`, `ValidationError`, `BadDetail`,
    `NoDesk` and `NobodyToTurnTo`.
    """
    permissions.can_ask(actor, enterprise).require()
    known = _known(incident, enterprise, asked)
    if known is not None:
        return _recognised(actor, known, asked)
    today = clock.today()
    routing = routing_on(incident, today)
    category = _category(routing.section, asked.category)
    route = route_of(routing, enterprise, asked.category)
    request = _made(actor, incident, enterprise, asked, category, route)
    try:
        with transaction.atomic():
            Case(actor, request).saved()
    except IntegrityError:
        known = _known(incident, enterprise, asked)  # sent twice at the same time: the other one is it
        if known is None:
            raise
        return _recognised(actor, known, asked)
    case = Case(actor, request)
    case.told(EntryKind.OPENED, asked.text.strip(), category=category.code)
    _told_route(case, route, asked.first_contact)
    announce(RequestOpened(request.pk, incident.pk, enterprise.pk, request.managing_area_id, today))
    return request


def _category(section: DeskSection, code: str) -> Category:
    category = section.category(code)
    if category is None:
        raise ValidationError(_("Choose what it is about."))
    return category


def _known(incident: Incident, enterprise: Enterprise, asked: Asked) -> Request | None:
    """The request that this is already: the same key of the sender, or the same obstacle still open."""
    requests = Request.objects.filter(enterprise=enterprise)
    if asked.client_key is not None:
        found = requests.filter(client_key=asked.client_key).first()
        if found is not None:
            return found
    if not asked.obstacle:
        return None
    return requests.filter(incident=incident, obstacle=asked.obstacle, state__in=OPEN).first()


def _recognised(actor: Viewer, request: Request, asked: Asked) -> Request:
    """An obstacle said again is noted once a day; the same key again changes nothing."""
    if asked.obstacle and (asked.client_key is None or request.client_key != asked.client_key):
        since = timezone.make_aware(datetime.combine(clock.today(), datetime.min.time()))
        if request.opened_at < since and not request.entries.filter(kind=EntryKind.REPEATED, at__gte=since).exists():
            Case(actor, request).told(EntryKind.REPEATED, asked.text.strip())
    return request


def _made(
    actor: Viewer,
    incident: Incident,
    enterprise: Enterprise,
    asked: Asked,
    category: Category,
    route: Route,
) -> Request:
    kind = request_kinds[category.kind]
    if asked.people_waiting < 0:
        raise ValidationError(_("People cannot be negative."))
    now, today = clock.now(), clock.today()
    owner = asked.first_contact or route.body
    request = Request(
        number=_next_number(today),
        incident=incident,
        enterprise=enterprise,
        managing_area_id=enterprise.managing_area_id,
        playbook_version=playbook_on(incident, today),
        kind=kind.name,
        category=category.code,
        title=needed(asked.title, _("Say in a few words what is asked.")),
        text=asked.text.strip(),
        detail=clean_detail(kind, asked.detail),
        people_waiting=asked.people_waiting,
        channel=asked.channel,
        obstacle=asked.obstacle,
        client_key=asked.client_key,
        asked_by_id=actor.id,
        asked_by_name=asked.asked_by_name or actor.name,
        opened_at=now,
        owner_body=owner,
        offered_to=route.body if owner.pk != route.body.pk else None,
    )
    Case(actor, request).begin_round(now)
    _watch(request, category)
    return request


def _watch(request: Request, category: Category) -> None:
    """What must move in the reports, from the last one; nothing when the category names no value or none was said."""
    metric = METRICS.get(category.metric)
    report = last_report(_DESK, request.incident, request.enterprise, clock.today()) if metric else None
    if metric is None or report is None:
        return
    value, normal = metric.value(report), metric.normal(report)
    if value is None or normal is None:
        return
    request.watch_metric, request.watch_baseline = metric.name, value
    request.watch_target = target_of(normal, value, category.target_percent)


def _told_route(case: Case, route: Route, first_contact: Body | None) -> None:
    words = _("By a rule") if route.rule else _("No rule fits; the fallback takes it")
    if first_contact is not None and first_contact.pk != route.body.pk:
        text = _("%(why)s: %(body)s. %(first)s has the duty until it accepts.")
        text %= {"why": words, "body": route.body, "first": first_contact}
        case.told(EntryKind.ROUTED, text, body=route.body.pk, first=first_contact.pk)
    else:
        case.told(EntryKind.ROUTED, _("%(why)s: %(body)s") % {"why": words, "body": route.body}, body=route.body.pk)
