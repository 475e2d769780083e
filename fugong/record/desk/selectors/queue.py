"""Reads of the desk: the queue of officials, the requests of an enterprise, one request whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from fugong.core import clock
from fugong.core.bulk import one_row
from fugong.core.decision import OutOfScope
from fugong.core.viewer import Viewer, service_viewer
from fugong.record.desk.enums import OPEN, RUNNING, ClockState, RequestState
from fugong.record.desk.logic.watching import METRICS
from fugong.record.desk.models import Entry, Part, Rating, Request, RootProblem
from fugong.record.desk.models.request import RequestQuerySet
from fugong.record.desk.permissions import can_see_requests, can_work_on
from fugong.record.desk.selectors.rules import section_on, service_clock
from fugong.record.incidents.models import Incident
from fugong.record.reporting.selectors.readings import reports_since

_CURVE_DAYS = 60
_DESK = service_viewer("desk")
_WATCHED = """
SELECT ARRAY(SELECT id FROM desk_request
    WHERE enterprise_id = %(enterprise)s AND incident_id = %(incident)s AND state = %(state)s)
"""


def requests_for(viewer: Viewer, incident: Incident) -> RequestQuerySet:
    """The requests of an incident that an official sees: those managed within the mandates’ areas."""
    can_see_requests(viewer).require()
    return Request.objects.managed_within(viewer).filter(incident=incident)


def request_for(viewer: Viewer, incident: Incident, number: str) -> Request:
    """One request, for an official. Raises `OutOfScope`."""
    found = (
        requests_for(viewer, incident)
        .select_related(
            "owner_body",
            "owner_body__area",
            "offered_to",
            "owner",
            "enterprise",
            "root",
            "incident",
            "managing_area",
            "duplicate_of",
            "root__body",
        )
        .filter(number=number)
        .first()
    )
    if found is None:
        raise OutOfScope(f"request {number}")
    return found


def open_of(viewer: Viewer, incident: Incident, enterprise_id: int, most: int = 10) -> list[Request]:
    """What an enterprise has on the desk, for an official: what waits longest first. One query."""
    open_ones = requests_for(viewer, incident).open().filter(enterprise=enterprise_id)
    return list(open_ones.select_related("owner_body").order_by("opened_at", "pk")[:most])


def own_requests(viewer: Viewer) -> RequestQuerySet:
    """The requests of the enterprises that the viewer reports for, the latest first."""
    mine = Request.objects.granted_to(viewer)
    return mine.select_related("enterprise", "owner_body", "incident").order_by("-opened_at", "-pk")


def requests_of(viewer: Viewer, incident: Incident, enterprise_id: int, most: int = 8) -> list[Request]:
    """The requests of an enterprise for an official: the open ones first, then those that ended last. One query."""
    found = requests_for(viewer, incident).filter(enterprise=enterprise_id)
    return list(
        found.select_related("owner_body", "owner", "enterprise").order_by(
            F("ended_at").desc(nulls_first=True), "-opened_at", "-pk"
        )[:most]
    )


def own_page(viewer: Viewer, enterprise_id: int | None, state: str, before: int | None, size: int) -> list[Request]:
    """Own requests for a program, by id, the newest first: of one enterprise, in one state, older than an id."""
    found = own_requests(viewer).order_by("-pk")
    if enterprise_id is not None:
        found = found.filter(enterprise=enterprise_id)
    if state:
        found = found.filter(state=state)
    return list((found if before is None else found.filter(pk__lt=before))[:size])


def own_request(viewer: Viewer, number: str) -> Request:
    """One of them. Raises `OutOfScope`."""
    found = own_requests(viewer).select_related("root").filter(number=number).first()
    if found is None:
        raise OutOfScope(f"request {number}")
    return found


def watched_of(viewer: Viewer, incident_id: int, enterprise_id: int) -> list[Request]:
    """The answers to an enterprise that are watched, for the job that judges them."""
    if not viewer.is_service:
        return []
    asked = {"enterprise": enterprise_id, "incident": incident_id, "state": RequestState.WATCHING.value}
    # Nearly every report meets none, and whether there is one costs a fifth of the list.
    (ids,) = one_row(_WATCHED, asked)
    return list(Request.objects.filter(pk__in=ids).order_by("pk")) if ids else []


def watched_for(viewer: Viewer) -> list[Request]:
    """Every answer that is watched, for the job that judges them."""
    if not viewer.is_service:
        return []
    return list(Request.objects.filter(state=RequestState.WATCHING).order_by("pk"))


def overdue_for(viewer: Viewer, most: int = 500) -> list[Request]:
    """Requests with a broken promise for which they have not gone up yet, for the job that sends them there."""
    if not viewer.is_service:
        return []
    now = clock.now()
    overdue = Request.objects.running().filter(next_due_at__lt=now).order_by("next_due_at", "pk")
    return [request for request in overdue[:20_000] if request.broken_promise(now) != request.escalated_for][:most]


def to_remind(viewer: Viewer, most: int = 500) -> list[Request]:
    """Requests of which somebody is to be told by now, for the job that does."""
    if not viewer.is_service:
        return []
    return list(Request.objects.filter(remind_at__lte=clock.now()).order_by("remind_at", "pk")[:most])


def roots_for(viewer: Viewer, incident: Incident) -> list[RootProblem]:
    """The unsolved root problems of an incident, the latest first."""
    if not can_see_requests(viewer):
        return []
    return list(RootProblem.objects.filter(incident=incident, solved_at__isnull=True).select_related("body")[:100])


def root_for(viewer: Viewer, incident: Incident, pk: int) -> RootProblem:
    """One root problem: of the viewer's bodies' areas, or with a request that the viewer sees. Raises `OutOfScope`."""
    found = RootProblem.objects.filter(incident=incident, pk=pk).select_related("body", "body__area").first()
    if found is None or not can_see_requests(viewer):
        raise OutOfScope(f"root {pk}")
    if not viewer.covers(found.body.area_id) and not requests_for(viewer, incident).filter(root=pk).exists():
        raise OutOfScope(f"root {pk}")
    return found


def part_for(viewer: Viewer, request: Request, pk: int) -> Part:
    """A part of a request that the viewer has found. Raises `OutOfScope`."""
    found = Part.objects.filter(request=request, pk=pk).select_related("request", "body").first()
    if found is None or not can_see_requests(viewer):
        raise OutOfScope(f"part {pk}")
    return found


@dataclass(frozen=True, slots=True)
class Weight:
    """A root problem with what waits on it."""

    root: RootProblem
    requests: int
    enterprises: int
    people: int


def weights(viewer: Viewer, incident: Incident, most: int = 5) -> list[Weight]:
    """The unsolved root problems by the people that a solution frees, the heaviest first. One query.

    Of an official’s own areas only what lies in them counts; a root problem without anything there is left out.
    """
    if not can_see_requests(viewer):
        return []
    waits = Q(requests__state__in=OPEN)
    if not viewer.covers_root:
        waits &= Q(requests__managing_area_id__in=viewer.area_ids)
    found = (
        RootProblem.objects.filter(incident=incident, solved_at__isnull=True)
        .select_related("body")
        .annotate(
            waiting=Count("requests", filter=waits),
            enterprises=Count("requests__enterprise", filter=waits, distinct=True),
            people=Coalesce(Sum("requests__people_waiting", filter=waits), 0),
        )
        .filter(waiting__gt=0)
        .order_by("-people", "pk")[:most]
    )
    return [Weight(root, root.waiting, root.enterprises, root.people) for root in found]


@dataclass(frozen=True, slots=True)
class Clock:
    """A request's clock as a page shows it: what falls due next, when, and how it stands."""

    state: ClockState
    promise: str
    due_at: datetime | None
    minutes_left: float = 0
    working_days_left: int = 0


