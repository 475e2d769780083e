"""How what the desk promises is kept: shares with their base, by body or category, beside the days before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Least

from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.desk.enums import OPEN, EntryKind, Promise, RequestEnd, RequestState, Usefulness
from fugong.record.desk.models import Entry, Pause, Rating, Round
from fugong.record.desk.models.request import RequestQuerySet
from fugong.record.desk.selectors.queue import requests_for
from fugong.record.incidents.models import Incident

DAYS = 7
By = Literal["body", "category"]
_KEY = {"body": "owner_body", "category": "category"}
_PROMISES = (
    (Promise.CONTACT, "contact_due_at", "contacted_at"),
    (Promise.PLAN, "plan_due_at", "planned_at"),
    (Promise.CLOSE, "close_due_at", "answered_at"),
)
_BACK = (EntryKind.DENIED, EntryKind.NOT_MOVED, EntryKind.REOPENED)
# Somebody took it on, whoever has it now: the owner goes when the person is away or the request goes up or comes back.
_TAKEN = (EntryKind.ACCEPTED, EntryKind.ASSIGNED, EntryKind.CONTACTED, EntryKind.PLANNED, EntryKind.ANSWERED)


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`, and the same of the span before; a share of nothing is none."""

    part: int = 0
    whole: int = 0
    part_before: int = 0
    whole_before: int = 0

    def __add__(self, other: Share) -> Share:
        return Share(
            self.part + other.part,
            self.whole + other.whole,
            self.part_before + other.part_before,
            self.whole_before + other.whole_before,
        )


@dataclass(slots=True)
class ServiceRow:
    """One body or category. `promises`: kept of those kept or broken in the span; `solved` and `no_help`: of the ended;
    `useful`: of the rated; `came_back`: of the answers, those that were denied, did not move or were opened again;
    `refused`: of what was opened, that which a body has called not theirs and nobody has ever taken on.
    """

    key: int | str
    promises: dict[str, Share] = field(default_factory=dict)
    solved: Share = Share()
    no_help: Share = Share()
    useful: Share = Share()
    came_back: Share = Share()
    refused: Share = Share()
    open: int = 0
    oldest: datetime | None = None


def service_rows(viewer: Viewer, incident: Incident, by: By, area_ids: frozenset[int] | None) -> list[ServiceRow]:
    """The last seven days by body (that has the duty now) or category, those with most open requests first. 4 queries.

    A promise counts for the body that had the request then: of every round, also of those before it came back.
    `area_ids` narrows to areas; None: all that the viewer sees. Raises `Denied` for who does not see requests.
    """
    requests = requests_for(viewer, incident)
    if area_ids is not None:
        requests = requests.filter(managing_area__in=area_ids)
    now = clock.now()
    spans = (now - timedelta(days=DAYS), now), (now - timedelta(days=2 * DAYS), now - timedelta(days=DAYS))
    rows = {row.key: row for row in _of_requests(requests, by, spans)}
    ids = requests.order_by().values("pk")
    _add_rounds(rows, Round.objects.filter(request__in=ids, ended_at__gte=spans[1][0]), by, spans)
    key = f"request__{_KEY[by]}"
    rated = Rating.objects.filter(request__in=ids, rated_at__gte=spans[1][0])
    useful = ~Q(outcome=Usefulness.NOTHING)
    for found in rated.order_by().values(key).annotate(**_both("rated_at", spans, useful, Q())):
        rows[found[key]].useful = _share(found)
    # An answer came back when a return follows it; a second answer presupposes that the first did.
    back = Entry.objects.filter(request=OuterRef("request"), pk__gt=OuterRef("pk"), kind__in=_BACK)
    told = Entry.objects.filter(request__in=ids, at__gte=spans[1][0], kind=EntryKind.ANSWERED)
    told = told.annotate(came_back=Exists(back))
    counted = _both("at", spans, Q(came_back=True), Q())
    for found in told.order_by().values(key).annotate(**counted):
        rows[found[key]].came_back = _share(found)
    return sorted(rows.values(), key=lambda row: (-row.open, str(row.key)))


