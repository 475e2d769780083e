"""From the rows of a clerk's form to the JSON of a rule, and to the place that it binds in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fugong.services.policies.logic.facts import NUMBERS, facts

BOUNDS = ("at_least", "above", "at_most", "below")
HOWS = (*BOUNDS, "is", "in", "begins_with", "has")
_YES = {"是", "yes", "true", "1"}
_NO = {"否", "no", "false", "0"}
_PROVINCE_DIGITS, _CITY_DIGITS, _COUNTY_DIGITS = 2, 4, 6


class BadRow(ValueError):
    """A row of the form makes no condition: `key` says which part of it is wrong (how or value)."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, slots=True)
class Tier:
    """From a value on (it belongs to the tier), below another (it does not): this much."""

    low: Decimal | None
    below: Decimal | None
    give: Decimal


def condition_of(fact: str, how: str, text: str) -> dict[str, Any]:
    """One condition of the form as JSON. Raises `BadRow`."""
    kind = facts()[fact].type
    words = [word.strip() for word in text.replace("，", ",").replace("、", ",").split(",") if word.strip()]
    if kind == "yes_no":
        if how != "is":
            raise BadRow("how")
        if text.strip().lower() not in _YES | _NO:
            raise BadRow("value")
        return {"fact": fact, "is": text.strip().lower() in _YES}
    fitting = {"choice": ("in",), "code": ("begins_with",), "industry": ("begins_with",), "tags": ("has",)}
    if how not in fitting.get(kind, BOUNDS):
        raise BadRow("how")
    if not words:
        raise BadRow("value")
    if kind == "tags":
        return {"fact": fact, "has": text.strip()}
    if how in ("in", "begins_with"):
        return {"fact": fact, how: words}
    return {"fact": fact, how: text.strip().replace(",", "")}


def rule_of(
    conditions: list[dict[str, Any]],
    *,
    joined: str,
    tiers: Iterable[Tier],
    tier_of: str,
    per: str,
    line: tuple[str, str],
    cap: Decimal | None,
    no_other_grant_for: str,
) -> dict[str, Any]:
    """The JSON of a rule: conditions joined by all or any; tiers by a number, each times that of a fact."""
    rule: dict[str, Any] = {}
    if conditions:
        rule["when"] = {joined: conditions}
    if no_other_grant_for:
        rule["no_other_grant_for"] = no_other_grant_for
    amount = _amount(list(tiers), tier_of, per)
    if amount is not None:
        rule["lines"] = [{"name": {"zh": line[0], "en": line[1] or line[0]}, "amount": amount}]
    if cap is not None:
        rule["cap"] = f"{cap:f}"
    return rule


def _amount(tiers: list[Tier], tier_of: str, per: str) -> Any:
    def give(tier: Tier) -> Any:
        number = f"{tier.give:f}"
        return {"times": [{"fact": per}, number]} if per else number

    if not tiers:
        return None
    if not tier_of:
        return give(tiers[0])
    return {"of": {"fact": tier_of}, "tiers": [_bounds(tier) | {"give": give(tier)} for tier in tiers]}


def _bounds(tier: Tier) -> dict[str, str]:
    found = {}
    if tier.low is not None:
        found["at_least"] = f"{tier.low:f}"
    if tier.below is not None:
        found["below"] = f"{tier.below:f}"
    return found


def number_facts() -> list[str]:
    """The names of facts that are numbers."""
    return [name for name, fact in facts().items() if fact.type in NUMBERS]


def place_of(area_code: str) -> str:
    """The beginning that all codes within an area share: 371500 → 3715, 370000 → 37; a zone's code is its own."""
    if len(area_code) != _COUNTY_DIGITS or not area_code.isdigit():
        return area_code
    for digits in (_PROVINCE_DIGITS, _CITY_DIGITS):
        if set(area_code[digits:]) == {"0"}:
            return area_code[:digits]
    return area_code
