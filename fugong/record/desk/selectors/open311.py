"""What anybody may read of the desk: Open311 GeoReport v2, without names, words or numbers of enterprises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max

from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.desk.enums import OPEN, RequestState
from fugong.record.desk.models import Request
from fugong.record.incidents.models import Incident
from fugong.record.incidents.selectors import open_incidents

# GeoReport v2: the span defaults to 90 days and may not be longer; the first 1,000 requests are given.
SPAN = timedelta(days=90)
MOST = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a program asks for; empty narrows nothing. `numbers` overrides the rest, as the standard says."""

    numbers: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    first: datetime | None = None
    last: datetime | None = None


def public_incident(viewer: Viewer, slug: str) -> Incident | None:
    """The incident of a jurisdiction; without a name the one that is open today, None when there are several or none.

    Incidents are public knowledge. A drill is nobody's business outside.
    """
    found = [incident for incident in open_incidents(clock.today()) if not incident.is_drill]
    if slug:
        return next((incident for incident in found if incident.slug == slug), None)
    return found[0] if len(found) == 1 else None


def public_requests(viewer: Viewer, incident: Incident, wanted: Wanted) -> list[Request]:
    """The latest requests, at most 1,000, each with `told_at`, the last word in its timeline. One query."""
    requests = Request.objects.filter(incident=incident)
    if wanted.numbers:
        requests = requests.filter(number__in=wanted.numbers)
    else:
        last = wanted.last or (wanted.first + SPAN if wanted.first else clock.now())
        first = wanted.first or last - SPAN
        requests = requests.filter(opened_at__gte=first, opened_at__lte=last)
        if wanted.categories:
            requests = requests.filter(category__in=wanted.categories)
        if wanted.states == ("open",):
            requests = requests.filter(state__in=OPEN)
        elif wanted.states == ("closed",):
            requests = requests.filter(state=RequestState.ENDED)
    return list(
        requests.select_related("owner_body", "managing_area")
        .annotate(told_at=Max("entries__at"))
        .order_by("-opened_at", "-pk")[:MOST]
    )
