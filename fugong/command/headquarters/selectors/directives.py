"""Reads of directives: the piles of a list, one whole, how its matter stands now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q

from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree
from fugong.command.headquarters.enums import RUNNING, DirectiveState, Matter, Reminder
from fugong.command.headquarters.models import Directive, DirectivePart, DirectiveStep
from fugong.command.headquarters.models.directive import DirectiveQuerySet
from fugong.command.headquarters.permissions import can_see_directives
from fugong.command.situation.logic.figures import Indicator
from fugong.command.situation.logic.ratios import Ratio, total
from fugong.command.situation.selectors.figures import cells_on, indicators_on
from fugong.core import clock
from fugong.core.agendas import WallLine
from fugong.core.decision import OutOfScope
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.incidents.selectors import incident_by_id, playbook_on

PAGE = 50
ON_WALL = 3
# The piles of the list, in the order of the page.
PILES = ("ours", "red", "amber", "waiting", "issued", "all", "ended")
_RELATED = ("owner_body", "owner", "issuer_body", "area", "matter_area", "enterprise", "request")


def directives_for(viewer: Viewer, incident: Incident) -> DirectiveQuerySet:
    """The directives of an incident that an official sees."""
    can_see_directives(viewer).require()
    return Directive.objects.filter(incident=incident).visible_to(viewer)


def directive_for(viewer: Viewer, incident: Incident, pk: int) -> Directive:
    """One of them. Raises `OutOfScope`."""
    related = (*_RELATED, "incident", "owner_body__area", "parent", "enterprise__managing_area")
    found = directives_for(viewer, incident).select_related(*related).filter(pk=pk).first()
    if found is None:
        raise OutOfScope(f"directive {pk}")
    return found


def part_for(viewer: Viewer, directive: Directive, pk: int) -> DirectivePart:
    """A part of a directive that the viewer has found. Raises `OutOfScope`."""
    found = DirectivePart.objects.filter(directive=directive, pk=pk).select_related("body", "directive").first()
    if found is None or not can_see_directives(viewer):
        raise OutOfScope(f"part {pk}")
    return found


def _piles(viewer: Viewer, now: datetime, amber_hours: int) -> dict[str, Q]:
    running = Q(state__in=RUNNING)
    near = Q(due_at__lte=now + timedelta(hours=amber_hours)) | Q(acknowledged_at__isnull=True, acknowledge_by__lt=now)
    areas = Q() if viewer.covers_root else Q(area__in=viewer.area_ids)
    is_open = running | Q(state=DirectiveState.CLAIMED)
    return {
        "ours": running & Q(owner_body__in=viewer.body_ids),
        "red": running & Q(due_at__lt=now),
        "amber": running & Q(due_at__gte=now) & near,
        "waiting": Q(state=DirectiveState.CLAIMED),
        "issued": is_open & areas,
        "all": is_open,
        "ended": Q(state__in=(DirectiveState.CLOSED, DirectiveState.WITHDRAWN)),
    }


def pile_counts(viewer: Viewer, incident: Incident, amber_hours: int) -> dict[str, int]:
    """How many directives lie on each pile. One query."""
    piles = _piles(viewer, clock.now(), amber_hours)
    counted = {name: Count("pk", filter=which) for name, which in piles.items()}
    found: dict[str, int] = directives_for(viewer, incident).order_by().aggregate(**counted)
    return found


@dataclass(frozen=True, slots=True)
class Page:
    """Some directives of a pile; `after` is the key of the last one when more follow, else ""."""

    rows: list[Directive]
    after: str


def page_of(
    viewer: Viewer, incident: Incident, pile: str, amber_hours: int, after: str = "", *, body: int | None = None
) -> Page:
    """A page of a pile: what falls due first at the top, of ended ones the last due first. One query."""
    rows = directives_for(viewer, incident).filter(_piles(viewer, clock.now(), amber_hours)[pile])
    if body is not None:
        parts = DirectivePart.objects.filter(directive=OuterRef("pk"), body=body)
        rows = rows.filter(Q(owner_body=body) | Exists(parts))
    back = pile == "ended"
    rows = _following(rows, after, back=back).select_related(*_RELATED)
    found = list(rows.order_by(*(("-due_at", "-pk") if back else ("due_at", "pk")))[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return Page(found[:PAGE], f"{last.due_at.timestamp()}_{last.pk}" if last else "")


def _following(rows: DirectiveQuerySet, after: str, *, back: bool) -> DirectiveQuerySet:
    moment, _separator, pk = after.partition("_")
    try:
        due, number = datetime.fromtimestamp(float(moment), tz=UTC), int(pk)
    except (ValueError, OverflowError, OSError):
        return rows
    if back:
        return rows.filter(Q(due_at__lt=due) | Q(due_at=due, pk__lt=number))
    return rows.filter(Q(due_at__gt=due) | Q(due_at=due, pk__gt=number))


@dataclass(frozen=True, slots=True)
class Whole:
    """One directive with everything that its page shows."""

    directive: Directive
    steps: list[DirectiveStep]
    parts: list[DirectivePart]
    passed_down: list[Directive] = field(default_factory=list)


def whole_directive(viewer: Viewer, incident: Incident, pk: int) -> Whole:
    """A directive with its steps, its parts, and what passed it on. Raises `OutOfScope`. 4 queries."""
    directive = directive_for(viewer, incident, pk)
    below = directives_for(viewer, incident).filter(parent=directive).select_related(*_RELATED)
    return Whole(
        directive,
        list(directive.steps.all()),
        list(directive.parts.select_related("body", "directive")),
        list(below.order_by("pk")),
    )


@dataclass(frozen=True, slots=True)
class Measured:
    """The figure that a directive is on: what it is now, and how far it has come from the value at issue."""

    indicator: Indicator
    ratio: Ratio
    value: Decimal | None
    baseline: Decimal | None
    target: Decimal

    @property
    def percent(self) -> int | None:
        """0 to 100; None where the value at issue or that of now is unknown."""
        if self.value is None or self.baseline is None:
            return None
        way, gone = self.target - self.baseline, self.value - self.baseline
        if not way:
            return 100
        return int(max(min(gone / way, Decimal(1)), Decimal(0)) * 100)

    @property
    def is_reached(self) -> bool:
        return self.percent == 100


def indicator_in(viewer: Viewer, incident: Incident, code: str) -> Indicator | None:
    """The definition of this code that holds today."""
    can_see_directives(viewer).require()
    return next((item for item in indicators_on(incident, clock.today()) if item.code == code), None)


def value_in(viewer: Viewer, incident: Incident, indicator: Indicator, area: Area) -> tuple[Ratio, Decimal | None]:
    """A figure of an area as it stands now. Not scoped: a directive's readers know the figure that it is on."""
    can_see_directives(viewer).require()
    cells, _as_of = cells_on(incident, min(clock.today(), incident.ended_on or clock.today()), indicator)
    ids = area_tree().within(area)
    ratio = total(part for pk, part in cells.items() if pk in ids)
    return ratio, indicator.value(ratio)


