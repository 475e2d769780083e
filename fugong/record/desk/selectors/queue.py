"""Reads of the desk: the queue of officials, the requests of an enterprise, one request whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Exists, F, OuterRef, Q, Sum, TextField, Value
from django.db.models.functions import Coalesce

from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree
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

PAGE = 50
_CURVE_DAYS = 60
_DESK = service_viewer("desk")
_WATCHED = """
SELECT ARRAY(SELECT id FROM desk_request
    WHERE enterprise_id = %(enterprise)s AND incident_id = %(incident)s AND state = %(state)s)
"""
# The piles of a queue, in the order of the page.
PILES = ("mine", "overdue", "soon", "offered", "waiting", "watching", "parts", "all")


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


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What the queue is narrowed to; empty words narrow nothing."""

    pile: str = "all"
    category: str = ""
    area: Area | None = None
    channel: str = ""
    root: int | None = None
    text: str = ""


def _pile(viewer: Viewer, requests: RequestQuerySet, pile: str, now: datetime) -> RequestQuerySet:
    bodies = viewer.body_ids
    ours = requests.filter(owner_body__in=bodies)
    if pile == "mine":
        return ours.running()
    if pile == "overdue":
        return ours.running().filter(next_due_at__lt=now)
    if pile == "soon":
        return ours.running().filter(next_due_at__gte=now, next_due_at__lt=now + timedelta(days=2))
    if pile == "offered":
        return requests.running().filter(offered_to__in=bodies)
    if pile == "waiting":
        return ours.filter(state=RequestState.ANSWERED)
    if pile == "watching":
        return ours.filter(state=RequestState.WATCHING)
    if pile == "parts":
        return requests.open().filter(Exists(Part.objects.filter(request=OuterRef("pk"), body__in=bodies)))
    return requests.open()


def queue(viewer: Viewer, incident: Incident, wanted: QueueFilter) -> RequestQuerySet:
    """The requests of a pile, what falls due first at the top; paused ones and answered ones after them."""
    requests = _pile(viewer, requests_for(viewer, incident), wanted.pile, clock.now())
    if wanted.category:
        codes = [wanted.category] + [
            item.code for item in section_on(incident, clock.today()).categories if item.parent == wanted.category
        ]
        requests = requests.filter(category__in=codes)
    if wanted.area is not None:
        requests = requests.filter(managing_area__in=area_tree().within(wanted.area))
    if wanted.channel:
        requests = requests.filter(channel=wanted.channel)
    if wanted.root is not None:
        requests = requests.filter(root=wanted.root)
    if wanted.text:
        requests = requests.filter(
            Q(number__startswith=wanted.text)
            | Q(title__icontains=wanted.text)
            | Q(enterprise__name__contains=wanted.text)
        )
    related = ("enterprise", "owner_body", "owner", "root", "offered_to")
    return requests.select_related(*related).order_by(F("next_due_at").asc(nulls_last=True), "pk")


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a queue; `after` is the key of the last one when more follow, else ""."""

    rows: list[Request]
    after: str


def page_of(viewer: Viewer, incident: Incident, wanted: QueueFilter, after: str) -> Page:
    """The rows that follow a key; from the beginning for none or one that cannot be read. One query."""
    rows = list(_following(queue(viewer, incident, wanted), after)[: PAGE + 1])
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    key = f"{last.next_due_at.timestamp() if last.next_due_at else ''}_{last.pk}" if last else ""
    return Page(rows[:PAGE], key)


def _following(requests: RequestQuerySet, after: str) -> RequestQuerySet:
    moment, _separator, pk = after.partition("_")
    try:
        number = int(pk)
        due = datetime.fromtimestamp(float(moment), tz=UTC) if moment else None
    except (ValueError, OverflowError, OSError):
        return requests
    if due is None:
        return requests.filter(next_due_at__isnull=True, pk__gt=number)
    later = Q(next_due_at__gt=due) | Q(next_due_at__isnull=True) | Q(next_due_at=due, pk__gt=number)
    return requests.filter(later)


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


def pile_counts(viewer: Viewer, incident: Incident) -> dict[str, int]:
    """How many requests lie on each pile. One query, in which each pile is counted by its own index."""
    base = requests_for(viewer, incident).order_by()
    piles = [
        _pile(viewer, base, name, clock.now())
        .order_by()
        .annotate(pile=Value(name, TextField()))
        .values("pile")
        .annotate(n=Count("pk"))
        .values_list("pile", "n")
        for name in PILES
        if name == "all" or viewer.body_ids
    ]
    found = dict(piles[0].union(*piles[1:], all=True)) if len(piles) > 1 else dict(piles[0])
    return {name: found.get(name, 0) for name in PILES}


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
