"""Officers: who there is, with how much to look after; who they are found by; their absences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Max, Min, Q

from fugong.base.accounts.models import User
from fugong.base.accounts.selectors import officials_among, officials_like
from fugong.core import clock
from fugong.core.decision import OutOfScope
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.liaison.models import Absence, Assignment
from fugong.record.liaison.models.assignment import AssignmentQuerySet
from fugong.record.liaison.permissions import can_see_field

PAGE = 50


def _seen(viewer: Viewer, incident: Incident, day: date) -> AssignmentQuerySet:
    """The assignments of people to enterprises of the official's areas that hold or will."""
    can_see_field(viewer).require()
    rows = Assignment.objects.open_on(day).filter(incident=incident, user__isnull=False, enterprise__isnull=False)
    return rows if viewer.covers_root else rows.filter(enterprise__managing_area_id__in=viewer.area_ids)


def areas_looked_after(viewer: Viewer, user_id: int) -> list[int]:
    """Ids of the areas of all enterprises that a person looks after; for permissions alone."""
    if viewer.is_anonymous:
        return []
    rows = Assignment.objects.open_on(clock.today()).lasting().filter(user_id=user_id, enterprise__isnull=False)
    return list(rows.order_by().values_list("enterprise__managing_area_id", flat=True).distinct())


@dataclass(frozen=True, slots=True)
class Officer:
    """One line of the list: how many enterprises within the official's view, how many of them only for a time."""

    pk: int
    name: str
    username: str
    kinds: tuple[str, ...]
    load: int
    acting: int
    away_until: date | None
    acting_name: str


@dataclass(frozen=True, slots=True)
class OfficerPage:
    """A page of officers; `after` is the key of the last one when more follow, else ""."""

    rows: list[Officer]
    after: str


def officers_for(viewer: Viewer, incident: Incident, text: str = "", after: str = "", size: int = PAGE) -> OfficerPage:
    """Who looks after enterprises of the official's areas, the heaviest load first; paged by key. 2 queries."""
    today = clock.today()
    rows = _seen(viewer, incident, today).filter(valid_from__lte=today)
    if text:
        rows = rows.filter(Q(user__name__icontains=text) | Q(user__username__startswith=text.lower()))
    grouped = (
        rows.order_by()
        .values("user_id", "user__name", "user__username")
        .annotate(
            load=Count("enterprise", distinct=True),
            acting=Count("pk", filter=Q(absence__isnull=False)),
            kinds=ArrayAgg("kind", distinct=True),
        )
    )
    load, _separator, pk = after.partition("_")
    if load.isdecimal() and pk.isdecimal() and len(after) < 30:
        grouped = grouped.filter(Q(load__lt=int(load)) | Q(load=int(load), user_id__gt=int(pk)))
    found = list(grouped.order_by("-load", "user_id")[: size + 1])
    ids = [row["user_id"] for row in found[:size]]
    away = {row.user_id: row for row in _away(ids, today)}
    officers = [
        Officer(
            row["user_id"],
            row["user__name"],
            row["user__username"],
            tuple(row["kinds"]),
            row["load"],
            row["acting"],
            away[row["user_id"]].last_on if row["user_id"] in away else None,
            away[row["user_id"]].acting.name if row["user_id"] in away else "",
        )
        for row in found[:size]
    ]
    last = officers[-1] if len(found) > size else None
    return OfficerPage(officers, f"{last.load}_{last.pk}" if last else "")


def _away(ids: list[int], day: date) -> list[Absence]:
    rows = Absence.objects.open_on(day).filter(user_id__in=ids, first_on__lte=day)
    return list(rows.select_related("acting").order_by("pk"))


@dataclass(frozen=True, slots=True)
class Loads:
    """How the load is spread over the officers of a view today."""

    officers: int
    most: int
    least: int


def spread(viewer: Viewer, incident: Incident) -> Loads:
    """How many officers there are, and the largest and smallest number of enterprises one has. One query."""
    today = clock.today()
    rows = _seen(viewer, incident, today).filter(valid_from__lte=today)
    numbers = rows.order_by().values("user_id").annotate(load=Count("enterprise", distinct=True))
    found = numbers.aggregate(officers=Count("user_id"), most=Max("load"), least=Min("load"))
    return Loads(found["officers"], found["most"] or 0, found["least"] or 0)


def officer_ids(viewer: Viewer, incident: Incident) -> list[int]:
    """Ids of all who look after an enterprise of the official's areas."""
    rows = _seen(viewer, incident, clock.today()).order_by().values_list("user_id", flat=True)
    return [pk for pk in rows.distinct() if pk]


def officer_for(viewer: Viewer, incident: Incident, pk: int) -> User:
    """A person who looks after an enterprise of the official's areas, or did. Raises `OutOfScope`."""
    can_see_field(viewer).require()
    rows = Assignment.objects.filter(incident=incident, user=pk, enterprise__isnull=False)
    if not viewer.covers_root:
        rows = rows.filter(enterprise__managing_area_id__in=viewer.area_ids)
    found = rows.select_related("user").order_by("-pk").first()
    if found is None or found.user is None:
        raise OutOfScope(f"officer {pk}")
    return found.user


def absences_of(viewer: Viewer, user: User) -> list[Absence]:
    """The absences of an officer that last or are to come, the next first; for who has found the officer."""
    if viewer.is_anonymous:
        return []
    return list(Absence.objects.open_on(clock.today()).filter(user=user).select_related("acting").order_by("first_on"))


def absence_for(viewer: Viewer, user: User, pk: int) -> Absence:
    """One of them. Raises `OutOfScope`."""
    found = next((absence for absence in absences_of(viewer, user) if absence.pk == pk), None)
    if found is None:
        raise OutOfScope(f"absence {pk}")
    return found


def acted_for(viewer: Viewer, user: User) -> list[Absence]:
    """For whom an officer acts today or will; for who has found the officer."""
    if viewer.is_anonymous:
        return []
    rows = Absence.objects.open_on(clock.today()).filter(acting=user)
    return list(rows.select_related("user").order_by("first_on"))


def candidates(viewer: Viewer, incident: Incident, text: str, area_ids: frozenset[int], most: int = 12) -> list[User]:
    """Who could be given enterprises of these areas: by words anybody of the official's areas, without words those who
    look after some there already.
    """
    can_see_field(viewer).require()
    rows = _seen(viewer, incident, clock.today()).lasting()
    if not text:
        rows = rows.filter(enterprise__managing_area_id__in=area_ids)
    loaded = rows.order_by().values("user_id").annotate(load=Count("enterprise", distinct=True))
    ids = list(loaded.order_by("load", "user_id").values_list("user_id", flat=True)[: None if text else most])
    return officials_like(viewer, text, also=[pk for pk in ids if pk], most=most)


def choosable(viewer: Viewer, incident: Incident, ids: frozenset[int]) -> list[User]:
    """Those of these ids whom the official may give enterprises. None for no ids."""
    if not ids:
        return []
    ours = _seen(viewer, incident, clock.today()).filter(user__in=ids).order_by().values_list("user_id", flat=True)
    return officials_among(viewer, ids, also=[pk for pk in ours.distinct() if pk])
