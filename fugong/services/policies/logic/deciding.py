"""Answers a rule for one enterprise, with everything that it looked at: the trace is what people read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

from fugong.services.policies.enums import Verdict
from fugong.services.policies.logic import rule as r
from fugong.services.policies.logic.facts import Profile, Value, facts
from fugong.services.policies.logic.industry_codes import begins
from fugong.services.policies.logic.parsing import DAY

_FEN = Decimal("0.01")
# As exact as the database: amounts have up to 38 digits before the point, and what they are made of some after it.
_EXACT = Context(prec=100)
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Worked:
    """A number as it was worked out; without a value, because facts are missing or rates are not published."""

    value: Decimal | None = None
    missing: frozenset[str] = _NOTHING
    unpublished: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """A condition with its answer: True, False, or None with the `missing` facts that would decide it.

    `found` is what was compared, `gap` by how much it lies outside (days for days, a share for a share). `undefined`:
    what the text leaves open, so that no fact decides it.
    """

    condition: r.Condition
    answer: bool | None
    parts: tuple[Checked, ...] = ()
    found: Value | None = None
    gap: Decimal | int | None = None
    missing: frozenset[str] = _NOTHING
    undefined: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LineWorked:
    """A line with its amount before (`raw`) and after its cap. `applies`: whether it is meant for this enterprise."""

    line: r.Line
    applies: bool | None
    raw: Worked
    value: Decimal | None

    @property
    def is_capped(self) -> bool:
        return self.raw.value is not None and self.value is not None and self.value < self.raw.value


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer of a rule. `total` is the money after all caps; None while it cannot be worked out, and on no."""

    rule: r.Rule
    verdict: Verdict
    checked: Checked
    lines: tuple[LineWorked, ...]
    uncapped: Decimal | None
    total: Decimal | None
    missing: tuple[str, ...]
    unpublished: tuple[str, ...]
    undefined: tuple[str, ...]
    conditions: tuple[Checked, ...] = field(default=())

    @property
    def is_money(self) -> bool:
        return bool(self.rule.lines)

    @property
    def is_capped(self) -> bool:
        return self.uncapped is not None and self.total is not None and self.total < self.uncapped

    @property
    def most(self) -> Decimal | None:
        """The most that can be had, where the rule says it: what is shown while no amount can be worked out."""
        if self.rule.cap is not None:
            return self.rule.cap
        caps = [line.line.cap for line in self.lines if line.applies is not False]
        return sum((cap for cap in caps if cap is not None), Decimal(0)) if caps and None not in caps else None

    @property
    def excluding(self) -> Checked | None:
        """The first condition that says no."""
        return next((one for one in self.conditions if one.answer is False), None)


def decide(rule: r.Rule, profile: Profile, day: date) -> Decision:
    """What the rule says for an enterprise of which this is known, as of a day."""
    with localcontext(_EXACT):
        return _decide(rule, profile, day)


def _decide(rule: r.Rule, profile: Profile, day: date) -> Decision:
    checked = check(rule.when, profile, day)
    verdict = {True: Verdict.YES, False: Verdict.NO, None: Verdict.UNKNOWN}[checked.answer]
    lines = tuple(_line(line, profile, day) for line in rule.lines)
    uncapped = _sum(line.value for line in lines) if lines else None
    total = uncapped if rule.cap is None or uncapped is None else min(uncapped, rule.cap)
    missing = checked.missing
    if verdict is Verdict.YES:
        missing = missing.union(*(line.raw.missing for line in lines))
    return Decision(
        rule=rule,
        verdict=verdict,
        checked=checked,
        lines=lines,
        uncapped=uncapped if verdict is Verdict.YES else None,
        total=total if verdict is Verdict.YES else None,
        missing=tuple(name for name in facts() if name in missing),
        unpublished=tuple(dict.fromkeys(what for line in lines for what in line.raw.unpublished)),
        undefined=checked.undefined,
        conditions=checked.parts if isinstance(rule.when, r.All) else (checked,),
    )


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    total = Decimal(0)
    for value in values:
        if value is None:
            return None
        total += value
    return total


def _line(line: r.Line, profile: Profile, day: date) -> LineWorked:
    meant = check(line.when, profile, day)
    if meant.answer is False:
        return LineWorked(line, False, Worked(Decimal(0)), Decimal(0))
    raw = work_out(line.amount, profile, day)
    if meant.answer is None:
        raw = Worked(None, raw.missing | meant.missing, raw.unpublished)
    if raw.value is None:
        return LineWorked(line, meant.answer, raw, None)
    exact = max(raw.value.quantize(_FEN, ROUND_HALF_UP), Decimal(0))
    return LineWorked(line, meant.answer, Worked(exact), exact if line.cap is None else min(exact, line.cap))


# --- Amounts --------------------------------------------------------------------------------------------------------


