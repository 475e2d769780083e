from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from fugong.core import clock
from fugong.core.roles import SEES_AREA, Role
from fugong.record.incidents.selectors import incidents_for


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Each role starts where its first duty is."""
    viewer = request.viewer
    if viewer.has(*SEES_AREA):
        incidents = list(incidents_for(viewer).open_on(clock.today())) or list(incidents_for(viewer))
        if incidents:
            return redirect("situation:board", incidents[0].slug)
    if viewer.has(Role.REPORTER):
        return redirect("reporting:home")
    if viewer.has(Role.LIAISON_OFFICER):
        return redirect("field:today")
    if viewer.has(Role.ADMINISTRATOR):
        return redirect("people:list")
    if viewer.has(Role.AUDITOR):
        return redirect("oversight:trail")
    return render(request, "portal/nothing_yet.html")


def _back(request: HttpRequest) -> HttpResponse:
    target = request.POST.get("next", "")
    here = {request.get_host()}
    safe = target.startswith("/") and url_has_allowed_host_and_scheme(target, here, require_https=request.is_secure())
    return HttpResponseRedirect(target) if safe else redirect("home")


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language in a cookie; unknown ones are ignored."""
    response = _back(request)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            samesite="Lax",
            httponly=True,
            secure=settings.LANGUAGE_COOKIE_SECURE,
        )
    return response


@login_not_required
@require_POST
def large_type(request: HttpRequest) -> HttpResponse:
    """Switch large type on (`large` is 1) or off, kept in a cookie."""
    response = _back(request)
    wanted = "1" if request.POST.get("large") == "1" else "0"
    response.set_cookie("fu_large", wanted, max_age=settings.LANGUAGE_COOKIE_AGE, samesite="Lax")
    return response
