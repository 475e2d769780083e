"""What the missing could still change: the figure if none of them is back, and if all of them are. Pure."""

from __future__ import annotations

from fugong.command.situation.logic.ratios import Ratio


def effect_of_missing(
    metric: str, base: str, ratio: Ratio, enterprises: int, people: int
) -> tuple[Ratio, Ratio] | None:
    """The least and the greatest that a figure can become when those missing report.

    `enterprises`: how many are missing; `people`: those on their last rosters. None where the missing cannot move it,
    or where it is not known by how much (capacity, minutes, another base).
    """
    if not enterprises:
        return None
    if metric == "opening":
        # The missing are in the denominator already.
        return ratio, Ratio(ratio.numerator + enterprises, ratio.denominator)
    if metric == "return" and base == "roster" and people:
        whole = ratio.denominator + people
        return Ratio(ratio.numerator, whole), Ratio(ratio.numerator + people, whole)
    return None
