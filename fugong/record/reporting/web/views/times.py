"""By when an area reports, what is locked, and for whom it was opened again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fugong.base.areas.models import Area
from fugong.core import clock
from fugong.record.registry.models import Enterprise
from fugong.record.registry.selectors.enterprises import enterprises_for
from fugong.record.reporting import permissions
from fugong.record.reporting.actions.locks import lock_day, open_lock, set_due_time
from fugong.record.reporting.enums import LockReason
from fugong.record.reporting.selectors.locks import due_times_of, exceptions_of_day, locks_of_day, times_on
from fugong.record.reporting.selectors.missing import report_area
from fugong.record.reporting.web.forms import LockForm, OpenForm, TimesForm


def _acts(request: HttpRequest, area: Area, query: str, refused: dict[str, Any]) -> list[dict[str, Any]]:
    """What the viewer may do about the times of the area, each with its form."""
    scope, viewer = request.scope, request.viewer
    until = timezone.localtime(clock.now() + timedelta(hours=2)).replace(second=0, microsecond=0, tzinfo=None)
    due_at = timezone.localtime(times_on(scope.incident, area.pk, scope.day).due_at)
    acts = {
        "open": (
            permissions.can_open_lock(viewer, area.pk),
            OpenForm(initial={"until": until}),
            _("Open the day again"),
            _("Open the day"),
            _("The lock stays; this enterprise or area reports until the end you set."),
        ),
        "lock": (
            permissions.can_lock_day(viewer, area.pk),
            LockForm(),
            _("Close the day"),
            _("Close the day"),
            _("Nothing more is reported or corrected for it in this area, but for those it is opened for."),
        ),
        "due": (
            permissions.can_set_due_time(viewer, area.pk),
            TimesForm(initial={"valid_from": clock.today(), "due_time": due_at.time()}),
            _("Set the due time"),
            _("Set"),
            _("Reports after it are marked late. It holds for the areas beneath too, unless they have one."),
        ),
    }
    return [
        {
            "form": refused.get(name) or form,
            "url": f"{reverse(f'reports:{name}', args=[scope.incident.slug])}?{query}",
            "title": title,
            "button": button,
            "text": text,
        }
        for name, (may, form, title, button, text) in acts.items()
        if may
    ]


def _page(request: HttpRequest, slug: str, refused: dict[str, Any] | None = None) -> HttpResponse:
    permissions.can_see_missing(request.viewer).require()
    scope, viewer = request.scope, request.viewer
    area = report_area(viewer, scope.incident, scope.area_code)
    query = urlencode({"day": scope.day.isoformat(), "area": area.code})
    context = {
        "area_name": str(area),
        "day": scope.day,
        "times": times_on(scope.incident, area.pk, scope.day),
        "now": clock.now(),
        "locks": locks_of_day(viewer, scope.incident, scope.day),
        "exceptions": [
            {
                "whom": row.enterprise.name if row.enterprise else str(row.area),
                "until": row.until,
                "is_over": row.until <= clock.now(),
                "reason": row.reason,
                "by": row.opened_by_name,
            }
            for row in exceptions_of_day(viewer, scope.incident, scope.day)
        ],
        "due_times": due_times_of(viewer, scope.incident),
        "acts": _acts(request, area, query, refused or {}),
        "back_url": f"{reverse('reports:missing', args=[slug])}?{query}",
    }
    return render(request, "reporting/times.html", context, status=422 if refused else 200)


@require_safe
def times(request: HttpRequest, slug: str) -> HttpResponse:
    """Due times, locks and exceptions of the scope's day, with what the viewer may do about them."""
    return _page(request, slug)


def _done(request: HttpRequest, slug: str, area: Area, words: str) -> HttpResponse:
    messages.success(request, words)
    query = urlencode({"day": request.scope.day.isoformat(), "area": area.code})
    return redirect(f"{reverse('reports:times', args=[slug])}?{query}")


@require_POST
def due(request: HttpRequest, slug: str) -> HttpResponse:
    """Set the due time of the scope's area."""
    area, form = report_area(request.viewer, request.scope.incident, request.scope.area_code), TimesForm(request.POST)
    permissions.can_set_due_time(request.viewer, area.pk).require()
    if form.is_valid():
        try:
            set_due_time(actor=request.viewer, incident=request.scope.incident, area=area, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return _done(request, slug, area, _("The due time is set."))
    return _page(request, slug, {"due": form})


@require_POST
def lock(request: HttpRequest, slug: str) -> HttpResponse:
    """Close the scope's day for its area."""
    scope = request.scope
    area, form = report_area(request.viewer, scope.incident, scope.area_code), LockForm(request.POST)
    permissions.can_lock_day(request.viewer, area.pk).require()
    if form.is_valid():
        try:
            lock_day(
                actor=request.viewer,
                incident=scope.incident,
                area=area,
                day=scope.day,
                reason=LockReason.PERIOD_CLOSED,
                note=form.cleaned_data["note"],
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return _done(request, slug, area, _("The day is closed."))
    return _page(request, slug, {"lock": form})


def _enterprise(request: HttpRequest, form: OpenForm) -> Enterprise | None:
    """The enterprise named by its code; a fault stands in the form when there is none."""
    code = form.cleaned_data["enterprise"].strip().upper()
    if not code:
        return None
    found = enterprises_for(request.viewer)
    enterprise = found.filter(uscc=code).first() or found.filter(provisional_id=code).first()
    if enterprise is None:
        form.add_error("enterprise", _("No enterprise of your area has this code. Check it."))
    return enterprise


@require_POST
def open_day(request: HttpRequest, slug: str) -> HttpResponse:
    """Open the scope's day for one enterprise, or for the area."""
    scope = request.scope
    area, form = report_area(request.viewer, scope.incident, scope.area_code), OpenForm(request.POST)
    permissions.can_open_lock(request.viewer, area.pk).require()
    enterprise = _enterprise(request, form) if form.is_valid() else None
    if form.is_valid():
        try:
            open_lock(
                actor=request.viewer,
                incident=scope.incident,
                day=scope.day,
                until=form.cleaned_data["until"],
                reason=form.cleaned_data["reason"],
                area=None if enterprise else area,
                enterprise=enterprise,
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return _done(request, slug, area, _("The day is opened."))
    return _page(request, slug, {"open": form})
