"""Which two questions decide most: asked first, because nobody likes to be asked nine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from fugong.services.policies.logic.facts import facts

ASKED_AT_ONCE = 2
# Pairs are tried among these, the most wanted first.
_TRIED = 20


@dataclass(frozen=True, slots=True)
class Questions:
    """The facts to ask about now, and how many open answers they settle at most when both are given."""

    names: tuple[str, ...] = ()
    settles: int = 0


def best_questions(missing: Iterable[Iterable[str]]) -> Questions:
    """Of what each open answer misses: the pair that leaves nothing missing for most, then that most of them want."""
    wanted = [frozenset(names) for names in missing if names]
    weight: dict[str, float] = {}
    for names in wanted:
        for name in names:
            if facts()[name].is_asked:
                weight[name] = weight.get(name, 0.0) + 1 / len(names)
    if not weight:
        return Questions()
    order = list(facts())
    likely = sorted(weight, key=lambda name: (-weight[name], order.index(name)))[:_TRIED]
    if len(likely) == 1:
        return Questions((likely[0],), sum(names == {likely[0]} for names in wanted))

    def worth(pair: tuple[str, ...]) -> tuple[int, float]:
        return sum(names <= set(pair) for names in wanted), sum(weight[name] for name in pair)

    best = max(combinations(likely, ASKED_AT_ONCE), key=worth)
    return Questions(best, worth(best)[0])
