"""What holds for a request on a day: the playbook's part, service hours, routes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from fugong.base.accounts.models import Body
from fugong.base.accounts.selectors import bodies_in, headquarters_of
from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree
from fugong.base.calendars.selectors import working_calendar
from fugong.core import clock
from fugong.core.decision import OutOfScope
from fugong.core.memo import once_per_request
from fugong.core.viewer import Viewer, service_viewer
from fugong.record.desk.enums import Promise
from fugong.record.desk.logic.clock import Due, Hours, ServiceClock
from fugong.record.desk.logic.section import DeskSection, NobodyToTurnTo
from fugong.record.desk.models import RouteRule, ServiceHours
from fugong.record.desk.permissions import can_see_requests
from fugong.record.incidents.models import Incident
from fugong.record.incidents.selectors import playbook_on
from fugong.record.registry.models import Enterprise
from fugong.record.registry.selectors.facts import NOTHING_KNOWN, facts_on

_DESK = service_viewer("desk")
# Where even the default row was deleted: a report with an obstacle must never fail for it.
_USUAL = Hours(date(2020, 1, 1), time(8, 30), time(17, 30))


class NoDesk(LookupError):
    """The incident's playbook says nothing about requests; a newer version of it has to be loaded."""


def section_on(incident: Incident, day: date) -> DeskSection:
    """What can be asked for in an incident on a day. Raises `NoDesk`."""
    content = playbook_on(incident, day).content.get("requests")
    if content is None:
        raise NoDesk(incident.playbook_code)
    return DeskSection(content)


@once_per_request
def _all_hours() -> dict[int | None, tuple[Hours, ...]]:
    """Body id (None: those of all that set none) → its hours. A list of requests of many bodies asks once."""
    found: dict[int | None, tuple[Hours, ...]] = {}
    for row in ServiceHours.objects.order_by("valid_from"):
        found[row.body_id] = (*found.get(row.body_id, ()), Hours(row.valid_from, row.opens, row.closes))
    return found


def _hours_of(body_id: int) -> tuple[Hours, ...]:
    hours = _all_hours()
    return hours.get(body_id) or hours.get(None) or (_USUAL,)


def service_clock(body: Body, around: date) -> ServiceClock:
    """The clock of a body's service: its hours, else those of all, on the working days of its area. 2 queries."""
    return _clock(body.pk, body.area_id, around.year)


@once_per_request
def _clock(body_id: int, area_id: int, year: int) -> ServiceClock:
    """A list has many requests of one body. The calendar is the same all the year."""
    return ServiceClock(
        working_calendar(area_tree().areas[area_id], date(year, 1, 1)), _hours_of(body_id), ZoneInfo(settings.TIME_ZONE)
    )


@dataclass(frozen=True, slots=True)
class Promises:
    """When each promise of a round falls due, and from when on the first of them is at risk."""

    contact: Due
    plan: Due
    close: Due
    risk_at: datetime

    @property
    def is_provisional(self) -> bool:
        return any(due.is_provisional for due in (self.contact, self.plan, self.close))


def promises_for(section: DeskSection, category: str, body: Body, start: datetime, *, green: bool) -> Promises:
    """The promises of a round that starts now, in the service hours of the body that has the duty."""
    ticking = service_clock(body, start.date())

    def due(name: str) -> Due:
        promise = section.promise(name, category, green=green)
        return ticking.due(start, promise["amount"], promise["unit"])

    dues = due(Promise.CONTACT), due(Promise.PLAN), due(Promise.CLOSE)
    first = min(one.at for one in dues)
    return Promises(*dues, ticking.at_risk_from(start, first, section.risk_percent))


@once_per_request
def _headquarters(area: Area) -> Body | None:
    return headquarters_of(area)


@once_per_request
def fallback_body(area: Area) -> Body:
    """Who takes what nobody owns: the headquarters of the area or the nearest one above; without any, a bureau there.

    Raises `NobodyToTurnTo`.
    """
    chain = area_tree().ancestors(area)
    for above in chain:
        found = _headquarters(above)
        if found is not None:
            return found
    for above in chain:
        bodies = bodies_in(above)
        if bodies:
            return bodies[0]
    raise NobodyToTurnTo(area.code)


