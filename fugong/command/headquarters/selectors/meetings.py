"""Reads of meetings: the series of an area, one with its agenda and decisions."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, Q

from fugong.base.areas.models import Area
from fugong.command.headquarters.models import AgendaItem, Directive, Meeting
from fugong.command.headquarters.permissions import can_see_directives, can_see_meeting
from fugong.core import clock
from fugong.core.decision import OutOfScope
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident

PAGE = 30


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """Some meetings, the latest first; `before` is the key of the last one when more follow, else ""."""

    rows: Sequence[Meeting]
    before: str


def meetings_of(viewer: Viewer, incident: Incident, area: Area, before: str = "") -> MeetingPage:
    """The meetings of exactly this area, each with `items_number` and `directives_number`. One query.

    Nobody reads those of an area that lies outside, or above.
    """
    can_see_directives(viewer).require()
    if not viewer.covers(area.pk):
        raise OutOfScope(f"area {area.code}")
    rows = Meeting.objects.filter(incident=incident, area=area)
    day, _separator, pk = before.partition("_")
    if pk.isdecimal() and len(pk) < 19:
        with suppress(ValueError):
            rows = rows.filter(Q(day__lt=date.fromisoformat(day)) | Q(day=date.fromisoformat(day), pk__lt=int(pk)))
    counted = rows.annotate(
        items_number=Count("items", distinct=True), directives_number=Count("items__directives", distinct=True)
    )
    found = list(counted.order_by("-day", "-pk")[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return MeetingPage(found[:PAGE], f"{last.day.isoformat()}_{last.pk}" if last else "")


def meeting_for(viewer: Viewer, incident: Incident, pk: int) -> Meeting:
    """One meeting of the viewer's areas. Raises `OutOfScope`."""
    rows = Meeting.objects.filter(incident=incident, pk=pk).select_related("incident", "area", "body")
    found = rows.first()
    if found is None or not viewer.covers(found.area_id) or not can_see_directives(viewer):
        raise OutOfScope(f"meeting {pk}")
    return found


def item_for(viewer: Viewer, meeting: Meeting, pk: int) -> AgendaItem:
    """An item of a meeting that the viewer has found. Raises `OutOfScope`."""
    found = meeting.items.filter(pk=pk).select_related("meeting__area", "meeting__body", "meeting__incident").first()
    if found is None or not can_see_meeting(viewer, meeting):
        raise OutOfScope(f"item {pk}")
    return found


def agenda_of(viewer: Viewer, meeting: Meeting) -> list[AgendaItem]:
    """The items in their order, each with its directives. 2 queries."""
    can_see_meeting(viewer, meeting).require()
    directives = Directive.objects.select_related("owner_body", "owner", "matter_area").order_by("pk")
    items = meeting.items.select_related("carried_from__meeting")
    return list(items.prefetch_related(Prefetch("directives", directives)).order_by("order", "pk"))


def todays_meeting(viewer: Viewer, incident: Incident, area: Area, kind: str) -> Meeting | None:
    """The meeting of this kind that an area has today."""
    if not viewer.covers(area.pk):
        return None
    return Meeting.objects.filter(incident=incident, area=area, kind=kind, day=clock.today()).first()
