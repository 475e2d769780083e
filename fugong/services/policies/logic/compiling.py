"""The same rule as SQL over a table with a column for each fact: one statement answers for all enterprises.

NULL is unknown, and AND, OR, NOT of SQL are Kleene's; what SQL does otherwise (GREATEST and LEAST pass over NULL) is
written out. The text is what PostgreSQL and DuckDB both read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from fugong.services.policies.logic import rule as r
from fugong.services.policies.logic.facts import Profile, facts
from fugong.services.policies.logic.industry_codes import coarser, divisions_between
from fugong.services.policies.logic.parsing import DAY

_UNKNOWN_NUMBER = "CAST(NULL AS numeric)"
_SIGNS = {"plus": " + ", "times": " * "}


@dataclass(frozen=True, slots=True)
class Compiled:
    """Expressions over the columns of facts: the answer (boolean, NULL unknown), the money, the first condition that
    says no (its number, from 0)."""

    answer: str
    total: str
    excluding: str


def compile_rule(rule: r.Rule, day: date) -> Compiled:
    """The SQL of a rule as of a day."""
    writer = _Writer(day)
    parts = [writer.condition(part) for part in r.conditions_of(rule)]
    excluding = " ".join(f"WHEN NOT ({part}) THEN {number}" for number, part in enumerate(parts))
    answer = writer.condition(rule.when)
    total = writer.total(rule)
    return Compiled(
        answer=answer,
        total=f"CASE WHEN {answer} THEN {total} END" if rule.lines else _UNKNOWN_NUMBER,
        excluding=f"CASE {excluding} END" if parts else "NULL",
    )


def literal(value: Decimal | date | str) -> str:
    """A value as SQL writes it."""
    if isinstance(value, Decimal):
        return f"CAST({value:f} AS numeric)"
    if isinstance(value, date):
        return f"DATE '{value:%Y-%m-%d}'"
    return "'" + value.replace("'", "''") + "'"


def _column(name: str) -> str:
    if name not in facts():
        raise KeyError(name)
    return f'"{name}"'


class _Writer:
    def __init__(self, day: date) -> None:
        self.day = day

    # --- money

    def total(self, rule: r.Rule) -> str:
        summed = " + ".join(f"({self._line(line)})" for line in rule.lines) or _UNKNOWN_NUMBER
        return _capped(summed, rule.cap)

    def _line(self, line: r.Line) -> str:
        exact = f"ROUND({self.amount(line.amount)}, 2)"
        raw = _capped(f"CASE WHEN {exact} < 0 THEN 0 ELSE {exact} END", line.cap)
        if line.when == r.All(()):
            return raw
        meant = self.condition(line.when)
        return f"CASE WHEN {meant} THEN {raw} WHEN NOT ({meant}) THEN 0 END"

    def amount(self, amount: r.Amount) -> str:
        match amount:
            case r.Number(value):
                return literal(value)
            case r.FactNumber(fact):
                return _column(fact)
            case r.Unpublished():
                return _UNKNOWN_NUMBER
            case r.Combined(how, parts):
                return self._combined(how, [self.amount(part) for part in parts])
            case r.Minus(whole, less):
                return f"({self.amount(whole)} - {self.amount(less)})"
            case r.Tiered(of, tiers):
                subject = self.amount(of)
                steps = " ".join(f"WHEN {self._within(subject, b)} THEN {self.amount(give)}" for b, give in tiers)
                return f"CASE WHEN {subject} IS NULL THEN NULL {steps} ELSE 0 END"
            case r.Dated(fact, steps):
                return self._dated(fact, steps)
            case r.Depending(condition, yes, no):
                met = self.condition(condition)
                return f"CASE WHEN {met} THEN {self.amount(yes)} WHEN NOT ({met}) THEN {self.amount(no)} END"

    @staticmethod
    def _combined(how: str, parts: list[str]) -> str:
        if how in _SIGNS:
            return "(" + _SIGNS[how].join(parts) + ")"
        unknown = " OR ".join(f"{part} IS NULL" for part in parts)
        return f"CASE WHEN {unknown} THEN NULL ELSE {how.upper()}({', '.join(parts)}) END"

    def _dated(self, fact: str, steps: tuple[tuple[date, r.Amount], ...]) -> str:
        since = self._day(fact)
        begun = " ".join(f"WHEN {since} >= {literal(day)} THEN {self.amount(give)}" for day, give in reversed(steps))
        return f"CASE WHEN {since} IS NULL THEN NULL {begun} ELSE 0 END"

    # --- conditions

    def condition(self, condition: r.Condition) -> str:
        match condition:
            case r.All(parts):
                return _joined(" AND ", [self.condition(part) for part in parts], "TRUE")
            case r.Any(parts):
                return _joined(" OR ", [self.condition(part) for part in parts], "FALSE")
            case r.Not(part):
                return f"(NOT {self.condition(part)})"
            case r.Between(subject, bounds):
                return self._within(self.amount(subject), bounds)
            case r.Share(part, whole, bounds):
                base = self.amount(whole)
                return f"CASE WHEN {base} > 0 THEN {self._within(self.amount(part), bounds, base)} END"
            case r.DayBetween(fact, bounds):
                return self._within(self._day(fact), bounds)
            case r.Is(fact, wanted):
                return _column(fact) if wanted else f"(NOT {_column(fact)})"
            case r.OneOf(fact, values):
                return f"({_column(fact)} IN ({_listed(values)}))"
            case r.Tagged(tag):
                return f"({literal(tag)} = ANY({_column('tags')}))"
            case r.Undefined():
                return "CAST(NULL AS boolean)"
            case r.Begins(fact, values):
                return _begins(fact, values)

    def _day(self, fact: str) -> str:
        return literal(self.day) if fact == DAY else _column(fact)

    @staticmethod
    def _within(subject: str, bounds: r.Bounds, of: str = "") -> str:
        times = f" * {of}" if of else ""
        parts = []
        if bounds.low is not None:
            parts.append(f"{subject} {'>' if bounds.low_excluded else '>='} {literal(bounds.low)}{times}")
        if bounds.high is not None:
            parts.append(f"{subject} {'<' if bounds.high_excluded else '<='} {literal(bounds.high)}{times}")
        return _joined(" AND ", parts, "TRUE")


def _joined(word: str, parts: list[str], nothing: str) -> str:
    return f"({word.join(parts)})" if parts else nothing


def _listed(values: Iterable[str]) -> str:
    return ", ".join(literal(value) for value in values)


def _capped(amount: str, cap: Decimal | None) -> str:
    if cap is None:
        return amount
    return f"CASE WHEN {amount} > {literal(cap)} THEN {literal(cap)} ELSE {amount} END"


def _begins(fact: str, values: tuple[str, ...]) -> str:
    column, fact_type = _column(fact), facts()[fact].type
    yes = []
    for code in values:
        yes.append(f"left({column}, {len(code)}) = {literal(code)}")
        between = divisions_between(fact_type, code)
        if between:
            yes.append(f"left({column}, 2) BETWEEN {literal(between[0])} AND {literal(between[1])}")
    perhaps = sorted(frozenset[str]().union(*(coarser(fact_type, code) for code in values)))
    unsure = f"WHEN {column} IN ({_listed(perhaps)}) THEN NULL " if perhaps else ""
    return f"CASE WHEN {' OR '.join(yes)} THEN TRUE {unsure}WHEN {column} IS NOT NULL THEN FALSE END"


# --- The table of what is known --------------------------------------------------------------------------------------

_COLUMN_TYPES = {"number": "numeric", "money": "numeric", "date": "date", "yes_no": "boolean", "tags": "text[]"}


def profile_columns() -> list[str]:
    """The columns of a table of profiles as SQL names them: the enterprise, then each fact."""
    return ["enterprise_id", *(_column(name) for name in facts())]


def profile_table(name: str) -> str:
    """The statement that makes a table of profiles for this transaction."""
    columns = [f"{_column(fact.name)} {_COLUMN_TYPES.get(fact.type, 'text')}" for fact in facts().values()]
    return f"CREATE TEMPORARY TABLE {name} (enterprise_id bigint PRIMARY KEY, {', '.join(columns)}) ON COMMIT DROP"


def profile_row(enterprise_id: int, profile: Profile) -> list[object]:
    """What is known of an enterprise, in the order of the columns; None is unknown."""
    values: list[object] = [enterprise_id]
    for name in facts():
        value = profile.get(name)
        values.append(sorted(value) if isinstance(value, frozenset) else value)
    return values


def answers_query(rule: r.Rule, day: date, table: str) -> str:
    """A row for each enterprise of the table: its id, the verdict, the amount, the condition that says no."""
    found = compile_rule(rule, day)
    verdict = f"CASE WHEN {found.answer} THEN 'yes' WHEN NOT ({found.answer}) THEN 'no' ELSE 'unknown' END"
    columns = (
        "enterprise_id",
        f"{verdict} AS verdict",
        f"CAST({found.total} AS numeric) AS amount",
        f"CASE WHEN NOT ({found.answer}) THEN {found.excluding} END AS excluding",
    )
    return " ".join(("SELECT", ", ".join(columns), "FROM", table))
