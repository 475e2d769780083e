from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from fugong.base.accounts.models import User
from fugong.base.accounts.selectors import viewer_for
from fugong.core import clock
from fugong.core.memo import remembering
from fugong.core.origin import origin
from fugong.core.viewer import ANONYMOUS


class ViewerMiddleware:
    """Resolves the viewer once per request and names the request's origin for the trail."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = origin.set("web " + request.META.get("REMOTE_ADDR", ""))
        try:
            with remembering():
                user = request.user
                signed_in = isinstance(user, User) and user.is_authenticated
                request.viewer = viewer_for(user, clock.today()) if signed_in else ANONYMOUS
                return self.get_response(request)
        finally:
            origin.reset(token)
