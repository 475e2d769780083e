"""What the city was made to show, beside what the product counts of it by its own rules."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from fugong.base.areas.selectors import area_tree
from fugong.command.situation.selectors.figures import figures_on, indicators_on, members_of
from fugong.core.registries import Member
from fugong.core.viewer import Viewer, service_viewer
from fugong.portal.demo.plan import CITY, MORNING, Plan
from fugong.record.incidents.models import Incident
from fugong.record.incidents.selectors import operational_incident
from fugong.record.registry.selectors.facts import NOTHING_KNOWN, facts_on
from fugong.record.reporting.enums import WORKING


@dataclass(frozen=True, slots=True)
class Compared:
    """One published figure: what it is, what was planned, what is counted now."""

    label: str
    planned: str
    counted: str

    @property
    def agrees(self) -> bool:
        return self.planned == self.counted


def compared(slug: str, plan: Plan = CITY) -> list[Compared]:
    """The published figures of the morning, counted by the indicators that every board and bulletin uses."""
    viewer = service_viewer("demo")
    incident = operational_incident(viewer, slug)
    figures = figures_on(viewer, incident, MORNING, incident.area, parts=False)
    by_code = {figure.indicator.code: figure for figure in figures}
    opening, back = by_code["opening_rate"], by_code["return_rate"]
    members = _members(viewer, incident)
    above = _above_scale(viewer, members)
    zone = area_tree().by_code(plan.zone)
    assert zone is not None
    inside = area_tree().within(zone)
    in_zone = [member for member in members if member.area_id in inside]
    tree = area_tree()
    reporting = [area for area in tree.reporting(incident.area) if any(m.area_id in tree.within(area) for m in members)]
    rate = Decimal(plan.on_post * 100) / plan.roster
    return [
        Compared("enterprises open", str(plan.open), str(opening.ratio.numerator)),
        Compared("enterprises expected", str(plan.expected), str(opening.ratio.denominator)),
        Compared("people on post", str(plan.on_post), str(back.ratio.numerator)),
        Compared("people on the roster", str(plan.roster), str(back.ratio.denominator)),
        Compared("return rate", f"{rate:.2f}", str(back.value)),
        Compared("above scale, open of all", f"{plan.above} of {plan.above}", _open_of(above)),
        Compared("development zone, open of all", f"{plan.in_zone} of {plan.in_zone}", _open_of(in_zone)),
        Compared("reporting areas", str(len(plan.areas)), str(len(reporting))),
    ]


def _members(viewer: Viewer, incident: Incident) -> list[Member]:
    (opening,) = [item for item in indicators_on(incident, MORNING) if item.code == "opening_rate"]
    return members_of(viewer, incident, MORNING, incident.area, opening)


def _above_scale(viewer: Viewer, members: list[Member]) -> list[Member]:
    facts = facts_on(viewer, [member.enterprise_id for member in members], MORNING)
    return [member for member in members if facts.get(member.enterprise_id, NOTHING_KNOWN).above_scale]


def _open_of(members: list[Member]) -> str:
    return f"{sum(member.state in WORKING for member in members)} of {len(members)}"
