"""The panels of the enterprise page, from whichever room: three with the page, the others each by its own address."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from fugong.core.registries import Panel, enterprise_panels

INLINE = 3


def drawn(request: HttpRequest, panel: Panel, pk: int) -> dict[str, Any]:
    """The panel with its content; html is "" when it has nothing to say."""
    scope = request.scope
    html = panel.render(request.viewer, pk, scope.incident.pk, scope.day)
    return {"name": panel.name, "title": panel.title, "html": html, "url": ""}


def _promised(request: HttpRequest, panel: Panel, pk: int) -> dict[str, Any]:
    query = request.scope.query()
    address = reverse("registry:panel", args=[request.scope.incident.slug, pk, panel.name])
    return {"name": panel.name, "title": panel.title, "html": "", "url": f"{address}?{query}" if query else address}


def panels_of(request: HttpRequest, pk: int) -> list[dict[str, Any]]:
    """What the page of an enterprise shows: the first ones drawn, of the others the address."""
    entries = sorted(enterprise_panels.values(), key=lambda entry: (entry.order, entry.name))
    shown = [entry for entry in entries if entry.may(request.viewer)]
    here = [drawn(request, entry, pk) for entry in shown[:INLINE]]
    return [entry for entry in here if entry["html"]] + [_promised(request, entry, pk) for entry in shown[INLINE:]]