def body_above(body: Body) -> Body | None:
    """Where a request goes one level up: the parent, else the headquarters of the body's area, else of one above."""
    if body.parent_id is not None:
        return body.parent
    for above in area_tree().ancestors(area_tree().areas[body.area_id]):
        found = headquarters_of(above)
        if found is not None and found.pk != body.pk:
            return found
    return None


@dataclass(frozen=True, slots=True)
class Route:
    """To whom a request goes, and by which rule (None: nobody is named, the fallback takes it)."""

    body: Body
    rule: RouteRule | None

    def words(self, first_contact: Body | None = None) -> str:
        """How the timeline says to whom a request goes, and why."""
        why = _("By a rule") if self.rule else _("No rule fits; the fallback takes it")
        if first_contact is None or first_contact.pk == self.body.pk:
            return _("%(why)s: %(body)s") % {"why": why, "body": self.body}
        text = _("%(why)s: %(body)s. %(first)s has the duty until it accepts.")
        return text % {"why": why, "body": self.body, "first": first_contact}


@dataclass(frozen=True, slots=True)
class Routing:
    """The rules of an incident on a day, read once for many requests."""

    section: DeskSection
    rules: tuple[RouteRule, ...]
    day: date

    @property
    def asks_facts(self) -> bool:
        return any(rule.size or rule.tag for rule in self.rules)

    def route(self, category: str, area: Area, size: str, tags: Iterable[str]) -> Route:
        """The rule that fits best: most conditions, then the nearer area, then the later. Raises `NobodyToTurnTo`."""
        lines = self.section.lines(category)
        nearness = {above.pk: -number for number, above in enumerate(area_tree().ancestors(area))}
        known = frozenset(tags)
        fitting = [
            rule
            for rule in self.rules
            if rule.area_id in nearness
            and (not rule.category or rule.category in lines)
            and (not rule.size or rule.size == size)
            and (not rule.tag or rule.tag in known)
        ]

        def rank(rule: RouteRule) -> tuple[int, int, int, int]:
            conditions = bool(rule.category) + bool(rule.size) + bool(rule.tag)
            return conditions, rule.category == category, nearness[rule.area_id], rule.pk

        best = max(fitting, key=rank, default=None)
        return Route(best.body, best) if best else Route(fallback_body(area), None)


def routing_on(incident: Incident, day: date) -> Routing:
    """The routes in force in an incident on a day. 1 query."""
    rules = RouteRule.objects.in_force_on(day).filter(incident=incident).select_related("body", "body__parent")
    return Routing(section_on(incident, day), tuple(rules), day)


def route_of(routing: Routing, enterprise: Enterprise, category: str) -> Route:
    """To whom a request of an enterprise goes; its size and tags are read only when a rule asks for them."""
    facts = NOTHING_KNOWN
    if routing.asks_facts:
        facts = facts_on(_DESK, [enterprise.pk], routing.day).get(enterprise.pk, NOTHING_KNOWN)
    size = str(facts.size(enterprise.kind, routing.day).size or "") if routing.asks_facts else ""
    return routing.route(category, area_tree().areas[enterprise.managing_area_id], size, facts.tags)


def routes_in(viewer: Viewer, incident: Incident) -> list[RouteRule]:
    """The rules in force in an incident today, for officials."""
    if not can_see_requests(viewer):
        return []
    rules = RouteRule.objects.in_force_on(clock.today()).filter(incident=incident)
    return list(rules.select_related("body", "area").order_by("category", "area__path", "pk"))


def route_for(viewer: Viewer, incident: Incident, pk: int) -> RouteRule:
    """One rule of an area that the viewer covers. Raises `OutOfScope`."""
    found = RouteRule.objects.filter(incident=incident, pk=pk).select_related("body", "area").first()
    if found is None or not viewer.covers(found.area_id):
        raise OutOfScope(f"route {pk}")
    return found
