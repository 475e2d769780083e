"""How promises are kept, by body or category."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fugong.base.accounts.selectors import bodies_within
from fugong.base.areas.selectors import area_tree
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.desk import permissions
from fugong.record.desk.enums import Promise
from fugong.record.desk.selectors.rules import section_on
from fugong.record.desk.selectors.service import DAYS, By, ServiceRow, Share, service_rows
from fugong.record.incidents.models import Incident

_SECONDS = 60


def _percent(part: int, whole: int) -> Fraction | None:
    return Fraction(part * 100, whole) if whole else None


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _cell(share: Share) -> dict[str, Any]:
    """A rate with its base, and its change against the span before where both have one."""
    now, before = _percent(share.part, share.whole), _percent(share.part_before, share.whole_before)
    change = None if now is None or before is None else _decimal(now - before)
    return {
        "part": share.part,
        "whole": share.whole,
        "rate": None if now is None else _decimal(now),
        "change": change,
    }


def _row(row: ServiceRow, name: str, age: int | None) -> dict[str, Any]:
    return {
        "name": name,
        "open": row.open,
        "age": age,
        "cells": [_cell(row.promises.get(promise, Share())) for promise in Promise]
        + [_cell(row.solved), _cell(row.no_help), _cell(row.useful), _cell(row.came_back), _cell(row.refused)],
    }


def _remembered(viewer: Viewer, incident: Incident, by: By, area_ids: frozenset[int] | None) -> list[ServiceRow]:
    """The figures of this minute: counted once for all who see the same areas."""
    minute = clock.now().replace(second=0, microsecond=0)
    reach = "all" if viewer.covers_root else repr(sorted(viewer.area_ids))
    seen = hashlib.sha256(f"{reach} {sorted(area_ids) if area_ids else ''}".encode()).hexdigest()
    key = f"desk-service:{incident.pk}:{by}:{minute.timestamp()}:{seen}"
    found: list[ServiceRow] | None = cache.get(key)
    if found is None:
        found = service_rows(viewer, incident, by, area_ids)
        cache.set(key, found, _SECONDS)
    return found


@require_safe
def service(request: HttpRequest, slug: str) -> HttpResponse:
    """The last seven days beside the seven before them; each rate stands with its base."""
    viewer, incident = request.viewer, request.scope.incident
    permissions.can_see_requests(viewer).require()
    by: By = "category" if request.GET.get("by") == "category" else "body"
    area = area_tree().by_code(request.scope.area_code) if request.scope.area_code else None
    rows = _remembered(viewer, incident, by, frozenset(area_tree().within(area)) if area else None)
    section = section_on(incident, clock.today())
    root = area_tree().root()
    bodies = {body.pk: body for body in bodies_within(root)} if by == "body" and root is not None else {}
    listed = []
    for row in rows:
        body = bodies.get(row.key) if isinstance(row.key, int) else None
        name = str(body) if body is not None else section.label(str(row.key))
        age = None if row.oldest is None else (clock.today() - clock.day_of(row.oldest)).days
        listed.append(_row(row, name, age))
    context = {
        "rows": listed,
        "by": by,
        "days": DAYS,
        "as_of": clock.now().replace(second=0, microsecond=0),
        "heads": [str(promise.label) for promise in Promise]
        + [_("solved"), _("no help exists"), _("found useful"), _("came back"), _("refused by all")],
        "views": [
            {"label": _("By body"), "url": "?by=body", "current": by == "body"},
            {"label": _("By category"), "url": "?by=category", "current": by == "category"},
        ],
        "queue_url": reverse("desk:queue", args=[slug]),
    }
    return render(request, "desk/service.html", context)
