"""Who has not reported: the list to call through, print, and remind by one tap."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from fugong.base.areas.selectors import area_tree
from fugong.core.text import masked_phone
from fugong.record.reporting import permissions
from fugong.record.reporting.actions.reminders import remind_missing
from fugong.record.reporting.enums import ReportState
from fugong.record.reporting.selectors.locks import times_on
from fugong.record.reporting.selectors.missing import Missing, missing_for, report_area

SHOWN, PRINTED = 100, 2000


def _row(row: Missing, slug: str, query: str) -> dict[str, Any]:
    one = row.enterprise
    return {
        "pk": one.pk,
        "name": one.name,
        "area": str(area_tree().areas[one.area_id]),
        "last_day": one.last_day,
        "last_state": ReportState(one.last_state).label if one.last_state else "",
        "people": [(user.name, masked_phone(user.phone)) for user in row.reporters],
        "reminded_at": row.reminded_at,
        "url": reverse("registry:detail", args=[slug, one.pk]),
        "behalf_url": f"{reverse('reports:behalf', args=[slug])}?{query}&e={one.pk}",
    }


@require_safe
def missing(request: HttpRequest, slug: str) -> HttpResponse:
    """Those of the scope without a report of its day."""
    permissions.can_see_missing(request.viewer).require()
    scope = request.scope
    area = report_area(request.viewer, scope.incident, scope.area_code)
    size = PRINTED if request.GET.get("all") else SHOWN
    total, rows = missing_for(request.viewer, scope.incident, scope.day, area, size)
    query = urlencode({"day": scope.day.isoformat(), "area": area.code})
    may_report = bool(permissions.can_remind(request.viewer, area.pk))
    context = {
        "area_name": str(area),
        "day": scope.day,
        "due_at": times_on(scope.incident, area.pk, scope.day).due_at,
        "total": total,
        "rows": [_row(row, slug, query) for row in rows],
        "may_act": may_report,
        "all_url": f"{request.path}?{query}&all=1" if total > len(rows) and size == SHOWN else "",
        "remind_url": f"{reverse('reports:remind', args=[slug])}?{query}",
        "export_url": f"{reverse('reports:export', args=[slug])}?{query}",
        "behalf_url": reverse("reports:behalf", args=[slug]),
        "times_url": f"{reverse('reports:times', args=[slug])}?{query}",
        "items_url": f"{reverse('reports:items', args=[slug])}?{query}",
        "totals_url": f"{reverse('reports:totals', args=[slug])}?{query}",
        "import_url": reverse("imports:start", args=[slug, "reports"])
        if permissions.can_import_reports(request.viewer)
        else "",
    }
    return render(request, "reporting/missing.html", context)


@require_POST
def remind(request: HttpRequest, slug: str) -> HttpResponse:
    """Remind all of the scope, or one (`e`)."""
    scope = request.scope
    area = report_area(request.viewer, scope.incident, scope.area_code)
    text = request.POST.get("e", "")
    done = remind_missing(
        actor=request.viewer,
        incident=scope.incident,
        day=scope.day,
        area=area,
        enterprise_id=int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None,
    )
    words = [_("Reminded: %(count)d.") % {"count": done.told}]
    if done.quiet:
        words.append(
            ngettext(
                "Reminded less than %(hours)d hour ago, not again: %(count)d.",
                "Reminded less than %(hours)d hours ago, not again: %(count)d.",
                done.quiet_hours,
            )
            % {"hours": done.quiet_hours, "count": done.quiet}
        )
    if done.unreachable:
        words.append(_("Without a reporter or a phone number: %(count)d.") % {"count": done.unreachable})
    (messages.success if done.told else messages.warning)(request, " ".join(words))
    query = urlencode({"day": scope.day.isoformat(), "area": area.code})
    return redirect(f"{reverse('reports:missing', args=[slug])}?{query}")
