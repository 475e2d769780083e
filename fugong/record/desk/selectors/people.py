"""Who serves in a body, how much each has on the desk already, who is away and who stands in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, Max, OuterRef, Q

from fugong.base.accounts.models import Body, User
from fugong.base.accounts.selectors import deputy_in, mandates_on, people_of, user_by_id
from fugong.core import clock
from fugong.core.viewer import Viewer, service_viewer
from fugong.record.desk.models import Away, Request
from fugong.record.desk.permissions import WORKERS

_DESK = service_viewer("desk")


def loads_in(viewer: Viewer, body: Body) -> dict[int, int]:
    """Account id → open requests of each person of a body who has any: shown before one more is given. 1 query."""
    loads = Request.objects.running().filter(owner__in=people_of(viewer, body, clock.today()))
    return dict(loads.order_by().values_list("owner").annotate(Count("pk")))


def away_among(viewer: Viewer, user_ids: Collection[int], day: date) -> dict[int, date]:
    """Account id → the last day of the absence, for those of these who are away on a day. One query."""
    if viewer.is_anonymous:
        return {}
    found = Away.objects.on(day).filter(user__in=user_ids)
    return dict(found.order_by().values_list("user").annotate(Max("last_day")))


@dataclass(frozen=True, slots=True)
class Place:
    """A person’s place at the desk of a body: there, or away and who stands in (None: nobody)."""

    is_away: bool
    deputy: User | None = None


def place_of(viewer: Viewer, body: Body, user_id: int, day: date) -> Place:
    """Away is who is noted so, has a deputy on the day, or serves in the body no more. For jobs: up to 4 queries."""
    if not viewer.is_service:
        return Place(is_away=False)
    deputy = deputy_in(viewer, body, user_id, day)
    serves = people_of(viewer, body, day, *WORKERS).filter(pk=user_id).exists()
    if deputy is None and serves and not away_among(viewer, [user_id], day):
        return Place(is_away=False)
    if deputy is not None and (deputy.pk == user_id or away_among(viewer, [deputy.pk], day)):
        deputy = None
    return Place(is_away=True, deputy=deputy)


def whom_to_tell(viewer: Viewer, request: Request) -> list[User]:
    """The right people and nobody else: who has the request, else those of its body who work on requests. For jobs."""
    if not viewer.is_service:
        return []
    today = clock.today()
    if request.owner_id is not None and not place_of(viewer, request.owner_body, request.owner_id, today).is_away:
        owner = user_by_id(request.owner_id)
        return [owner] if owner is not None else []
    people = list(people_of(viewer, request.owner_body, today, *WORKERS))
    away = away_among(viewer, [user.pk for user in people], today)
    return [user for user in people if user.pk not in away]


def in_hands_of_absent(viewer: Viewer) -> list[Request]:
    """The open requests of people who are away as `place_of` says it, for the job that hands over. One query."""
    if not viewer.is_service:
        return []
    today = clock.today()
    noted = Away.objects.on(today).filter(user=OuterRef("owner"))
    deputies = mandates_on(viewer, today).filter(body=OuterRef("owner_body"), deputy_for__user=OuterRef("owner"))
    serving = mandates_on(viewer, today, *WORKERS).filter(body=OuterRef("owner_body"), user=OuterRef("owner"))
    held = Request.objects.running().filter(owner__isnull=False)
    return list(held.filter(Exists(noted) | Exists(deputies) | ~Exists(serving)).order_by("owner", "pk"))


@dataclass(frozen=True, slots=True)
class Load:
    """A person of a body: requests in hand, those of them overdue, until when away (None: there)."""

    user: User
    open: int
    overdue: int
    away_until: date | None


def people_at_desk(viewer: Viewer, body: Body) -> list[Load]:
    """Who works on requests in a body, with the load of each, by name. 3 queries."""
    people = list(people_of(viewer, body, clock.today(), *WORKERS))
    ids = [user.pk for user in people]
    rows = Request.objects.running().filter(owner__in=ids, owner_body=body).order_by().values("owner")
    late = Q(next_due_at__lt=clock.now())
    counted = rows.annotate(n=Count("pk"), late=Count("pk", filter=late)).values_list("owner", "n", "late")
    counts = {pk: (number, overdue) for pk, number, overdue in counted}
    away = away_among(viewer, ids, clock.today())
    return [Load(user, *counts.get(user.pk, (0, 0)), away.get(user.pk)) for user in people]
