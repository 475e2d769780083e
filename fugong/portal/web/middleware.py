from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from fugong.core.decision import Denied, OutOfScope
from fugong.core.readonly import writes_forbidden


class RefusalMiddleware:
    """Outsiders get 404, insiders without the right get 403 with the reason, what no browser sends gets 400."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", ""):  # forms refuse a NUL themselves; the database cannot hold one
            raise BadRequest("a NUL in the query")
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Denied):
            return render(request, "403.html", {"reason": exception.reason}, status=403)
        if isinstance(exception, OutOfScope | Http404):
            return render(request, "404.html", status=404)
        return None


class ReadOnlyMiddleware:
    """GET and HEAD change nothing: a statement that writes fails there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with writes_forbidden():
            return self.get_response(request)


class PersonalPagesMiddleware:
    """What a signed-in person sees stays out of every cache: the device may be shared."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response
