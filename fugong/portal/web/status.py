"""Whether it lives, whether it is ready, what it measures, and for its administrator what is wrong, in words."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fugong.portal.permissions import can_see_status
from fugong.portal.watching import metrics
from fugong.portal.watching.database import unapplied
from fugong.portal.watching.examination import examine, worst_first

STATES = {"ok": "ok", "warning": "risk", "fault": "bad"}


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers. Nothing else is asked: a supervisor would restart it for a database that is away."""
    return JsonResponse({"status": "ok"})


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Requests can be answered: database, tables, and (told, not demanded) a worker."""
    try:
        missing = unapplied()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT coalesce(max(last_heartbeat) > now() - interval '60 s', false) FROM procrastinate_workers"
            )
            (worker,) = cursor.fetchone()
    except Error:
        return JsonResponse({"status": "no database"}, status=503)
    if missing:
        return JsonResponse({"status": "tables of an older release", "missing": missing}, status=503)
    return JsonResponse({"status": "ok", "worker": worker})


@login_not_required
@never_cache
@require_safe
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Prometheus's text format, for who has the token, else for this machine alone; 404 for anybody else."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN:
        allowed = secrets.compare_digest(token.encode(), settings.METRICS_TOKEN.encode())
    else:  # a proxy on this machine speaks for others
        allowed = request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1"} and "X-Forwarded-For" not in request.headers
    if not allowed:
        raise Http404
    return HttpResponse(metrics.exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")


@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """What the installation says about itself, worst first."""
    can_see_status(request.viewer).require()
    answers = worst_first(examine())
    rows = [
        {"title": answer.title, "finding": answer.finding, "state": STATES[answer.finding.level]} for answer in answers
    ]
    broken = sum(answer.finding.level == "fault" for answer in answers)
    noted = sum(answer.finding.level == "warning" for answer in answers)
    return render(request, "portal/status.html", {"rows": rows, "broken": broken, "noted": noted})
