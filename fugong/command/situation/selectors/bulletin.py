"""The figures of a bulletin and the enterprises behind them, counted from one picture of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from fugong.base.accounts.selectors import headquarters_of
from fugong.base.areas.models import Area
from fugong.base.areas.selectors import AreaTree, area_tree
from fugong.command.situation.logic.bulletin_figures import (
    ABOVE_SCALE,
    TAG,
    WHOLE,
    FrozenArea,
    FrozenFigures,
    FrozenIndicator,
)
from fugong.command.situation.logic.bulletin_members import EXCLUDED, TOTAL, MemberLine, sums, write_members
from fugong.command.situation.logic.figures import Indicator, Ratio, total
from fugong.command.situation.models import BulletinMembers
from fugong.command.situation.permissions import can_draft_bulletin
from fugong.command.situation.selectors.figures import area_in_view, indicators_on, members_of
from fugong.command.situation.selectors.rollup import count_now
from fugong.core import clock
from fugong.core.registries import Member
from fugong.core.viewer import Viewer, service_viewer
from fugong.record.incidents.models import Incident
from fugong.record.registry.logic.reasons import reason_words
from fugong.record.registry.selectors.facts import NOTHING_KNOWN, FactsOfDay, facts_on
from fugong.record.reporting.logic.tally import summed
from fugong.record.reporting.selectors.counts import (
    covered_by_totals,
    excluded_by_area,
    excluded_members,
    state_counts,
)

_COUNTS = service_viewer("figures")


class FiguresDisagree(RuntimeError):
    """The members do not add up to the figure: a fault of the program, and no bulletin is made of it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was counted at one moment: all figures that a bulletin may say, and who is behind them."""

    figures: FrozenFigures
    members: tuple[MemberLine, ...]
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class _Span:
    """Whose figures, and of which days."""

    viewer: Viewer
    incident: Incident
    area: Area
    first: date
    last: date


def take_figures(viewer: Viewer, incident: Incident, area: Area, first: date, last: date) -> Taken:
    """Count the last day of a span for an area, with the change on the day before the first.

    Every figure is the sum of its members, and the sum of each is compared with what the board counts. To be one
    picture it runs behind `core.snapshot.one_snapshot`. Raises `Denied`, `OutOfScope`, `FiguresDisagree`.
    """
    can_draft_bulletin(viewer).require()
    span = _Span(viewer, incident, area, first, last)
    indicators = _stated(incident, last)
    tree = area_tree()
    members = _members(span, indicators, tree)
    tags = tuple(sorted({tag for line in members for tag in line.tags}))
    areas = tuple(
        FrozenArea(part.code, part.name, part.short_name) for part in tree.reporting(area) if part.pk != area.pk
    )
    scopes = [WHOLE, *(part.code for part in areas), ABOVE_SCALE, *(f"{TAG}{tag}" for tag in tags)]
    counted = sums(members, [item.code for item in indicators], scopes)
    _compare(span, indicators, tree, counted)
    before = _before(span, indicators, tree, scopes)
    now = clock.now()
    headquarters = headquarters_of(area)
    name = headquarters.name if headquarters else area.name
    ids = tree.within(area)
    figures = FrozenFigures(
        organisation=name,
        issuer=f"{name}办公室" if headquarters else area.name,
        area_code=area.code,
        area_name=area.name,
        first_day=first,
        last_day=last,
        hour=timezone.localtime(now).hour if last == clock.today() else None,
        states=state_counts(incident.pk, last, ids),
        excluded=_in_words(summed(excluded_by_area(incident.pk, last), ids)),
        areas=areas,
        indicators=tuple(_frozen(item, counted[item.code], before.get(item.code, {})) for item in indicators),
        tags=tags,
    )
    return Taken(figures, members, now)


def members_now(viewer: Viewer, incident: Incident, area: Area, day: date) -> tuple[MemberLine, ...]:
    """Who is behind the figures of a day as they would be taken now: what a member file is held against.

    Raises `Denied`, `OutOfScope`.
    """
    can_draft_bulletin(viewer).require()
    return _members(_Span(viewer, incident, area, day, day), _stated(incident, day), area_tree())


def _stated(incident: Incident, day: date) -> list[Indicator]:
    """The indicators that a bulletin may state. A figure in minutes has no words of its own in a text, and one
    without a tile stands beside another.
    """
    return [item for item in indicators_on(incident, day) if item.is_rate and item.on_board]


def _frozen(item: Indicator, ratios: dict[str, Ratio], before: dict[str, Ratio]) -> FrozenIndicator:
    content = item.content
    return FrozenIndicator(
        code=item.code,
        unit=item.measured.unit,
        places=item.places,
        name=content["name"]["zh"],
        columns=content["columns"]["zh"],
        definition=content["definition"]["zh"],
        sentence=content.get("sentence", ""),
        ratios=ratios,
        before=before,
    )


def _in_words(excluded: dict[str, int]) -> dict[str, int]:
    """Reason as the bulletin writes it → enterprises, the most frequent first."""
    ordered = sorted(excluded.items(), key=lambda item: (-item[1], item[0]))
    return {reason_words(code, "zh"): number for code, number in ordered}


def _counted_in(tree: AreaTree, area_id: int) -> str:
    """The code of the reporting area, or of the area itself above them."""
    return (tree.reporting_area(area_id) or tree.areas[area_id]).code


def _members(
    span: _Span, indicators: list[Indicator], tree: AreaTree, day: date | None = None
) -> tuple[MemberLine, ...]:
    day = day or span.last
    found: dict[int, Member] = {}
    adds: dict[int, dict[str, Ratio]] = {}
    nothing = {item.code: Ratio() for item in indicators}
    for item in indicators:
        for member in members_of(span.viewer, span.incident, day, span.area, item):
            if member.enterprise_id not in found:
                found[member.enterprise_id] = member
                adds[member.enterprise_id] = dict(nothing)
            adds[member.enterprise_id][item.code] = Ratio(member.numerator, member.denominator)
    # One that has moved away since counts here on its day, and so do its facts, whoever sees its page now.
    facts = facts_on(_COUNTS, found, day)
    place = {pk: _counted_in(tree, pk) for pk in {member.area_id for member in found.values()}}
    lines = [
        _line(member, place[member.area_id], facts.get(pk, NOTHING_KNOWN), adds[pk]) for pk, member in found.items()
    ]
    lines += _totals(span, indicators, tree, day)
    for left in excluded_members(span.incident.pk, day, tree.within(span.area)):
        area = _counted_in(tree, left.area_id)
        lines.append(MemberLine(left.code, left.pk, area, EXCLUDED, excluded_because=left.reason, adds=nothing))
    return tuple(lines)


def _totals(span: _Span, indicators: list[Indicator], tree: AreaTree, day: date) -> list[MemberLine]:
    """A line for each total of an area that a body states instead of single reports; no enterprise is behind it."""
    ids = tree.within(span.area)
    found = []
    for item in indicators:
        counting = item.counting(span.incident.pk, day)
        for area_id in covered_by_totals(counting) & ids:
            code = tree.areas[area_id].code
            cells = item.measured.cells(counting.within(frozenset({area_id})))
            pairs = [Ratio(cell.numerator, cell.denominator) for cell in cells if cell.area_id == area_id]
            found.append(
                MemberLine(
                    f"{TOTAL}:{code}",
                    -area_id,
                    _counted_in(tree, area_id),
                    TOTAL,
                    adds={one.code: Ratio() for one in indicators} | {item.code: total(pairs)},
                )
            )
    return found


def _line(member: Member, area: str, facts: FactsOfDay, adds: dict[str, Ratio]) -> MemberLine:
    above = "" if facts.above_scale is None else ("yes" if facts.above_scale else "no")
    return MemberLine(
        member.code, member.enterprise_id, area, member.state, above_scale=above, tags=facts.tags, adds=adds
    )


def _compare(span: _Span, indicators: list[Indicator], tree: AreaTree, counted: dict[str, dict[str, Ratio]]) -> None:
    """What the members add up to is what is counted for boards, for the whole and for every area.

    Counted from the facts of the same picture: the rollup may be behind them by what is being reported.
    """
    area_in_view(span.viewer, span.incident, span.area.code)
    inside = tree.within(span.area)
    scopes = {part.code: tree.within(part) for part in tree.reporting(span.area) if part.pk != span.area.pk}
    scopes[WHOLE] = inside
    for item in indicators:
        cells = count_now(span.incident, span.last, item, inside)
        for scope, ids in scopes.items():
            if counted[item.code][scope] != total(ratio for pk, ratio in cells.items() if pk in ids):
                raise FiguresDisagree(f"{item.code} {scope or span.area.code} {span.last}")


def _before(span: _Span, indicators: list[Indicator], tree: AreaTree, scopes: list[str]) -> dict[str, dict[str, Ratio]]:
    """The same of the day before; nothing when nobody of the area reported then: there is nothing to compare."""
    eve = span.first - timedelta(days=1)
    states = state_counts(span.incident.pk, eve, tree.within(span.area))
    if eve < span.incident.started_on or all(state == "missing" for state in states):
        return {}
    return sums(_members(span, indicators, tree, eve), [item.code for item in indicators], scopes)


def packed(incident: Incident, area: Area, taken: Taken) -> BulletinMembers:
    """What was taken as a member file, not saved yet."""
    figures = taken.figures
    content, digest = write_members(taken.members, [item.code for item in figures.indicators])
    return BulletinMembers(
        incident=incident,
        area=area,
        first_day=figures.first_day,
        last_day=figures.last_day,
        taken_at=taken.taken_at,
        sha256=digest,
        count=len(taken.members),
        content=content,
        figures=figures.as_json(),
    )
