from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from fugong.base.accounts.enums import FACTOR_IN_SESSION
from fugong.base.accounts.models import User
from fugong.base.accounts.selectors import viewer_for
from fugong.core import clock
from fugong.core.memo import remembering
from fugong.core.origin import origin
from fugong.core.viewer import ANONYMOUS, Viewer

# What a person may open before the first duty is done.
_FREE = {
    "account_secret", "account_factor", "account_logout", "account_login", "language", "large_type", "healthz",
}  # fmt: skip


class ClientAddressMiddleware:
    """The address of the browser: that of the connection, unless a proxy of ours (FUGONG_PROXIES) names another.

    Of X-Forwarded-For the last entry counts that no proxy of ours has; what a stranger wrote before it is not believed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._proxies = [ip_network(text, strict=False) for text in settings.PROXIES]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.META["REMOTE_ADDR"] = self._address(request)
        return self.get_response(request)

    def _address(self, request: HttpRequest) -> str:
        address = str(request.META.get("REMOTE_ADDR", ""))
        ways = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        while ways and self._is_ours(address):
            address = ways.pop()
        try:
            return str(ip_address(address))
        except ValueError:
            return ""

    def _is_ours(self, address: str) -> bool:
        try:
            found = ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self._proxies)


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
                request.viewer = _viewer(user) if signed_in else ANONYMOUS
                return self.get_response(request)
        finally:
            origin.reset(token)


def _viewer(user: User) -> Viewer:
    """Our backend has read it with the account of the session."""
    found: Viewer | None = getattr(user, "as_viewer", None)
    return found or viewer_for(user, clock.today())


class FirstDutyMiddleware:
    """Who signs in with a secret that somebody else chose, or lacks a second factor that is due, mends that first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        user = request.user
        if not isinstance(user, User) or (request.resolver_match and request.resolver_match.view_name in _FREE):
            return None
        if user.must_change:
            return redirect("account_secret")
        return redirect("account_factor") if factor_is_due(request, user) else None


def factor_is_due(request: HttpRequest, user: User) -> bool:
    """An official without a second factor whose time of grace is over, where the site asks for one."""
    if not settings.SECOND_FACTOR or not request.viewer.mandates or request.session.get(FACTOR_IN_SESSION):
        return False
    return clock.now() >= user.created_at + timedelta(days=settings.SECOND_FACTOR_GRACE_DAYS)
