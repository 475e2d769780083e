"""Plans of enterprises: what stands in them, how far the facts have come, and what the facts newly ask for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree
from fugong.core import clock
from fugong.core.decision import OutOfScope
from fugong.core.plans import PlanFact, PlanProgress, PlanWords, plan_sources
from fugong.core.viewer import Viewer, service_viewer
from fugong.record.incidents.models import Incident
from fugong.record.liaison.logic.plan_words import item_words
from fugong.record.liaison.models import EnterprisePlan, PlanItem
from fugong.record.liaison.permissions import can_see_field, can_see_plan
from fugong.record.liaison.selectors.section import field_section
from fugong.record.registry.models import Enterprise
from fugong.record.registry.selectors.enterprises import enterprises_for

# Who reads a plan is asked here; the rooms that know the facts read them for the field book.
_LIAISON = service_viewer("liaison")
PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """An item with its words and how far it has come; `progress` None where its source no longer knows the fact."""

    item: PlanItem
    words: PlanWords
    progress: PlanProgress | None

    @property
    def is_done(self) -> bool:
        if not self.item.source:
            return self.item.settled_at is not None
        return self.progress is not None and self.progress.state == "done"

    @property
    def is_over(self) -> bool:
        """Nothing moves it any more, and it was not reached."""
        return self.progress is not None and self.progress.state == "over"

    @property
    def percent(self) -> int | None:
        if self.is_done:
            return 100
        return self.progress.percent if self.progress else None

    def days_left(self, today: date) -> int | None:
        """Days until it is due, negative once that is over; None without a day, or when nothing is left to do."""
        if self.item.due_on is None or self.is_done or self.is_over:
            return None
        return (self.item.due_on - today).days


@dataclass(frozen=True, slots=True)
class Proposal:
    """A fact that asks for something and does not stand in the plan yet."""

    source: str
    label: str
    fact: PlanFact
    words: PlanWords


@dataclass(frozen=True, slots=True)
class PlanSheet:
    """A plan as it is read: its items, those taken out, and what the facts newly propose."""

    plan: EnterprisePlan
    lines: list[Line]
    dropped: list[Line] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)

    @property
    def done(self) -> int:
        return sum(line.is_done for line in self.lines)

    @property
    def next_due(self) -> date | None:
        """The earliest day of what is still to be done."""
        return min((line.item.due_on for line in self.lines if line.item.due_on and not _closed(line)), default=None)

    def late(self, today: date) -> int:
        """How many items are past their day."""
        return sum((left := line.days_left(today)) is not None and left < 0 for line in self.lines)


def _closed(line: Line) -> bool:
    return line.is_done or line.is_over


def facts_of(
    viewer: Viewer, incident: Incident, enterprises: Iterable[Enterprise], day: date
) -> list[tuple[str, PlanFact]]:
    """What all sources ask for at enterprises whose plans the viewer may see, on a day, in the order of the sources."""
    seen = list(enterprises)
    for enterprise in seen:
        can_see_plan(viewer, enterprise).require()
    limits, ids = field_section(incident, day).plan, frozenset(one.pk for one in seen)
    return [
        (source.name, fact)
        for source in sorted(plan_sources.values(), key=lambda one: one.order)
        for fact in source.facts(_LIAISON, incident.pk, ids, day, limits)
    ]


def _progress(incident_id: int, items: Iterable[PlanItem], day: date) -> dict[int, PlanProgress]:
    """Item id → how far its fact has come."""
    by_source: dict[str, list[PlanItem]] = defaultdict(list)
    for item in items:
        by_source[item.source].append(item)
    found: dict[int, PlanProgress] = {}
    for name, those in by_source.items():
        source = plan_sources.get(name)
        if source is None:
            continue
        kept = [PlanFact(item.plan.enterprise_id, item.key, item.figures) for item in those]
        come = source.progress(_LIAISON, incident_id, kept, day)
        for item in those:
            if (progress := come.get((item.plan.enterprise_id, item.key))) is not None:
                found[item.pk] = progress
    return found


def _items(**plans: Any) -> list[PlanItem]:
    rows = PlanItem.objects.filter(**plans).select_related("plan", "body", "user")
    return list(rows.order_by("pk"))


def _sheets(incident: Incident, plans: list[EnterprisePlan], items: list[PlanItem], day: date) -> list[PlanSheet]:
    by_plan: dict[int, list[PlanItem]] = defaultdict(list)
    for item in items:
        by_plan[item.plan_id].append(item)
    come = _progress(incident.pk, [item for item in items if item.dropped_at is None], day)
    order = {name: source.order for name, source in plan_sources.items()}
    sheets = []
    for plan in plans:
        lines = [
            Line(item, item_words(item.source, item.key, item.figures, item.title, item.goal), come.get(item.pk))
            for item in by_plan[plan.pk]
        ]
        lines.sort(key=lambda line: (order.get(line.item.source, 999), line.item.pk))
        standing = [line for line in lines if line.item.dropped_at is None]
        dropped = [line for line in lines if line.item.dropped_at is not None]
        sheets.append(PlanSheet(plan, standing, dropped))
    return sheets


def plan_sheet(viewer: Viewer, incident: Incident, enterprise: Enterprise, day: date) -> PlanSheet | None:
    """The plan of an enterprise with what the facts say on the day and newly propose; None without one."""
    can_see_plan(viewer, enterprise).require()
    items = _items(plan__incident=incident, plan__enterprise=enterprise)
    # One statement where anything stands in the plan.
    empty = EnterprisePlan.objects.filter(incident=incident, enterprise=enterprise)
    plan = items[0].plan if items else empty.first()
    if plan is None:
        return None
    sheet = _sheets(incident, [plan], items, day)[0]
    known = {(line.item.source, line.item.key) for line in (*sheet.lines, *sheet.dropped)}
    for name, fact in facts_of(viewer, incident, [enterprise], day):
        if (name, fact.key) not in known:
            source = plan_sources[name]
            sheet.proposals.append(Proposal(name, str(source.label), fact, source.words(fact.key, fact.figures)))
    return sheet


def plan_item_for(viewer: Viewer, incident: Incident, enterprise: Enterprise, pk: int) -> PlanItem:
    """An item of the plan of an enterprise that still stands in it. Raises `OutOfScope`."""
    can_see_plan(viewer, enterprise).require()
    rows = PlanItem.objects.filter(plan__incident=incident, plan__enterprise=enterprise, dropped_at=None, pk=pk)
    found = rows.select_related("plan", "body", "user").first()
    if found is None:
        raise OutOfScope(f"item {pk}")
    return found


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A page of plans by name of the enterprise; `after`: the key of the last when more follow, else ""."""

    rows: list[PlanSheet]
    after: str


