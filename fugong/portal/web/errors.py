from __future__ import annotations

import logging
import sys

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from fugong.core.logs import request_id
from fugong.core.trouble import Trouble, trouble_of
from fugong.portal.watching import metrics

log = logging.getLogger("fugong.request")
RETRY_SECONDS = {"away": 15, "busy": 5, "full": 120}


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token did not match: mostly a page left open over a sign-out."""
    return render(request, "403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"reason": str(exception)}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours is 500; a database that is away, a busy server or a full disk is 503, with a time to come back.

    Draws a page that takes nothing from the database, in the language of the browser: the error may have come before
    the middleware that sets it.
    """
    error = sys.exc_info()[1]
    trouble = trouble_of(error)
    with translation.override(translation.get_language_from_request(request)):
        if trouble is None:
            return HttpResponse(render_to_string("500.html", {"number": request_id.get()}), status=500)
        log.error("unavailable: %s", trouble, exc_info=error)
        metrics.unavailable.labels(trouble).inc()
        response = _unavailable(request, trouble)
    response["Retry-After"] = str(RETRY_SECONDS[trouble])
    response["Cache-Control"] = "no-store"
    return response


def _unavailable(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    if request.path.startswith("/api/"):
        reason = {"status": 503, "title": _("Not available just now"), "kind": trouble, "request": request_id.get()}
        return JsonResponse(reason, status=503, content_type="application/problem+json")
    page = render_to_string("503.html", {"kind": trouble, "number": request_id.get()})
    return HttpResponse(page, status=503)
