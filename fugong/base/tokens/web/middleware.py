from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from fugong.base.audit.actions import record_access
from fugong.base.tokens.selectors import USED, presented_token
from fugong.core.origin import origin
from fugong.core.viewer import ANONYMOUS

API = "/api/"
_SCHEME = "bearer "


class TokenMiddleware:
    """Under `/api/` the key of the request says who acts, and nothing else: a session's cookie opens no door there.

    `request.presented` is the key as it came, or None. That it came is on record once an hour, by each
    web process.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(API):
            return self.get_response(request)
        header = request.META.get("HTTP_AUTHORIZATION", "")
        bears = header[: len(_SCHEME)].lower() == _SCHEME
        request.presented = presented_token(header[len(_SCHEME) :].strip()) if bears else None
        request.viewer = request.presented.viewer if request.presented else ANONYMOUS
        came = origin.set(f"api {request.viewer.token_id or '-'} {request.META.get('REMOTE_ADDR', '')}")
        try:
            if request.presented and request.presented.begins_an_hour:
                token = request.presented.token
                area_id = token.area_id or request.viewer.home_area_id
                record_access(actor=request.viewer, verb=USED, subject=token.subject, area_id=area_id)
            return self.get_response(request)
        finally:
            origin.reset(came)
