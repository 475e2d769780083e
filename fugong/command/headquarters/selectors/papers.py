"""The papers of a meeting, put together from its agenda and its directives; always in Chinese."""

from __future__ import annotations

from django.utils import translation

from fugong.base.documents.logic.official import OfficialDocument
from fugong.command.headquarters.enums import DirectiveState, ItemState, Place
from fugong.command.headquarters.logic.papers import MinutedItem, Record, SheetRow, minutes_of, sheet_of
from fugong.command.headquarters.models import AgendaItem, Directive, Meeting
from fugong.command.headquarters.permissions import can_see_meeting
from fugong.command.headquarters.selectors.bodies import incident_bodies
from fugong.command.headquarters.selectors.meetings import agenda_of
from fugong.command.headquarters.selectors.rules import section_on
from fugong.core import clock
from fugong.core.viewer import Viewer

PAPERS = ("minutes", "sheet")


def paper_of(viewer: Viewer, meeting: Meeting, paper: str) -> OfficialDocument:
    """Minutes or directive sheet of a meeting; a draft until the meeting is closed."""
    can_see_meeting(viewer, meeting).require()
    with translation.override("zh-hans"):
        record = _record(viewer, meeting)
        items = agenda_of(viewer, meeting)
        if paper == "sheet":
            return sheet_of(record, [_row(directive) for item in items for directive in item.directives.all()])
        return minutes_of(record, [_minuted(item) for item in items])


def _record(viewer: Viewer, meeting: Meeting) -> Record:
    bodies = incident_bodies(viewer, meeting.incident, meeting.area)
    office = next((row.body.name for row in bodies if row.place == Place.OFFICE), meeting.body.name)
    begun = clock.local(meeting.opened_at or meeting.planned_at)
    ended = f"—{clock.local(meeting.closed_at):%H:%M}" if meeting.closed_at else ""
    first, last = clock.local(meeting.period_from), clock.local(meeting.period_to)
    section = section_on(meeting.incident, meeting.day)
    return Record(
        organisation=meeting.body.name,
        office=office,
        name=section.meeting_title(meeting.kind),
        number=meeting.number,
        day=meeting.day,
        times=f"{begun.year}年{begun.month}月{begun.day}日{begun:%H:%M}{ended}",
        period=f"{first.month}月{first.day}日{first:%H:%M}至{last.month}月{last.day}日{last:%H:%M}",
        chair=meeting.chair_name,
        attendees=meeting.attendees,
        is_closed=meeting.is_closed,
    )


def _minuted(item: AgendaItem) -> MinutedItem:
    carried = {ItemState.CARRIED: "未议完，列入下次会议", ItemState.OPEN: "尚未议定"}
    return MinutedItem(
        title=item.title,
        reason=item.reason,
        figures=tuple(
            f"{seen['label']}{seen['value']}" + (f"（{seen['base']}）" if seen["base"] else "") for seen in item.seen
        ),
        outcome=item.outcome or carried.get(ItemState(item.state), ""),
        directives=tuple(_row(directive) for directive in item.directives.all()),
    )


def _row(directive: Directive) -> SheetRow:
    due = clock.local(directive.due_at)
    return SheetRow(
        number=directive.number,
        title=directive.title,
        body=directive.owner_body.name,
        person=directive.owner.name if directive.owner else "",
        due=f"{due.month}月{due.day}日{due:%H:%M}",
        state=str(DirectiveState(directive.state).label),
    )
