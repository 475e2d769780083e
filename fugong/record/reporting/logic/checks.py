"""What a daily report is held against, for the form, the interface and the import alike.

An error stops the report. A warning asks one question; with a reason the report goes in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made_by
from decimal import Decimal
from typing import Literal

from django.utils.translation import gettext as _

from fugong.record.reporting.enums import ReportState

# Bounds of the columns themselves; the playbook has the thresholds that ask a question.
CAPACITY_LIMIT = Decimal(1000)
SUPPLY_DAYS_LIMIT = Decimal(9999)
PEOPLE_LIMIT = 10_000_000


@dataclass(frozen=True, slots=True)
class ReportValues:
    """What an enterprise says of one day.

    `roster` and `on_post` are people, `capacity` per cent of normal capacity (may exceed 100), `supply_days` days of
    protective supplies left; `closed_reason` and `obstacles` are codes of the playbook's lists, `extra` its further
    items by name.
    """

    state: str
    closed_reason: str
    roster: int
    on_post: int
    capacity: Decimal | None
    obstacles: tuple[str, ...]
    supply_days: Decimal | None
    remark: str
    extra: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Item:
    """A further item: what it is called, `integer`, `decimal` or `text`, whether it must be answered."""

    label: str
    type: str
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class CheckRules:
    """The playbook's thresholds and lists. A change from the threshold on asks for its reason.

    `roster_change_percent` of yesterday's roster; `capacity_fall_points` percentage points below yesterday with no
    fewer people; `on_post_change_percent` people on post against yesterday, per cent of yesterday's roster.
    """

    roster_change_percent: Decimal
    capacity_fall_points: Decimal
    on_post_change_percent: Decimal
    closed_reasons: frozenset[str]
    obstacles: frozenset[str]
    items: Mapping[str, Item] = made_by(default_factory=dict)

    @property
    def must_answer(self) -> bool:
        """Whether any further item must be answered."""
        return any(item.is_required for item in self.items.values())


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong or unusual: the field, why, and how to mend it (for a warning, the question)."""

    kind: Literal["error", "warning"]
    field: str
    reason: str
    mend: str

    @property
    def text(self) -> str:
        """The finding in words: where, why, how to mend; warnings and further items say where themselves."""
        if self.kind == "warning" or self.field.startswith("extra_"):
            return _("%(reason)s. %(question)s") % {"reason": self.reason, "question": self.mend}
        return _("%(field)s: %(reason)s. %(mend)s.") % {
            "field": field_label(self.field),
            "reason": self.reason,
            "mend": self.mend,
        }


Findings = tuple[Finding, ...]
_CLOSED: str = ReportState.CLOSED.value
_STATES = frozenset(ReportState.values)
_ZERO = Decimal(0)


def field_label(field: str) -> str:
    """What a field is called on screens, in the active language."""
    return {
        "state": _("State"),
        "closed_reason": _("Reason"),
        "roster": _("People on the roster"),
        "on_post": _("People on post"),
        "capacity": _("Capacity used"),
        "obstacles": _("Obstacles"),
        "supply_days": _("Days of supplies"),
        "correction_reason": _("Reason for the correction"),
    }.get(field, field)


def check_report(values: ReportValues, yesterday: ReportValues | None, rules: CheckRules) -> tuple[Findings, Findings]:
    """Errors and warnings of a report. `yesterday`: the last report before it, None for a first one."""
    errors: Findings = () if _sound(values, rules) else tuple(_errors(values, rules))
    if errors:
        return errors, ()
    warnings: Findings = ()
    # The common report works with people on post: nothing to ask about the state itself.
    if (values.state == _CLOSED) == (values.on_post > 0) or (values.state == _CLOSED and values.capacity):
        warnings = tuple(_contradictions(values))
    if yesterday is not None:
        warnings += tuple(_changes(values, yesterday, rules))
    return (), warnings


def _sound(values: ReportValues, rules: CheckRules) -> bool:
    """Whether there is no error at all; the cheap way through for nearly every report."""
    return (
        0 <= values.on_post <= values.roster <= PEOPLE_LIMIT
        and values.state in _STATES
        and (values.state != _CLOSED or values.closed_reason in rules.closed_reasons)
        and (values.capacity is None or _ZERO <= values.capacity <= CAPACITY_LIMIT)
        and (values.supply_days is None or _ZERO <= values.supply_days <= SUPPLY_DAYS_LIMIT)
        and rules.obstacles.issuperset(values.obstacles)
        and not values.extra
        and not rules.must_answer
    )


def _error(field: str, reason: str, mend: str) -> Finding:
    return Finding("error", field, reason, mend)


def _errors(values: ReportValues, rules: CheckRules) -> list[Finding]:
    found = [*_people_errors(values), *_bound_errors(values), *_item_errors(values, rules)]
    if values.state not in _STATES:
        found.append(
            _error("state", _("“%(value)s” is no state") % {"value": values.state}, _("Choose one of the three"))
        )
    if values.state == _CLOSED and not values.closed_reason:
        found.append(_error("closed_reason", _("A closed enterprise gives the reason"), _("Choose a reason")))
    elif values.state == _CLOSED and values.closed_reason not in rules.closed_reasons:
        reason = _("“%(value)s” is not in the list of reasons") % {"value": values.closed_reason}
        found.append(_error("closed_reason", reason, _("Choose a reason")))
    for code in values.obstacles:
        if code not in rules.obstacles:
            reason = _("“%(value)s” is not in the list of obstacles") % {"value": code}
            found.append(_error("obstacles", reason, _("Choose from the list")))
    return found


