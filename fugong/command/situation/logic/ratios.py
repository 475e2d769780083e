"""Arithmetic of figures: adding cells, rates, rounding, change. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from fugong.core.registries import Amount


@dataclass(frozen=True, slots=True)
class Ratio:
    """A numerator over its denominator; adds up over areas, so that a total is never the mean of rates."""

    numerator: Amount = 0
    denominator: Amount = 0

    def __add__(self, other: Ratio) -> Ratio:
        return Ratio(self.numerator + other.numerator, self.denominator + other.denominator)

    @property
    def exact(self) -> Fraction | None:
        """The unrounded rate in per cent; None for 0 of 0, which is not a number of anything."""
        return self.times(Fraction(100))

    def times(self, factor: Fraction) -> Fraction | None:
        """Numerator ÷ denominator × factor, unrounded; None for 0 of 0."""
        return Fraction(self.numerator) * factor / Fraction(self.denominator) if self.denominator else None

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