def work_out(amount: r.Amount, profile: Profile, day: date) -> Worked:
    """The number, exact; or why there is none."""
    match amount:
        case r.Number(value):
            return Worked(value)
        case r.FactNumber(fact):
            known = profile.get(fact)
            return Worked(known) if isinstance(known, Decimal) else Worked(missing=frozenset({fact}))
        case r.Unpublished(what):
            return Worked(unpublished=(what,))
        case r.Combined(how, parts):
            return _combined(how, [work_out(part, profile, day) for part in parts])
        case r.Minus(whole, less):
            return _combined("minus", [work_out(whole, profile, day), work_out(less, profile, day)])
        case r.Tiered(of, tiers):
            return _tiered(work_out(of, profile, day), tiers, profile, day)
        case r.Dated(fact, steps):
            return _dated(fact, steps, profile, day)
        case r.Depending(condition, yes, no):
            met = check(condition, profile, day)
            if met.answer is None:
                return Worked(missing=met.missing)
            return work_out(yes if met.answer else no, profile, day)


def _combined(how: str, parts: list[Worked]) -> Worked:
    values = [part.value for part in parts if part.value is not None]
    if len(values) < len(parts):
        missing = _NOTHING.union(*(part.missing for part in parts))
        return Worked(None, missing, tuple(what for part in parts for what in part.unpublished))
    if how == "plus":
        return Worked(sum(values, Decimal(0)))
    if how == "times":
        product = Decimal(1)
        for value in values:
            product *= value
        return Worked(product)
    if how == "minus":
        return Worked(values[0] - values[1])
    return Worked(min(values) if how == "least" else max(values))


def _tiered(of: Worked, tiers: tuple[tuple[r.Bounds, r.Amount], ...], profile: Profile, day: date) -> Worked:
    if of.value is None:
        return of
    for bounds, give in tiers:
        if bounds.holds(of.value):
            return work_out(give, profile, day)
    return Worked(Decimal(0))


def _dated(fact: str, steps: tuple[tuple[date, r.Amount], ...], profile: Profile, day: date) -> Worked:
    since = day if fact == DAY else profile.get(fact)
    if not isinstance(since, date):
        return Worked(missing=frozenset({fact}))
    begun = [give for first, give in steps if first <= since]
    return work_out(begun[-1], profile, day) if begun else Worked(Decimal(0))


# --- Conditions -----------------------------------------------------------------------------------------------------


def check(condition: r.Condition, profile: Profile, day: date) -> Checked:
    """The answer of a condition, Kleene's three values: what is unknown decides only where nothing else does."""
    match condition:
        case r.All(parts) | r.Any(parts):
            return _group(condition, [check(part, profile, day) for part in parts])
        case r.Not(part):
            inner = check(part, profile, day)
            answer = None if inner.answer is None else not inner.answer
            return Checked(condition, answer, (inner,), inner.found, missing=inner.missing, undefined=inner.undefined)
        case r.Between(subject, bounds):
            worked = work_out(subject, profile, day)
            if worked.value is None:
                return Checked(condition, None, missing=worked.missing)
            gap = bounds.gap(worked.value)
            return Checked(condition, gap is None, found=worked.value, gap=gap)
        case r.Undefined(what):
            return Checked(condition, None, undefined=(what,))
        case r.Share():
            return _share(condition, profile, day)
        case _:
            return _test(condition, profile, day)


def _group(condition: r.All | r.Any, parts: list[Checked]) -> Checked:
    answers = [part.answer for part in parts]
    deciding = isinstance(condition, r.Any)
    answer = deciding if deciding in answers else None if None in answers else not deciding
    if answer is not None:
        return Checked(condition, answer, tuple(parts))
    open_ = [part for part in parts if part.answer is None]
    undefined = tuple(what for part in open_ for what in part.undefined)
    return Checked(
        condition, None, tuple(parts), missing=_NOTHING.union(*(part.missing for part in open_)), undefined=undefined
    )


def _share(condition: r.Share, profile: Profile, day: date) -> Checked:
    part, whole = work_out(condition.part, profile, day), work_out(condition.whole, profile, day)
    if part.value is None or whole.value is None:
        return Checked(condition, None, missing=part.missing | whole.missing)
    if whole.value <= 0:
        named = condition.whole.fact if isinstance(condition.whole, r.FactNumber) else ""
        return Checked(condition, None, missing=frozenset({named} - {""}))
    bounds = condition.bounds
    scaled = r.Bounds(
        bounds.low * whole.value if isinstance(bounds.low, Decimal) else None,
        bounds.high * whole.value if isinstance(bounds.high, Decimal) else None,
        bounds.low_excluded,
        bounds.high_excluded,
    )
    gap = scaled.gap(part.value)
    share = part.value / whole.value
    distance = gap / whole.value if isinstance(gap, Decimal) else None
    return Checked(condition, gap is None, found=share, gap=distance)


def _test(condition: r.Test, profile: Profile, day: date) -> Checked:
    name = "tags" if isinstance(condition, r.Tagged) else getattr(condition, "fact", "")
    value = day if name == DAY else profile.get(name)
    if value is None:
        return Checked(condition, None, missing=frozenset({name}))
    gap: Decimal | int | None = None
    answer: bool | None
    match condition:
        case r.DayBetween(_, bounds) if isinstance(value, date):
            gap = bounds.gap(value)
            answer = gap is None
        case r.Is(_, wanted):
            answer = value is wanted
        case r.OneOf(_, values):
            answer = value in values
        case r.Begins(fact, values) if isinstance(value, str):
            answer = begins(facts()[fact].type, value, values)
        case r.Tagged(tag) if isinstance(value, frozenset):
            answer = tag in value
        case _:
            answer = None
    return Checked(condition, answer, found=value, gap=gap, missing=frozenset({name}) if answer is None else _NOTHING)
