"""The scope of a desk page: incident · area · day, kept across pages and in the URL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from fugong.base.areas.models import Area
from fugong.base.areas.selectors import AreaTree, area_tree
from fugong.core import clock
from fugong.core.decision import OutOfScope
from fugong.core.memo import remember
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.incidents.selectors import incident_by_id, incidents_for

Choice = tuple[str, str, bool]


@dataclass(frozen=True, slots=True)
class Scope:
    """What the signed-in desk looks at. Choices are (label, url, is current)."""

    incident: Incident
    day: date
    area_code: str
    area_name: str
    incident_choices: list[Choice]
    area_choices: list[Choice]
    previous_url: str
    next_url: str
    as_of: datetime

    def query(self) -> str:
        """The part of the scope that is not the default, for links that keep it."""
        return _query(self.area_code, self.day)


def _query(area_code: str, day: date) -> str:
    parts = {"area": area_code, "day": "" if day == clock.today() else day.isoformat()}
    return urlencode({key: value for key, value in parts.items() if value})


def _with(path: str, area_code: str, day: date) -> str:
    query = _query(area_code, day)
    return f"{path}?{query}" if query else path


def _day(text: str, first: date, last: date) -> date:
    """The day asked for, within the incident; its last one so far for none or an unreadable one."""
    try:
        return min(max(date.fromisoformat(text), first), last) if text else last
    except ValueError:
        return last


def _inside(viewer: Viewer, tree: AreaTree, incident: Incident) -> list[Area]:
    """The areas of the incident that the viewer covers; none: the incident is not the viewer's."""
    top = tree.areas[incident.area_id]
    return [area for area in tree.areas.values() if area.path.startswith(top.path) and viewer.covers(area.pk)]


def _areas(tree: AreaTree, inside: list[Area], code: str, path: str, day: date) -> tuple[str, list[Choice]]:
    widest = min(inside, key=lambda area: (area.path.count("/"), area.code))
    listed = [widest] + [area for area in tree.reporting(widest) if area in inside and area != widest]
    chosen = next((area for area in inside if area.code == code), None) if code else widest
    if chosen is None:
        raise OutOfScope(f"area {code}")
    if chosen not in listed:
        listed.append(chosen)
    choices = [(str(area), _with(path, "" if area == widest else area.code, day), area == chosen) for area in listed]
    return str(chosen), choices


def scope_of(request: HttpRequest, slug: str) -> Scope:
    """Resolve the scope of an official's page. 2 queries. Raises `OutOfScope` for a foreign incident or area."""
    viewer: Viewer = request.viewer
    tree = area_tree()
    incidents = {item: inside for item in incidents_for(viewer) if (inside := _inside(viewer, tree, item))}
    incident = next((item for item in incidents if item.slug == slug), None)
    if incident is None:
        raise OutOfScope(f"incident {slug}")
    remember(incident_by_id, incident, incident.pk)
    first, last = incident.days(clock.today())
    day = _day(request.GET.get("day", ""), first, last)
    code = request.GET.get("area", "")
    area_name, area_choices = _areas(tree, incidents[incident], code, request.path, day)
    home = [(str(item), reverse("situation:board", args=[item.slug]), item == incident) for item in incidents]
    return Scope(
        incident=incident,
        day=day,
        area_code=code,
        area_name=area_name,
        incident_choices=home,
        area_choices=area_choices,
        previous_url=_with(request.path, code, day - timedelta(days=1)) if day > first else "",
        next_url=_with(request.path, code, day + timedelta(days=1)) if day < last else "",
        as_of=clock.now(),
    )


class ScopeMiddleware:
    """Gives every page under `/i/<slug>/` its incident, day and area, or refuses it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.scope = None  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        match = request.resolver_match
        if match and match.route.startswith("i/<slug:slug>/") and request.user.is_authenticated:
            try:
                request.scope = scope_of(request, kwargs["slug"])  # type: ignore[attr-defined]
            except OutOfScope as error:
                raise Http404 from error  # what is raised before the view passes by RefusalMiddleware
