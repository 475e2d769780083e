"""The trail as its readers look for things in it: by person, act, thing, area, day, origin; paged by key."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from fugong.base.areas.selectors import area_tree
from fugong.base.audit.models import AuditEntry
from fugong.base.audit.selectors.seals import waiting_among
from fugong.base.audit.selectors.trail import trail_for
from fugong.base.oversight.logic.trail_filter import TrailFilter
from fugong.core.decision import OutOfScope
from fugong.core.oversight import Named, PersonalValue, personal_fields, trail_subjects, trail_verbs
from fugong.core.viewer import Viewer

PAGE = 50
# An export is written while somebody waits.
MOST_EXPORTED = 5_000
_DIGITS = 18


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """One act in words."""

    pk: int
    at: datetime
    actor: str
    origin: str
    words: str
    kind: str
    thing: Named
    area_name: str
    reason: str
    detail: dict[str, Any]
    sealed: bool


@dataclass(frozen=True, slots=True)
class TrailPage:
    """A page of the trail, newest first; `next_key` is "" on the last."""

    rows: list[ReadEntry]
    next_key: str


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def _subjects(viewer: Viewer, text: str) -> list[str]:
    """The subjects that a text means: written as the trail writes them, or by name or code of the thing."""
    if ":" in text and text.partition(":")[0] in trail_subjects:
        return [text]
    return [f"{kind}:{pk}" for kind, subject in trail_subjects.items() for pk in subject.find(viewer, text)]


def _found(viewer: Viewer, wanted: TrailFilter) -> QuerySet[AuditEntry]:
    rows = trail_for(viewer)
    if wanted.person:
        people = trail_subjects["accounts.user"]
        services = Q(actor_id__isnull=True, actor_name__icontains=wanted.person)
        rows = rows.filter(services | Q(actor_id__in=people.find(viewer, wanted.person)))
    if wanted.verb:
        rows = rows.filter(verb=wanted.verb)
    if wanted.subject:
        rows = rows.filter(subject__in=_subjects(viewer, wanted.subject))
    if wanted.area:
        tree = area_tree()
        area = tree.by_code(wanted.area)
        rows = rows.filter(area_id__in=tree.within(area) if area else [])
    if wanted.origin:
        rows = rows.filter(origin__icontains=wanted.origin)
    if wanted.since:
        rows = rows.filter(at__gte=_start(wanted.since))
    if wanted.until:
        rows = rows.filter(at__lt=_start(wanted.until + timedelta(days=1)))
    return rows.order_by("-pk")


def area_of_search(viewer: Viewer, wanted: TrailFilter) -> int | None:
    """Whose entries a search is about, by id: the area asked for, else the viewer's own."""
    area = area_tree().by_code(wanted.area) if wanted.area else None
    return area.pk if area else viewer.home_area_id


def trail_page(viewer: Viewer, wanted: TrailFilter, after: str = "", size: int = PAGE) -> TrailPage:
    """The acts that fit, as far as the viewer may read them; the page behind a key."""
    rows = _found(viewer, wanted)
    if after.isdecimal() and len(after) <= _DIGITS:
        rows = rows.filter(pk__lt=int(after))
    entries = list(rows[: size + 1])
    shown = entries[:size]
    return TrailPage(in_words(viewer, shown), str(shown[-1].pk) if len(entries) > size else "")


def entries_to_export(viewer: Viewer, wanted: TrailFilter) -> list[ReadEntry]:
    """The newest that fit, at most `MOST_EXPORTED`."""
    return in_words(viewer, list(_found(viewer, wanted)[:MOST_EXPORTED]))


def in_words(viewer: Viewer, entries: list[AuditEntry]) -> list[ReadEntry]:
    """Entries with words for the act, the name of the thing and of the area. One statement per kind of thing."""
    ids: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        kind, _colon, pk = entry.subject.partition(":")
        if kind in trail_subjects and pk.isdecimal() and pk not in ids[kind]:
            ids[kind].append(pk)
    things = {
        f"{kind}:{pk}": named
        for kind, pks in ids.items()
        for pk, named in trail_subjects[kind].describe(viewer, pks).items()
    }
    areas = area_tree().areas
    waiting = waiting_among(viewer, [entry.pk for entry in entries])
    return [
        ReadEntry(
            pk=entry.pk,
            at=entry.at,
            actor=entry.actor_name,
            origin=entry.origin,
            words=str(trail_verbs.get(entry.verb) or entry.verb),
            kind=_kind(entry.subject),
            thing=things.get(entry.subject) or Named(entry.subject.partition(":")[2]),
            area_name=str(areas.get(entry.area_id or 0, "")),
            reason=entry.reason,
            detail=entry.detail,
            sealed=entry.pk not in waiting,
        )
        for entry in entries
    ]


def _kind(subject: str) -> str:
    known = trail_subjects.get(subject.partition(":")[0])
    return str(known.kind) if known else ""


def personal_value(viewer: Viewer, kind: str, pk: int) -> PersonalValue:
    """A personal datum that the viewer may know of. Raises `OutOfScope`."""
    field = personal_fields.get(kind)
    if field is None or viewer.is_anonymous:
        raise OutOfScope(f"{kind} {pk}")
    return field.find(viewer, pk)