def _people_errors(values: ReportValues) -> list[Finding]:
    found = []
    for field, people in (("roster", values.roster), ("on_post", values.on_post)):
        if people < 0:
            found.append(_error(field, _("People cannot be negative"), _("Write 0 or more")))
        elif people > PEOPLE_LIMIT:
            found.append(
                _error(field, _("%(people)d people is more than can be") % {"people": people}, _("Check the number"))
            )
    if not found and values.on_post > values.roster:
        reason = _("%(on_post)d is more than the %(roster)d on the roster") % {
            "on_post": values.on_post,
            "roster": values.roster,
        }
        found.append(_error("on_post", reason, _("Lower it, or change the roster first")))
    return found


def _bound_errors(values: ReportValues) -> list[Finding]:
    found = []
    for field, number, limit in (
        ("capacity", values.capacity, CAPACITY_LIMIT),
        ("supply_days", values.supply_days, SUPPLY_DAYS_LIMIT),
    ):
        if number is not None and number < 0:
            found.append(_error(field, _("%(number)s is below zero") % {"number": plain(number)}, _("Write 0 or more")))
        elif number is not None and number > limit:
            reason = _("%(number)s is more than %(limit)s") % {"number": plain(number), "limit": plain(limit)}
            found.append(_error(field, reason, _("Check the number")))
    return found


_MOST = Decimal(1_000_000_000)


def _item_errors(values: ReportValues, rules: CheckRules) -> list[Finding]:
    """Further items: known, of their kind, and answered where they must be."""
    found = []
    for name, item in rules.items.items():
        text = values.extra.get(name, "")
        if item.is_required and not text.strip():
            found.append(
                _error(f"extra_{name}", _("“%(label)s” must be answered") % {"label": item.label}, _("Fill it in"))
            )
        elif text and not _fits(text, item.type):
            reason = _("%(label)s: “%(value)s” is not what is asked for") % {"label": item.label, "value": text}
            found.append(_error(f"extra_{name}", reason, _("Write a number, 0 or more")))
    return found


def _fits(text: str, kind: str) -> bool:
    if kind == "text":
        return True
    if kind == "integer":
        return text.isascii() and text.isdecimal() and Decimal(text) <= _MOST
    try:
        number = Decimal(text)
    except ArithmeticError:
        return False
    return number.is_finite() and _ZERO <= number <= _MOST


def plain(number: Decimal) -> str:
    """Without trailing zeros and exponent: 27, 0.5."""
    return f"{number.normalize():f}"


def _warning(field: str, reason: str) -> Finding:
    return Finding("warning", field, reason, _("What is the reason?"))


def _contradictions(values: ReportValues) -> list[Finding]:
    """The state and the numbers of the same report do not go together, though both can be true (caretakers)."""
    found = []
    if values.state == _CLOSED and values.on_post > 0:
        found.append(_warning("on_post", _("Closed, with %(people)d people on post") % {"people": values.on_post}))
    if values.state == _CLOSED and values.capacity:
        found.append(
            _warning("capacity", _("Closed, with %(capacity)s %% of capacity") % {"capacity": plain(values.capacity)})
        )
    if values.state != _CLOSED and values.on_post == 0:
        found.append(_warning("on_post", _("Open, with nobody on post")))
    return found


def _changes(values: ReportValues, yesterday: ReportValues, rules: CheckRules) -> list[Finding]:
    """What jumps against yesterday."""
    found = []
    change = values.roster - yesterday.roster
    if change and abs(change) * 100 >= rules.roster_change_percent * yesterday.roster:
        found.append(
            _warning(
                "roster",
                _("The roster was %(before)d yesterday and is %(now)d today")
                % {"before": yesterday.roster, "now": values.roster},
            )
        )
    fall = _ZERO
    if yesterday.capacity is not None and values.capacity is not None:
        fall = yesterday.capacity - values.capacity
    if fall >= rules.capacity_fall_points and values.on_post >= yesterday.on_post:
        found.append(
            _warning(
                "capacity",
                _("Capacity is %(points)s points below yesterday with no fewer people") % {"points": plain(fall)},
            )
        )
    found += _jump(values, yesterday, rules)
    return found


def _jump(values: ReportValues, yesterday: ReportValues, rules: CheckRules) -> list[Finding]:
    """People on post against yesterday; a report that opens or closes the enterprise explains its own jump."""
    jump = abs(values.on_post - yesterday.on_post)
    if not jump or (values.state == _CLOSED) != (yesterday.state == _CLOSED):
        return []
    if jump * 100 < rules.on_post_change_percent * yesterday.roster:
        return []
    reason = _("%(before)d people were on post yesterday and %(now)d are today")
    return [_warning("on_post", reason % {"before": yesterday.on_post, "now": values.on_post})]
