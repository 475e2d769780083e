"""Coverage: which enterprises have nobody, which areas no team, which team more than one area."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q

from fugong.base.areas.models import Area
from fugong.base.areas.selectors import AreaTree, area_tree
from fugong.core import clock
from fugong.core.decision import OutOfScope
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.liaison.enums import Target
from fugong.record.liaison.models import Assignment
from fugong.record.liaison.permissions import can_see_field
from fugong.record.liaison.selectors.section import field_section
from fugong.record.registry.models import Enterprise
from fugong.record.registry.models.enterprise import EnterpriseQuerySet
from fugong.record.registry.selectors.enterprises import enterprises_for

PAGE = 50


@dataclass(frozen=True, slots=True)
class Duty:
    """A team (or person) that looks after an area; `others`: the further areas that it has too."""

    assignment: Assignment
    name: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AreaCoverage:
    """An area on the coverage board. `teams` None where no team is expected (beneath the reporting areas)."""

    area: Area
    enterprises: int
    covered: int
    officers: int
    teams: tuple[Duty, ...] | None

    @property
    def open(self) -> int:
        return self.enterprises - self.covered


@dataclass(frozen=True, slots=True)
class Coverage:
    """The board: its areas, the sums, the holes and the double duties."""

    rows: list[AreaCoverage]
    enterprises: int
    covered: int
    officers: int
    teams: int

    @property
    def open(self) -> int:
        return self.enterprises - self.covered

    @property
    def without_team(self) -> list[AreaCoverage]:
        return [row for row in self.rows if row.teams is not None and not row.teams]

    @property
    def double(self) -> list[Duty]:
        """Each team that has more than one area, once."""
        found: dict[str, Duty] = {}
        for row in self.rows:
            for duty in row.teams or ():
                if duty.others:
                    found.setdefault(duty.name, duty)
        return list(found.values())


def _covering(incident: Incident, day: date) -> Exists:
    kinds = field_section(incident, day).covering(Target.ENTERPRISE)
    held = Assignment.objects.held_on(day).filter(incident=incident, kind__in=kinds, enterprise=OuterRef("pk"))
    return Exists(held)


def _expected(viewer: Viewer, incident: Incident, area: Area, day: date) -> EnterpriseQuerySet:
    """The enterprises in business of an area, as far as the official sees them."""
    within = area_tree().within(area)
    return enterprises_for(viewer).active_on(day).filter(managing_area__in=within)


def coverage_of(viewer: Viewer, incident: Incident, area: Area) -> Coverage:
    """The board of an area: by reporting areas, or by what lies directly beneath one. 3 queries."""
    can_see_field(viewer).require()
    today, tree = clock.today(), area_tree()
    rows = _expected(viewer, incident, area, today).annotate(covered=_covering(incident, today))
    grouped = (
        rows.order_by()
        .values("managing_area_id")
        .annotate(number=Count("pk"), with_officer=Count("pk", filter=Q(covered=True)))
    )
    numbers = {row["managing_area_id"]: (row["number"], row["with_officer"]) for row in grouped}
    parts = _parts(tree, area)
    officers = _officers(viewer, incident, tree, parts, today)
    duties = _duties(incident, tree, today)
    found = [_row(tree, part, below, numbers, officers, duties) for part, below in parts]
    return Coverage(
        rows=found,
        enterprises=sum(number for number, _with in numbers.values()),
        covered=sum(with_officer for _number, with_officer in numbers.values()),
        officers=len(frozenset[int]().union(*officers.values())) if officers else 0,
        teams=len({duty.name for row in found for duty in row.teams or ()}),
    )


def _parts(tree: AreaTree, area: Area) -> list[tuple[Area, frozenset[int]]]:
    """The areas of the board, each with the ids that it stands for; what hangs on the area itself comes last."""
    inner = [one for one in tree.reporting(area) if one.pk != area.pk]
    if not inner:
        children = (one for one in tree.areas.values() if one.parent_id == area.pk)
        inner = sorted(children, key=lambda one: one.code)
    parts = [(one, tree.within(one)) for one in inner]
    rest = tree.within(area) - frozenset[int]().union(*(below for _one, below in parts))
    return [*parts, (area, rest)]


def _officers(
    viewer: Viewer, incident: Incident, tree: AreaTree, parts: list[tuple[Area, frozenset[int]]], day: date
) -> dict[int, set[int]]:
    """Id of a part → who looks after somebody there today."""
    home = {pk: part.pk for part, below in parts for pk in below}
    held = Assignment.objects.held_on(day).filter(incident=incident, user__isnull=False, enterprise__isnull=False)
    seen = held.filter(enterprise__managing_area_id__in=[pk for pk in home if viewer.covers(pk)])
    found: dict[int, set[int]] = defaultdict(set)
    for area_id, user_id in seen.order_by().values_list("enterprise__managing_area_id", "user_id").distinct():
        found[home[area_id or 0]].add(user_id or 0)
    return found


def _duties(incident: Incident, tree: AreaTree, day: date) -> dict[int, list[Duty]]:
    """Area id → who looks after it as a whole today. Which team has which area is public within the offices."""
    rows = Assignment.objects.held_on(day).filter(incident=incident, area__isnull=False)
    held = list(rows.select_related("body", "user").order_by("pk"))
    areas: dict[tuple[int | None, int | None], list[int]] = defaultdict(list)
    for row in held:
        areas[row.body_id, row.user_id].append(row.area_id or 0)
    found: dict[int, list[Duty]] = defaultdict(list)
    for row in held:
        others = [str(tree.areas[pk]) for pk in areas[row.body_id, row.user_id] if pk != row.area_id]
        found[row.area_id or 0].append(Duty(row, str(row.body or row.user), tuple(sorted(set(others)))))
    return found


def _row(
    tree: AreaTree,
    part: Area,
    below: frozenset[int],
    numbers: dict[int, tuple[int, int]],
    officers: dict[int, set[int]],
    duties: dict[int, list[Duty]],
) -> AreaCoverage:
    sums: Counter[str] = Counter()
    for pk in below:
        number, covered = numbers.get(pk, (0, 0))
        sums["number"] += number
        sums["covered"] += covered
    teams = tuple(duties.get(part.pk, ())) if part.is_reporting else None
    return AreaCoverage(part, sums["number"], sums["covered"], len(officers.get(part.pk, ())), teams)


@dataclass(frozen=True, slots=True)
class OpenPage:
    """Enterprises without an officer; `after` is the key of the last one when more follow, else ""."""

    rows: list[Enterprise]
    total: int
    after: str


def uncovered_for(
    viewer: Viewer, incident: Incident, area: Area, text: str = "", after: str = "", size: int = PAGE
) -> OpenPage:
    """The enterprises of an area that nobody looks after today, by name; paged by key. 2 queries."""
    can_see_field(viewer).require()
    today = clock.today()
    rows = _expected(viewer, incident, area, today).filter(~_covering(incident, today))
    if text:
        rows = rows.named_like(text)
    total = rows.order_by().count()
    pk, _separator, name = after.partition("_")
    if pk.isdecimal() and len(pk) < 19 and name:
        rows = rows.filter(Q(name__gt=name) | Q(name=name, pk__gt=int(pk)))
    found = list(rows[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return OpenPage(found[:size], total, f"{last.pk}_{last.name}" if last else "")


def area_duty_for(viewer: Viewer, incident: Incident, pk: int) -> Assignment:
    """The assignment of a body to an area that the official sees. Raises `OutOfScope`."""
    can_see_field(viewer).require()
    found = Assignment.objects.filter(incident=incident, pk=pk, area__isnull=False).select_related("area").first()
    if found is None or not viewer.covers(found.area_id):
        raise OutOfScope(f"assignment {pk}")
    return found