def measured(viewer: Viewer, directive: Directive) -> Measured | None:
    """How far the figure of a directive has come; None for one on another matter, or whose figure is gone."""
    if directive.matter != Matter.FIGURE or directive.matter_area is None or directive.target is None:
        return None
    indicator = indicator_in(viewer, directive.incident, directive.figure)
    if indicator is None:
        return None
    ratio, value = value_in(viewer, directive.incident, indicator, directive.matter_area)
    return Measured(indicator, ratio, value, directive.baseline, directive.target)


def to_remind(
    viewer: Viewer, amber_hours: Callable[[Incident], int], most: int = 500
) -> list[tuple[Directive, Reminder]]:
    """The directives of whose state the owner has not been told yet, for the job that tells. One query."""
    if not viewer.is_service:
        return []
    now = clock.now()
    found: list[tuple[Directive, Reminder]] = []
    rows = Directive.objects.running().select_related("incident", "owner_body", "owner").order_by("due_at", "pk")
    for directive in rows:
        due = reminder_of(directive, now, amber_hours(directive.incident))
        if due != directive.reminded_of and due != Reminder.NONE:
            found.append((directive, due))
    return found[:most]


def reminder_of(directive: Directive, now: datetime, amber_hours: int) -> Reminder:
    """Of what its owner is to know at a moment."""
    if now > directive.due_at:
        return Reminder.OVERDUE
    if directive.acknowledged_at is None and now > directive.acknowledge_by:
        return Reminder.ACKNOWLEDGE
    return Reminder.SOON if directive.due_at - now <= timedelta(hours=amber_hours) else Reminder.NONE


def wall_lines(viewer: Viewer, incident_id: int, area_id: int) -> tuple[list[WallLine], int]:
    """The three most urgent running directives of an area, and how many run, for the screen of a headquarters."""
    incident = incident_by_id(incident_id)
    playbook = playbook_on(incident, clock.today()).content.get("headquarters")
    if not playbook or not can_see_directives(viewer):
        return [], 0
    inside = area_tree().within(area_tree().areas[area_id])
    mine = directives_for(viewer, incident).running().filter(Q(area=area_id) | Q(owner_body__area__in=inside))
    rows = list(mine.select_related("owner_body").order_by("due_at", "pk")[:ON_WALL])
    hours = int(playbook["directives"]["amber_hours"])
    lit = [(row, row.lit(clock.now(), hours)) for row in rows]
    lines = [WallLine(row.title, str(row.owner_body), light.light.value, light.words) for row, light in lit]
    return lines, mine.count() if len(rows) == ON_WALL else len(rows)
