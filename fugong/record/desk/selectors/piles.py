"""The queue of officials: its piles, what it is narrowed to, its pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, TextField, Value

from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.desk.enums import RequestState
from fugong.record.desk.models import Part, Request
from fugong.record.desk.models.request import RequestQuerySet
from fugong.record.desk.selectors.queue import requests_for
from fugong.record.desk.selectors.rules import section_on
from fugong.record.incidents.models import Incident
from fugong.record.registry.models.search import worded, worded_read_through
from fugong.record.registry.selectors.enterprises import enterprises_for

PAGE = 50
# So many that words find are sorted at once; when more have them, the first page of them is soon read in order.
_FEW = 1_000
# The piles of a queue, in the order of the page.
PILES = ("mine", "overdue", "soon", "offered", "waiting", "watching", "parts", "all")


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
        requests = _worded(viewer, requests, wanted.text)
    related = ("enterprise", "owner_body", "owner", "root", "offered_to")
    return requests.select_related(*related).order_by(F("next_due_at").asc(nulls_last=True), "pk")


def _worded(viewer: Viewer, requests: RequestQuerySet, text: str) -> RequestQuerySet:
    """Those whose number begins so, or whose title or enterprise has the words. One query.

    Each of the three has its index, and one condition that joined them could use none. Words that very many have are
    met while reading in order, not looked up.
    """
    named = enterprises_for(viewer)
    plain = requests.order_by()
    ways = [
        plain.filter(worded("title", text)),
        plain.filter(enterprise__in=named.named_like(text).values("pk")),
        plain.filter(number__startswith=text),
    ]
    found = ways[0].values("pk").union(*(way.values("pk") for way in ways[1:]))
    # Not a slice, for which an order would be asked: beyond so many it is all the same which they are.
    found.query.set_limits(high=_FEW + 1)
    ids = [row["pk"] for row in found]
    if len(ids) <= _FEW:
        return requests.filter(pk__in=ids)
    called = Exists(named.named_like_many(text).filter(pk=OuterRef("enterprise")))
    return requests.filter(worded_read_through("title", text) | Q(number__startswith=text) | Q(called))


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a queue; `after` is the key of the last one when more follow, else ""."""

    rows: list[Request]
    after: str


def page_of(viewer: Viewer, incident: Incident, wanted: QueueFilter, after: str) -> Page:
    """The rows that follow a key; from the beginning for none or one that cannot be read.

    One query; two where the paused and answered ones, which come last, fill up a page; words that are searched for
    take one more.
    """
    rows: list[Request] = []
    for part in _following(queue(viewer, incident, wanted), after):
        if len(rows) <= PAGE:
            rows += part[: PAGE + 1 - len(rows)]
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    key = f"{last.next_due_at.timestamp() if last.next_due_at else ''}_{last.pk}" if last else ""
    return Page(rows[:PAGE], key)


def _following(requests: RequestQuerySet, after: str) -> list[RequestQuerySet]:
    """The rows after a key, in parts that an index of the pile can begin at; one after the other they are in order."""
    moment, _separator, pk = after.partition("_")
    try:
        number = int(pk)
        due = datetime.fromtimestamp(float(moment), tz=UTC) if moment else None
    except (ValueError, OverflowError, OSError):
        return [requests]
    still = requests.filter(next_due_at__isnull=True)
    if due is None:
        return [still.filter(pk__gt=number)]
    return [requests.filter(Q(next_due_at__gt=due) | Q(pk__gt=number), next_due_at__gte=due), still]


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
