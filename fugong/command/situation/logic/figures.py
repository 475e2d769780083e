"""What a figure means: a metric over a scope, with exclusions, base, as-of hour, targets and rounding. Data."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, NoReturn

from django.utils import timezone
from django.utils.translation import gettext as _

from fugong.command.situation.logic.ratios import Ratio, half_up, remainder, total
from fugong.core.registries import Counting, Exclusion, Filter, Folder, Metric, metrics
from fugong.core.text import in_language
from fugong.record.incidents.logic.playbook import code_of, texts
from fugong.record.registry.enums import EnterpriseKind, SizeClass
from fugong.record.registry.logic.industries import section_of

__all__ = ["Indicator", "Ratio", "half_up", "remainder", "total"]

FILE = "indicators.toml"
FIELD = re.compile(r"\{(\w+)\}")
PLACES = (0, 1, 2, 3, 4)
SENTENCE_FIELDS = {"numerator", "denominator", "value", "change"}
BASES = ("roster", "normal", "last_year")
TEXTS = ("name", "numerator", "denominator", "columns", "definition")
_LISTS = ("kinds", "sizes", "industries", "tags", "areas")
# Which values of a list exist; tags and areas are those of the place, which a playbook does not know.
_KNOWN: dict[str, Callable[[str], bool]] = {
    "kinds": lambda value: value in EnterpriseKind.values,
    "sizes": lambda value: value in SizeClass.values,
    "industries": lambda value: bool(section_of(value[:2] if value.isdigit() else value)),
    "tags": bool,
    "areas": bool,
}
# Says that something is wrong with a key of a definition; does not return.
Fail = Callable[[str, str], NoReturn]


@dataclass(frozen=True, slots=True)
class Indicator:
    """Which metric, under which name and words, rounded to how many places.

    `since` and `stated_by` tell a definition of the incident from one of its playbook, which has neither.
    """

    code: str
    metric: str
    places: int
    content: dict[str, Any] = field(hash=False)
    since: date | None = None
    stated_by: str = ""

    @property
    def label(self) -> str:
        return in_language(self.content["name"])

    @property
    def numerator_label(self) -> str:
        return in_language(self.content["numerator"])

    @property
    def denominator_label(self) -> str:
        return in_language(self.content["denominator"])

    @property
    def columns_label(self) -> str:
        return in_language(self.content["columns"])

    @property
    def definition(self) -> str:
        return in_language(self.content["definition"])

    @property
    def sentence(self) -> str:
        """How a bulletin says it; empty for a figure that stands on the board only."""
        return str(self.content.get("sentence", ""))

    @property
    def on_board(self) -> bool:
        """It has a tile of its own; another stands beside the figure of its metric when that is opened."""
        return bool(self.content.get("board", True))

    @property
    def scope(self) -> Filter:
        return filter_of(self.content.get("scope", {}))

    @property
    def exclusions(self) -> tuple[Exclusion, ...]:
        return tuple(
            Exclusion(filter_of(item), tuple(sorted(item["reason"].items())))
            for item in self.content.get("exclusions", [])
        )

    @property
    def base(self) -> str:
        return str(self.content.get("base", "roster"))

    @property
    def as_of(self) -> time | None:
        """The hour at which the figure of a day is taken; reports after it count as later corrections."""
        text = self.content.get("as_of", "")
        return time.fromisoformat(text) if text else None

    @property
    def totals(self) -> str | None:
        """The part of the economy whose totals count here as bodies name it; "" for all, None for none."""
        named = self.content.get("totals")
        return str(named) if named is not None else "" if not self.is_partial and self.base == "roster" else None

    @property
    def is_partial(self) -> bool:
        """It speaks of a part of the enterprises only, and must not read as if it were all."""
        return not self.scope.is_empty

    @property
    def measured(self) -> Metric:
        return metrics[self.metric]

    @property
    def is_rate(self) -> bool:
        return self.measured.is_rate

    @property
    def digest(self) -> str:
        """What is counted, without names and words: the same digest, the same counts."""
        parts = {name: self.content.get(name) for name in ("scope", "exclusions", "as_of", "totals")}
        plain = {"metric": self.metric, "base": self.base} | {name: part for name, part in parts.items() if part}
        return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()

    def counting(self, incident_id: int, day: date, until: datetime | None = None) -> Counting:
        """What is to be counted for a day, as it stood at `until` or at the indicator's own hour if that is earlier."""
        if self.as_of is not None:
            hour = timezone.make_aware(datetime.combine(day, self.as_of))
            until = hour if until is None else min(until, hour)
        return Counting(incident_id, day, self.scope, self.exclusions, self.base, until, totals=self.totals)

    def value(self, ratio: Ratio) -> Decimal | None:
        """The figure as it is shown; None for 0 of 0."""
        if self.is_rate:
            return ratio.rounded(self.places)
        exact = ratio.times(self.measured.factor)
        return None if exact is None else half_up(exact, self.places)

    def change(self, now: Ratio, before: Ratio) -> Decimal | None:
        """The difference of the unrounded values."""
        factor = self.measured.factor
        values = now.times(factor), before.times(factor)
        return None if None in values else half_up(Fraction(values[0] or 0) - Fraction(values[1] or 0), self.places)

    def target_on(self, day: date, area: str) -> Decimal | None:
        """The target that the definition sets for an area on a day; None where it sets none."""
        begun = [item for item in self.content.get("targets", []) if date.fromisoformat(item["from"]) <= day]
        own = [item for item in begun if item.get("area", "") == area] or [i for i in begun if not i.get("area")]
        return Decimal(max(own, key=lambda item: str(item["from"]))["value"]) if own else None


