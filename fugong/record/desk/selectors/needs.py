"""What an officer should know today of the requests of the enterprises that are the officer's own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from fugong.core import clock
from fugong.core.registries import Need
from fugong.core.roles import Role
from fugong.core.viewer import Viewer
from fugong.record.desk.enums import RUNNING, Channel, RequestState
from fugong.record.desk.models import Request


def request_needs(
    viewer: Viewer, incident_id: int, enterprise_ids: frozenset[int], day: date, limits: Mapping[str, int]
) -> list[Need]:
    """Broken promises, what waits for the enterprise's word, what is open. One statement."""
    own = enterprise_ids & viewer.enterprises(Role.LIAISON_OFFICER)
    now = clock.now()
    return [_need(request, now) for request in open_of(viewer, incident_id, own)]


def open_of(viewer: Viewer, incident_id: int, enterprise_ids: frozenset[int]) -> list[Request]:
    """The open requests of those of the enterprises that are the officer's own, what falls due first at the top."""
    own = enterprise_ids & viewer.enterprises(Role.LIAISON_OFFICER)
    rows = Request.objects.open().filter(incident=incident_id, enterprise__in=own)
    return list(rows.select_related("owner_body").order_by("next_due_at", "pk"))


def request_sent(viewer: Viewer, enterprise_id: int, key: str) -> bool:
    """Whether the viewer's phone, which alone knows the key, has sent a request for an enterprise under it already."""
    try:
        sent = UUID(key)
    except ValueError:
        return False
    found = Request.objects.filter(enterprise=enterprise_id, client_key=sent, channel=Channel.OFFICIAL)
    return not viewer.is_anonymous and found.exists()


def _need(request: Request, now: datetime) -> Need:
    words = {"title": request.title}
    if request.next_due_at is not None and request.state in RUNNING and request.next_due_at < now:
        late = (now - request.next_due_at).days
        return Need(request.enterprise_id, "bad", 80 + min(late, 15), _("“%(title)s”: a promise is overdue") % words)
    if request.state == RequestState.ANSWERED:
        return Need(request.enterprise_id, "risk", 40, _("“%(title)s”: answered, its word is missing") % words)
    return Need(request.enterprise_id, "brand", 20, _("“%(title)s” is open") % words)
