"""What reports put into the plan of an enterprise: people, capacity and supplies against its own normal."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from fugong.core.memo import once_per_request
from fugong.core.plans import PlanFact, PlanProgress, share_of_way
from fugong.core.viewer import Viewer
from fugong.record.incidents.selectors import incident_by_id
from fugong.record.registry.enums import FactKind
from fugong.record.registry.selectors.facts import NOTHING_KNOWN, facts_on
from fugong.record.reporting.logic.words import shown
from fugong.record.reporting.models import DailyReport
from fugong.record.reporting.selectors.readings import reports_since

_DAYS = 7
# People count as back once two reports running say so: one good day is none.
_RUNNING = 2


def plan_facts(
    viewer: Viewer, incident_id: int, enterprise_ids: frozenset[int], day: date, limits: Mapping[str, int]
) -> list[PlanFact]:
    """What the last report of the week lacks against the headcount before the incident and the playbook's limits."""
    if not limits:
        return []
    before = incident_by_id(incident_id).started_on - timedelta(days=1)
    normal = facts_on(viewer, enterprise_ids, before)
    due_on = day + timedelta(days=limits["days"])
    facts = []
    for pk, reports in _lately(viewer, incident_id, enterprise_ids, day).items():
        last = reports[-1]
        # Of an enterprise whose headcount nobody stated, the roster of its report is what it knows as normal.
        people = int(normal.get(pk, NOTHING_KNOWN).numbers.get(FactKind.HEADCOUNT, last.roster))
        wanted = math.ceil(people * limits["people_percent"] / 100)
        found = {
            "people": (last.on_post, wanted),
            "capacity": (last.capacity, limits["capacity_percent"]),
            "supplies": (last.supply_days, limits["supply_days"]),
        }
        for key, (now, target) in found.items():
            if now is not None and now < target:
                figures = {"start": str(now), "target": target, "on": last.day.isoformat()}
                figures |= {"normal": people} if key == "people" else {}
                facts.append(PlanFact(pk, key, figures, due_on=due_on))
    return facts


@once_per_request
def _lately(
    viewer: Viewer, incident_id: int, enterprise_ids: frozenset[int], day: date
) -> dict[int, list[DailyReport]]:
    return reports_since(viewer, incident_id, enterprise_ids, day - timedelta(days=_DAYS - 1), day)


def plan_progress(
    viewer: Viewer, incident_id: int, kept: list[PlanFact], day: date
) -> dict[tuple[int, str], PlanProgress]:
    """How far the reports have come since. One statement."""
    lately = _lately(viewer, incident_id, frozenset(fact.enterprise_id for fact in kept), day)
    return {(fact.enterprise_id, fact.key): _come(fact, lately.get(fact.enterprise_id, [])) for fact in kept}


def _value(report: DailyReport, key: str) -> Decimal | None:
    value = {"people": report.on_post, "capacity": report.capacity, "supplies": report.supply_days}.get(key)
    return None if value is None else Decimal(value)


def _come(fact: PlanFact, reports: list[DailyReport]) -> PlanProgress:
    values = [value for report in reports if (value := _value(report, fact.key)) is not None]
    if not values:
        return PlanProgress(None, "open", _("No report in the last seven days"))
    start, target = Decimal(fact.figures["start"]), Decimal(fact.figures["target"])
    last = values[-_RUNNING:] if fact.key == "people" else values[-1:]
    needed = _RUNNING if fact.key == "people" else 1
    is_done = len(last) == needed and all(value >= target for value in last)
    percent = share_of_way(start, values[-1], target)
    # Reached today only: the last step of the way is that it stays so.
    percent = 100 if is_done else min(percent, 99)
    return PlanProgress(percent, "done" if is_done else "open", _now(fact.key, values[-1]))


def _now(key: str, value: Decimal) -> str:
    words = {
        "people": _("now %(number)s people"),
        "capacity": _("now %(number)s%% of capacity"),
        "supplies": _("now %(number)s days"),
    }
    return words[key] % {"number": shown(value)}
