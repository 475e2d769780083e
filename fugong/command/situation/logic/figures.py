"""Arithmetic of figures: adding cells, rates, rounding, change. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from fugong.core.registries import Folder, metrics
from fugong.core.text import in_language
from fugong.record.incidents.logic.playbook import code_of, texts

FIELD = re.compile(r"\{(\w+)\}")
PLACES = (0, 1, 2, 3, 4)
SENTENCE_FIELDS = {"numerator", "denominator", "value", "change"}


@dataclass(frozen=True, slots=True)
class Indicator:
    """Which metric, under which name and words, rounded to how many places of a per cent."""

    code: str
    metric: str
    places: int
    content: dict[str, Any]

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


@dataclass(frozen=True, slots=True)
class Ratio:
    """A numerator over its denominator; adds up over areas, so that a total is never the mean of rates."""

    numerator: int = 0
    denominator: int = 0

    def __add__(self, other: Ratio) -> Ratio:
        return Ratio(self.numerator + other.numerator, self.denominator + other.denominator)

    @property
    def exact(self) -> Fraction | None:
        """The unrounded rate in per cent; None for 0 of 0, which is not a number of anything."""
        return Fraction(self.numerator * 100, self.denominator) if self.denominator else None

    def rounded(self, places: int) -> Decimal | None:
        """The rate in per cent, half up from the unrounded value; one short of 100 is never shown as 100."""
        if self.exact is None:
            return None
        value = half_up(self.exact, places)
        return value - Decimal(1).scaleb(-places) if value == 100 and self.exact < 100 else value

    def change_from(self, before: Ratio, places: int) -> Decimal | None:
        """Difference of the unrounded rates in percentage points; None when either is undefined."""
        if self.exact is None or before.exact is None:
            return None
        return half_up(self.exact - before.exact, places)


def half_up(value: Fraction, places: int) -> Decimal:
    """Round an exact fraction half away from zero: 0.125 → 0.13, −0.125 → −0.13."""
    scaled = abs(value) * 10**places
    digits = tuple(map(int, str(int(scaled + Fraction(1, 2)))))
    # Made of its digits a decimal is exact; arithmetic would round it to the context's 28 places.
    return Decimal((int(value < 0), digits, -places))


def total(ratios: Iterable[Ratio]) -> Ratio:
    return sum(ratios, Ratio())


def remainder(whole: Ratio, parts: Iterable[Ratio]) -> Ratio:
    """What the parts leave of the whole: enterprises managed directly by the wider area."""
    summed = total(parts)
    return Ratio(whole.numerator - summed.numerator, whole.denominator - summed.denominator)


def read_indicators(folder: Folder) -> list[dict[str, Any]]:
    """The section `indicators.toml` of a playbook. Raises `PlaybookError` for an unknown metric or a missing text."""
    items = folder.toml("indicators.toml").get("indicator")
    if not isinstance(items, list) or not items:
        folder.fail("indicators.toml", "indicator", _("At least one indicator is needed."))
    seen: set[str] = set()
    for number, item in enumerate(items):
        key = f"indicator[{number}]"
        if not isinstance(item, dict):
            folder.fail("indicators.toml", key, _("Write each indicator as [[indicator]]."))
        if not isinstance(item.get("metric"), str) or item["metric"] not in metrics:
            folder.fail(
                "indicators.toml", f"{key}.metric", _("Choose one of: %(names)s.") % {"names": ", ".join(metrics)}
            )
        code = code_of(folder, "indicators.toml", f"{key}.code", item.get("code"))
        if code in seen:
            folder.fail("indicators.toml", f"{key}.code", _("“%(value)s” stands earlier already.") % {"value": code})
        seen.add(code)
        if type(item.get("places")) is not int or item["places"] not in PLACES:
            folder.fail("indicators.toml", f"{key}.places", _("Give a whole number from 0 to 4."))
        _check_sentence(folder, f"{key}.sentence", item.get("sentence"))
        for name in ("name", "numerator", "denominator", "columns", "definition"):
            texts(folder, "indicators.toml", f"{key}.{name}", item.get(name))
    return items


def _check_sentence(folder: Folder, key: str, sentence: Any) -> None:
    fields = set(FIELD.findall(sentence)) if isinstance(sentence, str) else set()
    if not fields or fields - SENTENCE_FIELDS:
        names = ", ".join(f"{{{name}}}" for name in sorted(SENTENCE_FIELDS))
        folder.fail("indicators.toml", key, _("Give a sentence with fields of %(names)s.") % {"names": names})
