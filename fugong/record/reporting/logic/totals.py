"""Totals of an area as a body states them, and what a rate typed beside them is worth. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from fugong.record.reporting.enums import PeopleUnit
from fugong.record.reporting.logic.checks import Finding

# As written in a bulletin: its number of places says how it was rounded.
RATE = r"^[0-9]{1,3}(\.[0-9]{1,4})?$"
COUNT_LIMIT = 1_000_000_000
_RATE = re.compile(RATE)


@dataclass(frozen=True, slots=True)
class TotalValues:
    """What a body says of an area and day. None: not said.

    `enterprises` of the scope and how many of them are `enterprises_open`; `roster` and `on_post` in `people_unit`
    ("" without either); the rates as they were typed, in per cent without the sign, "" for none.
    """

    enterprises: int | None = None
    enterprises_open: int | None = None
    roster: int | None = None
    on_post: int | None = None
    people_unit: str = ""
    opening_rate: str = ""
    return_rate: str = ""


class Verdict(StrEnum):
    """What a typed rate is worth beside its counts."""

    NONE = "none"  # no rate was typed
    AGREES = "agrees"
    CONTRADICTS = "contradicts"
    UNCHECKED = "unchecked"  # a count is missing


@dataclass(frozen=True, slots=True)
class RateCheck:
    """A typed rate held against its counts.

    `true` is the rate of the counts, half-up to as many places as were typed (two if none was), "" if it cannot be
    computed. With one count only, `implied` is the range of the other that the typed rate leaves open.
    """

    verdict: Verdict
    typed: str
    true: str
    implied: tuple[int, int] | None = None


def rate_of(part: int, whole: int, places: int) -> str:
    """Per cent, half-up from the unrounded value: 5853 of 5853 is 100, never 99.95 made whole. "" of nothing."""
    if whole == 0:
        return ""
    exact = Decimal(part * 100) / Decimal(whole)
    return f"{exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"


def _places(typed: str) -> int:
    return len(typed.partition(".")[2])


def _implied(part: int | None, whole: int | None, typed: str) -> tuple[int, int] | None:
    """The least and the greatest value of the count that is missing."""
    half = Decimal("0.5").scaleb(-_places(typed))
    low, high = Decimal(typed) - half, Decimal(typed) + half
    if part is not None and low > 0:
        # rate < high, so whole > part / high; rate >= low, so whole <= part / low
        return int(Decimal(part * 100) // high) + 1, int(Decimal(part * 100) // low)
    if whole is not None:
        # // of decimals cuts towards zero: it is no way to round up.
        least = (max(low, Decimal(0)) * whole / 100).to_integral_value(ROUND_CEILING)
        return int(least), int((high * whole - Decimal("0.0000001")) // 100)
    return None


def check_rate(part: int | None, whole: int | None, typed: str) -> RateCheck:
    """Hold a typed rate against part and whole."""
    known = part is not None and whole is not None
    if not typed:
        return RateCheck(Verdict.NONE, "", rate_of(part, whole, 2) if known else "")  # type: ignore[arg-type]
    if not known:
        return RateCheck(Verdict.UNCHECKED, typed, "", _implied(part, whole, typed))
    true = rate_of(part, whole, _places(typed))  # type: ignore[arg-type]
    agrees = true != "" and Decimal(true) == Decimal(typed)
    return RateCheck(Verdict.AGREES if agrees else Verdict.CONTRADICTS, typed, true)


def rates_of(values: TotalValues) -> dict[str, RateCheck]:
    """Both rates of a total by field name."""
    return {
        "opening_rate": check_rate(values.enterprises_open, values.enterprises, values.opening_rate),
        "return_rate": check_rate(values.on_post, values.roster, values.return_rate),
    }


def total_field_label(field: str) -> str:
    """What a field is called on screens, in the active language."""
    return {
        "enterprises": _("Enterprises in all"),
        "enterprises_open": _("Enterprises open"),
        "roster": _("People on the roster"),
        "on_post": _("People on post"),
        "people_unit": _("Unit of the people"),
        "opening_rate": _("Opening rate as given"),
        "return_rate": _("Return rate as given"),
    }.get(field, field)


def check_total(values: TotalValues) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Errors, which stop the total, and warnings, which ask for a remark."""
    errors = (*_count_errors(values), *_unit_errors(values), *_rate_errors(values))
    return (errors, ()) if errors else ((), tuple(_contradictions(values)))


def _error(field: str, reason: str, mend: str) -> Finding:
    return Finding("error", field, reason, mend)


def _count_errors(values: TotalValues) -> list[Finding]:
    found = []
    counts = ("enterprises", "enterprises_open", "roster", "on_post")
    for field in counts:
        count = getattr(values, field)
        if count is not None and not 0 <= count <= COUNT_LIMIT:
            found.append(
                _error(field, _("%(count)d is no number that can be") % {"count": count}, _("Check the number"))
            )
    if all(getattr(values, field) is None for field in counts):
        found.append(_error("enterprises_open", _("No count is written"), _("Write at least one number")))
    for part, whole in (("enterprises_open", "enterprises"), ("on_post", "roster")):
        of_it, all_of_it = getattr(values, part), getattr(values, whole)
        if of_it is not None and all_of_it is not None and of_it > all_of_it and not found:
            reason = _("%(part)d is more than the %(whole)d in all") % {"part": of_it, "whole": all_of_it}
            found.append(_error(part, reason, _("Lower it, or change the whole first")))
    return found


def _unit_errors(values: TotalValues) -> list[Finding]:
    people = values.roster is not None or values.on_post is not None
    if people and values.people_unit not in (PeopleUnit.PEOPLE, PeopleUnit.PERSON_TIMES):
        return [_error("people_unit", _("The unit of the people is missing"), _("Choose people or person-times"))]
    if not people and values.people_unit:
        return [_error("people_unit", _("A unit stands without a number of people"), _("Write the number"))]
    return []


def _rate_errors(values: TotalValues) -> list[Finding]:
    found = []
    for field in ("opening_rate", "return_rate"):
        typed = getattr(values, field)
        if typed and (not _RATE.match(typed) or Decimal(typed) > 100):
            reason = _("“%(value)s” is no rate between 0 and 100") % {"value": typed}
            found.append(_error(field, reason, _("Write it in per cent, such as 85.89")))
    return found


def _contradictions(values: TotalValues) -> list[Finding]:
    return [
        Finding("warning", field, contradiction_words(check), _("What is the reason?"))
        for field, check in rates_of(values).items()
        if check.verdict == Verdict.CONTRADICTS
    ]


def contradiction_words(check: RateCheck) -> str:
    """Why a typed rate cannot be, with the true one."""
    if not check.true:
        return _("%(typed)s%% was typed, but the counts give no rate: the whole is 0") % {"typed": check.typed}
    return _("%(typed)s%% was typed, the counts give %(true)s%%") % {"typed": check.typed, "true": check.true}
