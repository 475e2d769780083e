"""Meetings as pages draw them: plain dicts of words and addresses."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from fugong.command.headquarters.enums import CARRIED_SOURCE, HAND_SOURCE, ItemState, MeetingState
from fugong.command.headquarters.logic.section import HeadquartersSection
from fugong.command.headquarters.models import AgendaItem, Meeting
from fugong.command.headquarters.web.tables import directives as tables
from fugong.core.agendas import agenda_sources
from fugong.core.viewer import Viewer

_CHIPS = {MeetingState.PREPARED: "brand", MeetingState.RUNNING: "risk", MeetingState.CLOSED: "ok"}
_MARKS = {
    ItemState.OPEN: "circle-dashed",
    ItemState.DECIDED: "gavel",
    ItemState.CONSULTED: "circle-check",
    ItemState.NOTED: "check",
    ItemState.CARRIED: "arrow-right",
}


def meeting_row(meeting: Meeting, section: HeadquartersSection, slug: str) -> dict[str, Any]:
    """A meeting of a list, and the head of its page."""
    state = MeetingState(meeting.state)
    return {
        "title": _("%(name)s no. %(number)d") % {"name": section.meeting_name(meeting.kind), "number": meeting.number},
        "url": reverse("headquarters:meeting", args=[slug, meeting.pk]),
        "day": meeting.day,
        "planned_at": meeting.planned_at,
        "chip": {"state": _CHIPS[state], "words": state.label},
        "chair": meeting.chair_name,
        "items": getattr(meeting, "items_number", None),
        "directives": getattr(meeting, "directives_number", None),
    }


def _group(item: AgendaItem) -> tuple[int, str]:
    """Under which heading of the agenda an item stands."""
    if item.source == CARRIED_SOURCE:
        return 0, _("Unfinished last time")
    if item.source == HAND_SOURCE:
        return 1000, _("Added by hand")
    source = agenda_sources.get(item.source)
    return (source.order, str(source.label)) if source else (900, item.source)


def agenda_groups(items: list[AgendaItem], chosen: AgendaItem | None, slug: str) -> list[dict[str, Any]]:
    """The agenda under its headings, in its order."""
    groups: list[dict[str, Any]] = []
    for number, item in enumerate(items, start=1):
        _order, label = _group(item)
        if not groups or groups[-1]["label"] != label:
            groups.append({"label": label, "items": []})
        groups[-1]["items"].append(
            {
                "number": number,
                "title": item.title,
                "reason": item.reason,
                "icon": _MARKS[ItemState(item.state)],
                "state": ItemState(item.state).label,
                "is_open": item.state == ItemState.OPEN,
                "url": reverse("headquarters:meeting", args=[slug, item.meeting_id]) + f"?item={item.pk}",
                "current": chosen is not None and item.pk == chosen.pk,
            }
        )
    return groups


def item_page(viewer: Viewer, item: AgendaItem, slug: str, section: HeadquartersSection) -> dict[str, Any]:
    """The item on the screen: its figures as they were seen, what was said, its directives."""
    before = item.carried_from
    return {
        "title": item.title,
        "reason": item.reason,
        "figures": item.seen,
        "outcome": item.outcome,
        "state": ItemState(item.state).label,
        "is_open": item.state == ItemState.OPEN,
        "added_by": item.added_by_name,
        "directives": [tables.directive_row(one, slug, section.amber_hours) for one in item.directives.all()],
        "before": {
            "url": reverse("headquarters:meeting", args=[slug, before.meeting_id]) + f"?item={before.pk}",
            "day": before.meeting.day,
            "outcome": before.outcome,
        }
        if before is not None
        else None,
    }


def ends(slug: str, meeting: Meeting, item: AgendaItem) -> list[dict[str, Any]]:
    """The ends of an item besides a directive."""
    return [
        {
            "label": label,
            "icon": icon,
            "form": form,
            "url": reverse("headquarters:item_act", args=[slug, meeting.pk, item.pk, name]),
        }
        for name, form, label, icon in (
            ("agree", "outcome", _("Result of the consultation"), "message-2"),
            ("note", "outcome", _("Taken note of"), "check"),
            ("carry", "carry", _("Carry it over"), "arrow-right"),
        )
    ]


def papers(slug: str, meeting: Meeting) -> list[dict[str, str]]:
    """The documents of a meeting."""
    return [
        {"label": label, "url": reverse("headquarters:meeting_paper", args=[slug, meeting.pk, name])}
        for name, label in (("minutes", _("Minutes")), ("sheet", _("Directive sheet")))
    ]
