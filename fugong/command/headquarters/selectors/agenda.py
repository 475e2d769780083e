"""How an agenda comes about: what was left unfinished, what the registered sources have, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree
from fugong.command.headquarters.enums import CARRIED_SOURCE, ItemState, MeetingKind, MeetingState, Place
from fugong.command.headquarters.logic.section import HeadquartersSection
from fugong.command.headquarters.models import AgendaItem, Directive, IncidentBody, Meeting
from fugong.command.headquarters.permissions import can_see_directives
from fugong.command.headquarters.selectors.rules import NoHeadquarters, section_on
from fugong.core import clock
from fugong.core.agendas import Proposal, SeenFigure, agenda_sources
from fugong.core.memo import remembering
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.incidents.selectors import incident_by_id

_LANGUAGES = {"zh": "zh-hans", "en": "en"}
_MOST_DIRECTIVES = 50


@dataclass(frozen=True, slots=True)
class Draft:
    """An item of an agenda before it is one; texts and figures by language."""

    source: str
    titles: dict[str, str]
    key: str = ""
    reasons: dict[str, str] = field(default_factory=dict)
    figures: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    matter: dict[str, str] = field(default_factory=dict)
    carried_from: AgendaItem | None = None
    added_by_name: str = ""


def planned_for(section: HeadquartersSection, kind: str, day: date) -> datetime:
    """When the meeting of a day begins, in the zone of the place."""
    return datetime.combine(day, section.meeting_at(kind), ZoneInfo(settings.TIME_ZONE))


def drafts_for(viewer: Viewer, meeting: Meeting) -> tuple[list[Draft], int]:
    """The items of a meeting in their order, and how many proposals were left out because a source had too many."""
    can_see_directives(viewer).require()
    inside = area_tree().within(meeting.area)
    # The meeting of a county sees the county, whoever prepares it.
    seeing = replace(viewer, covers_root=meeting.area.parent_id is None, area_ids=inside)
    thresholds = section_on(meeting.incident, meeting.day).thresholds
    carried, fresh, left_out = unfinished(viewer, meeting), [], 0
    again = {draft.key: draft for draft in carried}
    for name, source in sorted(agenda_sources.items(), key=lambda entry: entry[1].order):
        by_language = {}
        with remembering():  # what was read for one language is not read again for the other
            for code, language in _LANGUAGES.items():
                with translation.override(language):
                    found = source.proposals(seeing, meeting.incident_id, meeting.area_id, meeting.day, thresholds)
                by_language[code] = {proposal.key: proposal for proposal in found}
        heaviest = sorted(by_language["zh"].values(), key=lambda proposal: (-proposal.weight, proposal.key))
        drafts = [_draft(name, proposal.key, by_language) for proposal in heaviest]
        for draft in drafts:
            if draft.key in again:  # unfinished, and still past the threshold: with the figures of today
                again[draft.key] = replace(again[draft.key], titles=draft.titles, figures=draft.figures)
        new = [draft for draft in drafts if draft.key not in again]
        most = int(thresholds["most_per_source"])
        left_out += len(new[most:])
        fresh += new[:most]
    return [*again.values(), *fresh], left_out


def _draft(source: str, key: str, by_language: dict[str, dict[str, Proposal]]) -> Draft:
    said = {code: found[key] for code, found in by_language.items() if key in found}
    return Draft(
        source=source,
        key=f"{source}:{key}",
        titles={code: proposal.title for code, proposal in said.items()},
        reasons={code: proposal.why for code, proposal in said.items()},
        figures={code: [asdict(seen) for seen in proposal.figures] for code, proposal in said.items()},
        matter=dict(said["zh"].matter),
    )


def unfinished(viewer: Viewer, meeting: Meeting) -> list[Draft]:
    """What the last meeting of the series carried over, as it stood there."""
    can_see_directives(viewer).require()
    series = Meeting.objects.filter(incident=meeting.incident, area=meeting.area, kind=meeting.kind)
    last = series.filter(number__lt=meeting.number, state=MeetingState.CLOSED).order_by("-number").first()
    if last is None:
        return []
    return [
        Draft(
            source=CARRIED_SOURCE,
            key=item.key or f"carried:{item.pk}",
            titles=item.titles,
            reasons=_in_both(lambda: _("carried over from %(day)s") % {"day": f"{last.day:%m-%d}"}),
            figures=item.figures,
            matter=item.matter,
            carried_from=item,
        )
        for item in last.items.filter(state=ItemState.CARRIED).order_by("order", "pk")
    ]


def _in_both(say: Callable[[], str]) -> dict[str, str]:
    found = {}
    for code, language in _LANGUAGES.items():
        with translation.override(language):
            found[code] = say()
    return found


def agenda_of_directives(viewer: Viewer, incident_id: int, area_id: int, day: date, thresholds: Any) -> list[Proposal]:
    """The directives of the area's headquarters that are overdue, or that nobody has acknowledged in time."""
    can_see_directives(viewer).require()
    incident = incident_by_id(incident_id)
    now = clock.now()
    hours = section_on(incident, day).amber_hours
    late = Directive.objects.filter(incident=incident, area=area_id).late(now)
    found = []
    for directive in late.select_related("owner_body", "owner").order_by("due_at", "pk")[:_MOST_DIRECTIVES]:
        lit = directive.lit(now, hours)
        path = reverse("headquarters:directive", args=[incident.slug, directive.pk])
        words = {"number": directive.number, "title": directive.title, "state": lit.words}
        found.append(
            Proposal(
                key=str(directive.pk),
                title=directive.title,
                why=_("directive %(number)s: %(state)s") % words,
                weight=(now - directive.due_at).total_seconds(),
                figures=(
                    SeenFigure(_("Directive"), directive.number, str(directive.owner_body), path),
                    SeenFigure(_("Due"), f"{clock.local(directive.due_at):%m-%d %H:%M}", lit.words),
                    SeenFigure(_("Supervision notes"), str(directive.supervised)),
                ),
            )
        )
    return found


def to_prepare(viewer: Viewer) -> list[tuple[Incident, Area, str]]:
    """The meetings of today whose agenda is to be made by now and is not, for the job that makes it. 2 queries."""
    if not viewer.is_service:
        return []
    now, today = clock.local(clock.now()), clock.today()
    heads = IncidentBody.objects.filter(place=Place.HEADQUARTERS).select_related("incident", "area").order_by("pk")
    made = set(Meeting.objects.filter(day=today).order_by().values_list("incident", "area", "kind"))
    found = []
    for row in heads:
        incident = row.incident
        if today < incident.started_on or (incident.ended_on is not None and today > incident.ended_on):
            continue
        try:
            section = section_on(incident, today)
        except NoHeadquarters:
            continue
        found += [
            (incident, row.area, kind.value)
            for kind in MeetingKind
            if section.prepared_at(kind) <= now.time() and (incident.pk, row.area_id, kind.value) not in made
        ]
    return found