def clock_of(request: Request, risk_percent: int) -> Clock:
    """How the clock of a request stands now. No query within a request once a body's hours are read."""
    if request.state not in RUNNING:
        return Clock(ClockState.STOPPED, "", None)
    if request.next_due_at is None:
        return Clock(ClockState.PAUSED, "", None)
    now = clock.now()
    service = service_clock(request.owner_body, now.date())
    due = request.next_due_at
    first, last = (now, due) if now <= due else (due, now)
    days = sum(
        service.calendar.is_working(clock.day_of(first) + timedelta(days=number))
        for number in range(1, (clock.day_of(last) - clock.day_of(first)).days + 1)
    )
    return Clock(
        service.state(request.round_started_at, due, now, risk_percent),
        request.next_promise,
        due,
        service.minutes_between(first, last),
        days,
    )


@dataclass(frozen=True, slots=True)
class Whole:
    """One request with everything that its page shows."""

    request: Request
    clock: Clock
    entries: list[Entry]
    parts: list[Part]
    ratings: list[Rating]
    similar: list[Request] = field(default_factory=list)
    # What the reports have said of the value that must move, from a week before it was asked: 60 days at most.
    values: list[tuple[date, Decimal]] = field(default_factory=list)


def _whole(request: Request, *, public: bool, with_values: bool = True) -> Whole:
    entries = list(request.entries.filter(is_public=True) if public else request.entries.all())
    section = section_on(request.incident, clock.today())
    return Whole(
        request,
        clock_of(request, section.risk_percent),
        entries,
        list(request.parts.select_related("body")),
        list(request.ratings.all()),
        values=_values(request) if with_values else [],
    )


def _values(request: Request) -> list[tuple[date, Decimal]]:
    """The watched value by day, the last 60 days until it ended; none where nothing is watched. One query."""
    metric = METRICS.get(request.watch_metric)
    if metric is None:
        return []
    until = clock.day_of(request.ended_at) if request.ended_at else clock.today()
    since = max(request.opened_on - timedelta(days=7), until - timedelta(days=_CURVE_DAYS))
    reports = reports_since(_DESK, request.incident_id, [request.enterprise_id], since, until)
    found = [(report.day, metric.value(report)) for report in reports.get(request.enterprise_id, [])]
    return [(day, Decimal(value)) for day, value in found if value is not None]


def whole_request(viewer: Viewer, incident: Incident, number: str, *, to_act: bool = False) -> Whole:
    """A request for an official, with up to 6 open ones like it nearby. Raises `OutOfScope`.

    `to_act`: without what only its page shows.
    """
    request = request_for(viewer, incident, number)
    whole = _whole(request, public=False, with_values=not to_act)
    if to_act:
        return whole
    near = requests_for(viewer, incident).open().filter(category=request.category, root=request.root)
    whole.similar.extend(near.exclude(pk=request.pk).select_related("enterprise").order_by("-people_waiting", "pk")[:6])
    if not _may_read_ratings(viewer, request):
        whole.ratings.clear()
    return whole


def _may_read_ratings(viewer: Viewer, request: Request) -> bool:
    """A low mark reaches the handler only after it went one level up: before that it would be answered, not heeded."""
    handles = request.owner_id == viewer.id or request.owner_body_id in viewer.body_ids
    return bool(can_work_on(viewer, request)) and (not handles or request.level > 0)


def own_whole(viewer: Viewer, number: str, *, to_act: bool = False) -> Whole:
    """A request for its own enterprise: what is public of it. Raises `OutOfScope`. `to_act`: without its curve."""
    return _whole(own_request(viewer, number), public=True, with_values=not to_act)
