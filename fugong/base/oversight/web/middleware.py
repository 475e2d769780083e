from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from fugong.base.audit.actions import record_access
from fugong.base.oversight.permissions import reads_from_outside
from fugong.core.oversight import watched_pages


class WatchMiddleware:
    """Puts on record who reads an entry without working in its area. The one place; rooms name their pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        watched = watched_pages.get(match.view_name) if match else None
        # Parts that a page fetches after itself belong to its reading.
        partial = request.headers.get("HX-Request") == "true"
        if watched is None or request.method != "GET" or response.status_code != 200 or partial:
            return response
        # First without an area: most readers oversee nothing, and for them nothing is looked up.
        if reads_from_outside(request.viewer, None):
            found = watched(request.viewer, match.kwargs)
            if found and reads_from_outside(request.viewer, found[1]):
                record_access(actor=request.viewer, verb="oversight.page.read", subject=found[0], area_id=found[1])
        return response
