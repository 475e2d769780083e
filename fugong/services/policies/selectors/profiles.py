"""What is known of enterprises on a day: from the register, from reports, and from their own answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from fugong.base.areas.selectors import area_tree
from fugong.core.viewer import Viewer, service_viewer
from fugong.record.registry.models import Enterprise
from fugong.record.registry.selectors.facts import NOTHING_KNOWN, FactsOfDay, fact_sheet, facts_on
from fugong.record.reporting.selectors.readings import ReportedFacts, reported_facts
from fugong.services.policies.logic.facts import MOST, BadValue, Value, facts
from fugong.services.policies.models import EnterpriseAnswer
from fugong.services.policies.permissions import can_match, can_see_profile

_POLICIES = service_viewer("policies")


@dataclass(frozen=True, slots=True)
class Known:
    """A value with who says so and since when."""

    value: Value
    source: str
    since: date | None = None


def _from_register(enterprise: Enterprise, known: FactsOfDay, day: date) -> dict[str, Value]:
    found: dict[str, Value] = {"kind": enterprise.kind, "tags": frozenset(known.tags)}
    # A number beyond what rules reckon with is a slip of the finger: unknown to them until it is corrected.
    found |= {str(kind): number for kind, number in known.numbers.items() if -MOST <= number <= MOST}
    size = known.size(enterprise.kind, day).size
    if size:
        found["size"] = str(size)
    if known.industry:
        found["industry"] = known.industry
    if known.above_scale is not None:
        found["above_scale"] = known.above_scale
    if enterprise.established_on:
        found["established_on"] = enterprise.established_on
    found["area"] = area_tree().areas[enterprise.managing_area_id].code
    return found


def _from_reports(reported: ReportedFacts | None) -> dict[str, Value]:
    if reported is None:
        return {}
    found: dict[str, Value] = {
        "roster": Decimal(reported.roster),
        "on_post": Decimal(reported.on_post),
        "staff_change": Decimal(reported.roster - reported.first_roster),
    }
    if reported.first_open_day:
        found["resumed_on"] = reported.first_open_day
    return found


def _answers(ids: Iterable[int], day: date) -> dict[int, list[EnterpriseAnswer]]:
    rows = EnterpriseAnswer.objects.filter(enterprise__in=list(ids), valid_from__lte=day, withdrawn_at__isnull=True)
    latest = rows.order_by("enterprise_id", "fact", "-valid_from").distinct("enterprise_id", "fact")
    found: dict[int, list[EnterpriseAnswer]] = {}
    for row in latest:
        found.setdefault(row.enterprise_id, []).append(row)
    return found


def _read(answer: EnterpriseAnswer) -> Value | None:
    """The value; None for a fact that a later program no longer knows, or knows otherwise."""
    fact = facts().get(answer.fact)
    try:
        return fact.read(answer.value) if fact else None
    except BadValue:
        return None


def known_of(viewer: Viewer, enterprise: Enterprise, day: date) -> dict[str, Known]:
    """Fact → what is known of one enterprise, with source and date; for its reporter and officials of its area."""
    can_see_profile(viewer, enterprise).require()
    sheet = fact_sheet(_POLICIES, enterprise.pk, day)
    stated: dict[str, Any] = {fact.kind: fact for fact in sheet.holding}
    found = {
        name: Known(value, stated[name].source if name in stated else "", getattr(stated.get(name), "valid_from", None))
        for name, value in _from_register(enterprise, sheet.facts, day).items()
    }
    reported = reported_facts(_POLICIES, [enterprise.pk], day).get(enterprise.pk)
    days = {"resumed_on": getattr(reported, "first_open_day", None)}
    for name, value in _from_reports(reported).items():
        found[name] = Known(value, "report", days.get(name, getattr(reported, "day", None)))
    for answer in _answers([enterprise.pk], day).get(enterprise.pk, []):
        answered = _read(answer)
        if answered is not None:
            found[answer.fact] = Known(answered, answer.source, answer.valid_from)
    return found


def values_of(known: dict[str, Known]) -> dict[str, Value]:
    """The values alone, as rules read them."""
    return {name: one.value for name, one in known.items()}


def profiles_of(viewer: Viewer, enterprises: list[Enterprise], day: date) -> dict[int, dict[str, Value]]:
    """Enterprise id → what is known, for the job that matches them. A handful of queries for any number."""
    can_match(viewer).require()
    ids = [enterprise.pk for enterprise in enterprises]
    stated = facts_on(_POLICIES, ids, day)
    reported = reported_facts(_POLICIES, ids, day)
    answers = _answers(ids, day)
    found: dict[int, dict[str, Value]] = {}
    for enterprise in enterprises:
        values = _from_register(enterprise, stated.get(enterprise.pk, NOTHING_KNOWN), day)
        values |= _from_reports(reported.get(enterprise.pk))
        read = ((answer.fact, _read(answer)) for answer in answers.get(enterprise.pk, []))
        found[enterprise.pk] = values | {name: value for name, value in read if value is not None}
    return found