Spans = tuple[tuple[datetime, datetime], tuple[datetime, datetime]]


def _both(moment: str, spans: Spans, part: Q, whole: Q, name: str = "") -> dict[str, Count]:
    """Counts of `part` and `whole` in both spans, named so that `_share` finds them."""
    found = {}
    for (first, last), suffix in zip(spans, ("", "_before"), strict=True):
        within = Q(**{f"{moment}__gte": first, f"{moment}__lt": last})
        found[f"{name}part{suffix}"] = Count("pk", filter=within & part)
        found[f"{name}whole{suffix}"] = Count("pk", filter=within & whole)
    return found


def _share(found: dict[str, int], name: str = "") -> Share:
    return Share(*(found[f"{name}{word}"] for word in ("part", "whole", "part_before", "whole_before")))


def _promised(promise: str, due: str, kept: str, fell_due: Q, spans: Spans) -> dict[str, Count]:
    """Counts of a promise. It belongs to the moment at which it was kept or broken, whichever came first."""
    counted = Q(**{f"{kept}__isnull": False}) | fell_due
    return _both(f"settled_{promise}", spans, Q(**{f"{kept}__lte": F(due)}), counted, f"{promise}_")


def _add_rounds(rows: dict[int | str, ServiceRow], rounds: QuerySet[Round], by: By, spans: Spans) -> None:
    """Add the promises of rounds that are over: a request that came back was promised something more than once."""
    key = "body" if by == "body" else "request__category"
    counts: dict[str, Count] = {}
    for promise, due, kept in _PROMISES:
        rounds = rounds.annotate(**{f"settled_{promise}": Least(kept, due)})
        counts |= _promised(promise, due, kept, Q(ended_at__gt=F(due)), spans)
    for found in rounds.order_by().values(key).annotate(**counts):
        row = rows.setdefault(found[key], ServiceRow(found[key]))
        for promise, _due, _kept in _PROMISES:
            row.promises[promise] = row.promises.get(promise, Share()) + _share(found, f"{promise}_")


def _of_requests(requests: RequestQuerySet, by: By, spans: Spans) -> Sequence[ServiceRow]:
    counts: dict[str, Count | Min] = {
        "open_now": Count("pk", filter=Q(state__in=OPEN)),
        "oldest_open": Min("opened_at", filter=Q(state__in=OPEN)),
    }
    for promise, due, kept in _PROMISES:
        still = Pause.objects.filter(request=OuterRef("pk"), ended_at__isnull=True, started_at__lt=OuterRef(due))
        requests = requests.annotate(**{f"settled_{promise}": Least(kept, due), f"still_{promise}": Exists(still)})
        # One that ended before it was due, or stands still over it, was neither kept nor broken.
        fell_due = (Q(ended_at__isnull=True) | Q(ended_at__gt=F(due))) & Q(**{f"still_{promise}": False})
        counts |= _promised(promise, due, kept, fell_due, spans)
    told = Entry.objects.filter(request=OuterRef("pk"))
    declined, taken = told.filter(kind=EntryKind.DECLINED), told.filter(kind__in=_TAKEN)
    requests = requests.annotate(was_declined=Exists(declined), was_taken=Exists(taken))
    nobodys = Q(was_declined=True, was_taken=False)
    counts |= _both("opened_at", spans, nobodys, Q(), "refused_")
    ended = Q(state=RequestState.ENDED)
    counts |= _both("ended_at", spans, Q(end=RequestEnd.SOLVED), ended, "solved_")
    counts |= _both("ended_at", spans, Q(end=RequestEnd.NO_HELP), ended, "no_help_")
    rows = []
    for found in requests.order_by().values(_KEY[by]).annotate(**counts):
        row = ServiceRow(
            found[_KEY[by]], {name: _share(found, f"{name}_") for name, _due, _kept in _PROMISES},
            open=found["open_now"], oldest=found["oldest_open"],
        )  # fmt: skip
        row.solved, row.no_help = _share(found, "solved_"), _share(found, "no_help_")
        row.refused = _share(found, "refused_")
        rows.append(row)
    return rows
