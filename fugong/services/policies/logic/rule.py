"""A rule as it is read from data: conditions with three answers, and the lines of what is granted.

Everything here is pure and exact: numbers are Decimal. `logic/parsing.py` reads it from JSON, `logic/deciding.py`
answers for one enterprise, `logic/compiling.py` writes the same as SQL for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from fugong.core.text import in_language


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which values something lies; None: open on that side. A bound belongs to the range unless `excluded`."""

    low: Decimal | date | None = None
    high: Decimal | date | None = None
    low_excluded: bool = False
    high_excluded: bool = False

    def holds(self, value: Decimal | date) -> bool:
        return self.gap(value) is None

    def gap(self, value: Decimal | date) -> Decimal | int | None:
        """By how much a value lies outside (days for a day); 0 when it stands on a bound that is excluded."""
        low, high = self.low, self.high
        if low is not None and (value < low or (self.low_excluded and value == low)):  # type: ignore[operator]
            return _distance(low, value)
        if high is not None and (value > high or (self.high_excluded and value == high)):  # type: ignore[operator]
            return _distance(value, high)
        return None


def _distance(upper: Decimal | date, lower: Decimal | date) -> Decimal | int:
    if isinstance(upper, Decimal) and isinstance(lower, Decimal):
        return upper - lower
    if isinstance(upper, date) and isinstance(lower, date):
        return (upper - lower).days
    raise TypeError("a number and a day have no distance")


# --- What a number is made of ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Number:
    value: Decimal


@dataclass(frozen=True, slots=True)
class FactNumber:
    """The number of a fact; unknown while the fact is."""

    fact: str


@dataclass(frozen=True, slots=True)
class Unpublished:
    """A rate that no published text gives: what depends on it cannot be computed, and is never guessed."""

    what: str


@dataclass(frozen=True, slots=True)
class Combined:
    """`plus`, `times`, `least` or `greatest` of the parts; unknown when one of them is."""

    how: str
    parts: tuple[Amount, ...]


@dataclass(frozen=True, slots=True)
class Minus:
    whole: Amount
    less: Amount


@dataclass(frozen=True, slots=True)
class Tiered:
    """What the first tier gives that holds the value of `of`; 0 where none does."""

    of: Amount
    tiers: tuple[tuple[Bounds, Amount], ...]


@dataclass(frozen=True, slots=True)
class Dated:
    """What the last step gives that has begun on a day: the day asked about, or that of a fact. 0 before the first."""

    fact: str
    steps: tuple[tuple[date, Amount], ...]


@dataclass(frozen=True, slots=True)
class Depending:
    """`yes` where the condition holds, `no` where it does not."""

    condition: Condition
    yes: Amount
    no: Amount


Amount = Number | FactNumber | Unpublished | Combined | Minus | Tiered | Dated | Depending

# --- What must hold -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Between:
    """A number, or the day of a fact, lies within bounds."""

    subject: Amount
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class DayBetween:
    """The day of a fact, or the day asked about (`fact` is "day"), lies within bounds."""

    fact: str
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class Share:
    """A share of two numbers lies within bounds; unknown while the whole is 0."""

    part: Amount
    whole: Amount
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class Is:
    """A fact is yes, or is no."""

    fact: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class OneOf:
    """A choice is one of these."""

    fact: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Begins:
    """A code begins with one of these; a coarser code than asked for leaves it unknown."""

    fact: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tagged:
    """The enterprise carries the tag."""

    tag: str


@dataclass(frozen=True, slots=True)
class Undefined:
    """A condition whose bound no published text gives, such as “few layoffs”: undecided for everybody."""

    what: str


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition


Test = Between | DayBetween | Share | Is | OneOf | Begins | Tagged | Undefined
Condition = Test | All | Any | Not


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is granted: stacks on the others. `cap`: the most of this line; `when`: for whom it is meant."""

    name: tuple[str, str]
    amount: Amount
    when: Condition = All(())
    cap: Decimal | None = None

    @property
    def label(self) -> str:
        """Its name in the reader's language."""
        return in_language(dict(zip(("zh", "en"), self.name, strict=True)))


@dataclass(frozen=True, slots=True)
class Rule:
    """Who is entitled (`when`), to which lines of money, and the most of all lines together. No lines: not money."""

    when: Condition = All(())
    lines: tuple[Line, ...] = ()
    cap: Decimal | None = None


ANYBODY = Rule()


def within_place(rule: Rule, place_code: str) -> Rule:
    """The same rule for enterprises of a place: codes of areas begin with this one. "" is everywhere."""
    if not place_code:
        return rule
    here = Begins("area", (place_code,))
    parts = rule.when.parts if isinstance(rule.when, All) else (rule.when,)
    return Rule(All((here, *parts)), rule.lines, rule.cap)


def conditions_of(rule: Rule) -> tuple[Condition, ...]:
    """What must hold, one by one, in the order of the text."""
    return rule.when.parts if isinstance(rule.when, All) else (rule.when,)