def plans_for(
    viewer: Viewer,
    incident: Incident,
    area: Area,
    text: str = "",
    body_ids: Collection[int] = (),
    after: str = "",
    size: int = PAGE,
) -> PlanPage:
    """The plans of an area as far as the official sees them, each as the facts stand today.

    `body_ids`: only those in which one of these bodies has an item. Two statements, and those of the sources.
    """
    can_see_field(viewer).require()
    within = [pk for pk in area_tree().within(area) if viewer.covers(pk)]
    rows = EnterprisePlan.objects.filter(incident=incident, enterprise__managing_area__in=within)
    if text:
        rows = rows.filter(enterprise__in=enterprises_for(viewer).named_like(text).order_by().values("pk"))
    if body_ids:
        mine = PlanItem.objects.filter(body__in=body_ids, dropped_at=None).values("plan")
        rows = rows.filter(pk__in=mine)
    pk, _separator, name = after.partition("_")
    if pk.isdecimal() and len(pk) < 19 and name:
        rows = rows.filter(Q(enterprise__name__gt=name) | Q(enterprise__name=name, pk__gt=int(pk)))
    found = list(rows.select_related("enterprise__managing_area").order_by("enterprise__name", "pk")[: size + 1])
    last = found[size - 1] if len(found) > size else None
    sheets = _sheets(incident, found[:size], _items(plan__in=found[:size]), clock.today())
    return PlanPage(sheets, f"{last.pk}_{last.enterprise.name}" if last else "")


def unplanned_for(viewer: Viewer, incident: Incident, area: Area, size: int) -> list[Enterprise]:
    """The first enterprises in business of an area without a plan, by name. One statement."""
    can_see_field(viewer).require()
    planned = EnterprisePlan.objects.filter(incident=incident).values("enterprise")
    rows = enterprises_for(viewer).active_on(clock.today()).filter(managing_area__in=area_tree().within(area))
    return list(rows.exclude(pk__in=planned)[:size])


def planned_numbers(viewer: Viewer, incident: Incident, area: Area) -> tuple[int, int]:
    """How many enterprises in business of an area have a plan, and how many have none. One statement."""
    can_see_field(viewer).require()
    plan = EnterprisePlan.objects.filter(incident=incident, enterprise=OuterRef("pk"))
    rows = enterprises_for(viewer).active_on(clock.today()).filter(managing_area__in=area_tree().within(area))
    found = rows.order_by().aggregate(all=Count("pk"), planned=Count("pk", filter=Exists(plan)))
    return found["planned"], found["all"] - found["planned"]
