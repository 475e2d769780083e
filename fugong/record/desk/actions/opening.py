from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from fugong.core import clock
from fugong.core.events import announce
from fugong.core.viewer import Viewer, service_viewer
from fugong.record.desk import permissions
from fugong.record.desk.actions.case import Case
from fugong.record.desk.actions.drafting import Asked, Opening
from fugong.record.desk.enums import OPEN, EntryKind
from fugong.record.desk.events import RequestOpened
from fugong.record.desk.models import Request
from fugong.record.desk.selectors.rules import route_of
from fugong.record.incidents.models import Incident
from fugong.record.registry.models import Enterprise
from fugong.record.reporting.selectors.readings import last_report

__all__ = ["Asked", "open_request"]
_DESK = service_viewer("desk")


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
    opening = Opening.at_once(actor, incident)
    category = opening.category(asked.category)
    route = route_of(opening.routing, enterprise, asked.category)
    last = last_report(_DESK, incident, enterprise, clock.today()) if category.metric else None
    request = opening.draft(enterprise, asked, route, last)
    (request.number,) = opening.next_numbers()
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
    first = asked.first_contact.pk if asked.first_contact is not None else None
    case.told(EntryKind.ROUTED, route.words(asked.first_contact), body=route.body.pk, first=first)
    announce(RequestOpened(request.pk, incident.pk, enterprise.pk, request.managing_area_id, clock.today()))
    return request


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
