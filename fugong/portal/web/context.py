"""What every page of ours can rely on; the variables are named on top of the base templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from fugong.core.registries import navigation
from fugong.core.viewer import ANONYMOUS, Viewer
from fugong.portal.web.scope import Scope
from fugong.record.registry.permissions import can_list_enterprises


@dataclass(frozen=True, slots=True)
class Door:
    """An entry of the navigation as drawn."""

    url: str
    label: str
    icon: str
    current: bool


def _doors(request: HttpRequest, viewer: Viewer, scope: Scope | None) -> list[Door]:
    entries = sorted(navigation.values(), key=lambda entry: entry.order)
    shown = [entry for entry in entries if entry.may(viewer) and (scope is not None or not entry.per_incident)]
    urls = {
        entry.name: reverse(entry.url_name, args=[scope.incident.slug] if entry.per_incident and scope else [])
        for entry in shown
    }
    # A room's page can lie beneath another's: the longest address that fits is where one is.
    here = max((url for url in urls.values() if request.path.startswith(url)), key=len, default="")
    query = f"?{scope.query()}" if scope and scope.query() else ""
    return [
        Door(
            urls[entry.name] + (query if entry.per_incident else ""),
            str(entry.label),
            entry.icon,
            urls[entry.name] == here,
        )
        for entry in shown
    ]


def _quick_search_url(viewer: Viewer, scope: Scope | None) -> str:
    """Where the search of the top bar goes; "" for those who have no register to search."""
    return reverse("registry:find", args=[scope.incident.slug]) if scope and can_list_enterprises(viewer) else ""


def shell(request: HttpRequest) -> dict[str, Any]:
    """Viewer, navigation, scope, language and type size. No query of its own beyond the scope's."""
    viewer: Viewer = getattr(request, "viewer", ANONYMOUS)
    scope: Scope | None = getattr(request, "scope", None)
    language = get_language() or settings.LANGUAGE_CODE
    others = [{"code": code, "label": label} for code, label in settings.LANGUAGES if code != language]
    return {
        "viewer": viewer,
        "navigation": _doors(request, viewer, scope),
        "scope": scope,
        "incident": scope.incident if scope else None,
        "language": language,
        "other_language": others[0],
        "quick_search_url": _quick_search_url(viewer, scope),
        "large_type": request.COOKIES.get("fu_large") == "1",
    }
