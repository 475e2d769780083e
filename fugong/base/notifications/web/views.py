from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fugong.base.notifications import permissions, selectors
from fugong.base.notifications.enums import MessageState
from fugong.base.notifications.web.tables import message_row

_SIZE = 50
_LONGEST_ID = 18  # digits of a number that the database holds


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """What was said to whom, newest first; numbers are masked."""
    permissions.can_see_outbox(request.viewer).require()
    state = request.GET.get("state", "")
    state = state if state in MessageState.values else ""
    text = request.GET.get("before", "")
    before = int(text) if text.isdecimal() and len(text) <= _LONGEST_ID else None
    found = selectors.outbox(request.viewer, state, before, _SIZE)
    more = len(found) > _SIZE
    query = {"state": state, "before": found[_SIZE - 1].pk if more else ""}
    context = {
        "rows": [message_row(message) for message in found[:_SIZE]],
        "states": [("", "", not state)] + [(value, label, value == state) for value, label in MessageState.choices],
        "is_paged": before is not None,
        "state": state,
        "next_url": f"{request.path}?{urlencode({k: v for k, v in query.items() if v})}" if more else "",
        "has_gateway": not settings.SMS_ADAPTER.endswith(".Outbox"),
    }
    return render(request, "notifications/outbox.html", context)