def filter_of(item: dict[str, Any]) -> Filter:
    """A checked scope or exclusion as the counting reads it."""
    return Filter(
        **{name: tuple(sorted(item.get(name, []))) for name in _LISTS},
        above_scale=item.get("above_scale"),
    )


def indicator_of(item: dict[str, Any], since: date | None = None, stated_by: str = "") -> Indicator:
    """A checked definition as code reads it."""
    return Indicator(item["code"], item["metric"], item["places"], item, since, stated_by)


def _check_filter(fail: Fail, key: str, value: Any, extra: tuple[str, ...] = ()) -> None:
    if not isinstance(value, dict):
        fail(key, _("Write it as a table of conditions."))
    for name in value.keys() - {*_LISTS, "above_scale", *extra}:
        fail(f"{key}.{name}", _("This condition does not exist. Choose one of: %(names)s.") % {"names": ", ".join(
            (*_LISTS, "above_scale"))})  # fmt: skip
    for name in _LISTS:
        listed = value.get(name, [])
        if not isinstance(listed, list):
            fail(f"{key}.{name}", _("Write a list of codes."))
        for code in listed:
            if not isinstance(code, str) or not _KNOWN[name](code):
                fail(f"{key}.{name}", _("“%(value)s” does not exist.") % {"value": code})
    if type(value.get("above_scale", True)) is not bool:
        fail(f"{key}.above_scale", _("Write true or false."))


def _check_targets(fail: Fail, targets: Any) -> None:
    if not isinstance(targets, list):
        fail("targets", _("Write each target as [[indicator.targets]]."))
    for number, item in enumerate(targets):
        key = f"targets[{number}]"
        if not isinstance(item, dict) or not isinstance(item.get("from"), str):
            fail(f"{key}.from", _("Give the day from which the target holds."))
        try:
            value = Decimal(str(item.get("value")))
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite() or value < 0:
            fail(f"{key}.value", _("Give a number of zero or more."))


def check_indicator(fail: Fail, item: dict[str, Any]) -> None:
    """Hold a definition (its texts apart) against what can be counted; `fail` is told the first fault."""
    if not isinstance(item.get("metric"), str) or item["metric"] not in metrics:
        fail("metric", _("Choose one of: %(names)s.") % {"names": ", ".join(metrics)})
    if type(item.get("places")) is not int or item["places"] not in PLACES:
        fail("places", _("Give a whole number from 0 to 4."))
    _check_filter(fail, "scope", item.get("scope", {}))
    for number, exclusion in enumerate(item.get("exclusions", [])):
        _check_filter(fail, f"exclusions[{number}]", exclusion, ("reason",))
        if filter_of(exclusion).is_empty:
            fail(f"exclusions[{number}]", _("Without a condition it would leave out every enterprise."))
    if item.get("base", "roster") not in BASES:
        fail("base", _("Choose one of: %(names)s.") % {"names": ", ".join(BASES)})
    if item.get("base", "roster") != "roster" and item["metric"] != "return":
        fail("base", _("Only people on post are set against another base than the roster."))
    try:
        hour = time.fromisoformat(item["as_of"]) if item.get("as_of") else None
    except (TypeError, ValueError):
        fail("as_of", _("Write the time as “10:00”."))
    if hour is not None and hour.tzinfo is not None:
        fail("as_of", _("Write the time as “10:00”."))
    _check_targets(fail, item.get("targets", []))
    if item.get("sentence"):
        _check_sentence(fail, item["sentence"])


def _check_sentence(fail: Fail, sentence: Any) -> None:
    fields = set(FIELD.findall(sentence)) if isinstance(sentence, str) else set()
    if not fields or fields - SENTENCE_FIELDS:
        names = ", ".join(f"{{{name}}}" for name in sorted(SENTENCE_FIELDS))
        fail("sentence", _("Give a sentence with fields of %(names)s.") % {"names": names})


def _plain(value: Any) -> Any:
    """TOML's days as text, for what is kept is JSON."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, (date, time)) else value


def read_indicators(folder: Folder) -> list[dict[str, Any]]:
    """The section `indicators.toml` of a playbook. Raises `PlaybookError` for an unknown metric or a missing text."""
    items = folder.toml(FILE).get("indicator")
    if not isinstance(items, list) or not items:
        folder.fail(FILE, "indicator", _("At least one indicator is needed."))
    seen: set[str] = set()
    for number, item in enumerate(items):
        key = f"indicator[{number}]"
        if not isinstance(item, dict):
            folder.fail(FILE, key, _("Write each indicator as [[indicator]]."))

        def fail(name: str, message: str, key: str = key) -> NoReturn:
            folder.fail(FILE, f"{key}.{name}", message)

        items[number] = item = _plain(item)
        check_indicator(fail, item)
        code = code_of(folder, FILE, f"{key}.code", item.get("code"))
        if code in seen:
            folder.fail(FILE, f"{key}.code", _("“%(value)s” stands earlier already.") % {"value": code})
        seen.add(code)
        for name in TEXTS:
            texts(folder, FILE, f"{key}.{name}", item.get(name))
        for at, exclusion in enumerate(item.get("exclusions", [])):
            texts(folder, FILE, f"{key}.exclusions[{at}].reason", exclusion.get("reason"))
    return items
