"""The frame of the benches: floor and work in turn, five times, in one run; the median of the ratios counts.

A figure alone says little on a machine that others share; the ratio to a floor taken a moment before and after says how
much our part costs. A bench is a module in this folder that registers itself:

    def by_hand(size: int) -> float: ...      # does `size` units the plainest way
    def ours(size: int) -> float: ...         # does them our way

    register(Bench("import reports", rate(by_hand), rate(ours), at_least(0.6), "rows/s", size=1_000_000))

Floor and work are called with the size and return a figure in `unit`; `rate` and `seconds` make such a function out of
one that only does the work. The ratio is always work / floor.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

PAIRS = 5

Measure = Callable[[int], float]


@dataclass(frozen=True)
class Budget:
    """The bound that a figure keeps: at least (`lower`) or at most (`upper`) so much."""

    lower: float | None = None
    upper: float | None = None

    def allows(self, figure: float) -> bool:
        return (self.lower is None or figure >= self.lower) and (self.upper is None or figure <= self.upper)

    def __str__(self) -> str:
        bounds = [f">= {self.lower:g}"] if self.lower is not None else []
        return " ".join([*bounds, f"<= {self.upper:g}"] if self.upper is not None else bounds)


def at_least(figure: float) -> Budget:
    """A budget for what shall be high: rows or requests per second."""
    return Budget(lower=figure)


def at_most(figure: float) -> Budget:
    """A budget for what shall be low: seconds, bytes."""
    return Budget(upper=figure)


@dataclass(frozen=True)
class Bench:
    """One comparison. `budget` bounds the median ratio work / floor, `absolute` the median of the work itself.

    `floor` is None for a bench that has an absolute budget only. `around` is entered with the size before the first
    measurement and left after the last: it makes and removes what both measure. `quick_size` is for `--quick`,
    which leaves out a bench that differs from another by its size alone (`larger`).
    """

    name: str
    floor: Measure | None
    work: Measure
    budget: Budget | None
    unit: str
    size: int = 1
    quick_size: int = 1
    absolute: Budget | None = None
    around: Callable[[int], AbstractContextManager[object]] = nullcontext
    larger: bool = False

    def __post_init__(self) -> None:
        if (self.floor is None) != (self.budget is None):
            raise ValueError(f"{self.name}: a floor and a budget for the ratio belong together")
        if self.budget is None and self.absolute is None:
            raise ValueError(f"{self.name}: without any budget nothing is tested")


@dataclass(frozen=True)
class Result:
    """The medians of one bench; `floor` and `ratio` are None when it has no floor."""

    bench: Bench
    floor: float | None
    work: float
    ratio: float | None

    @property
    def kept(self) -> bool:
        ratio_kept = self.ratio is None or self.bench.budget is None or self.bench.budget.allows(self.ratio)
        return ratio_kept and (self.bench.absolute is None or self.bench.absolute.allows(self.work))


REGISTERED: dict[str, Bench] = {}


def register(bench: Bench) -> Bench:
    """Make the bench known to script/bench. Raises ValueError when its name is taken."""
    if bench.name in REGISTERED:
        raise ValueError(f"there are two benches named '{bench.name}'")
    REGISTERED[bench.name] = bench
    return bench


def rate(do: Callable[[int], object]) -> Measure:
    """A measure in units per second out of a function that does `size` units."""
    return lambda size: size / _seconds(do, size)


def seconds(do: Callable[[int], object]) -> Measure:
    """A measure in seconds out of a function that does `size` units."""
    return lambda size: _seconds(do, size)


def _seconds(do: Callable[[int], object], size: int) -> float:
    begun = time.perf_counter()
    do(size)
    return time.perf_counter() - begun


def run(bench: Bench, *, pairs: int = PAIRS, quick: bool = False) -> Result:
    """Measure floor and work in turn, `pairs` times; each second pair begins with the work, so that drift cancels."""
    size = bench.quick_size if quick else bench.size
    floors: list[float] = []
    works: list[float] = []
    with bench.around(size):
        for pair in range(pairs):
            steps = [(floors, bench.floor), (works, bench.work)]
            for figures, measure in steps if pair % 2 == 0 else reversed(steps):
                if measure is not None:
                    figures.append(measure(size))
    if not floors:
        return Result(bench, None, statistics.median(works), None)
    ratio = statistics.median(work / floor for work, floor in zip(works, floors, strict=True))
    return Result(bench, statistics.median(floors), statistics.median(works), ratio)


def table(results: Sequence[Result], *, quick: bool = False) -> str:
    """Floor, work, ratio and budget of each bench, as aligned text. A quick run judges nothing."""
    head = ["bench", "unit", "floor", "work", "ratio", "budget", ""]
    rows = [head, *(_cells(result, quick) for result in results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = []
    for row in rows:
        left = [cell.ljust(width) for cell, width in zip(row[:2], widths[:2], strict=True)]
        right = [cell.rjust(width) for cell, width in zip(row[2:], widths[2:], strict=True)]
        lines.append("  ".join(left + right).rstrip())
    return "\n".join(lines)


def _cells(result: Result, quick: bool) -> list[str]:
    bench = result.bench
    budgets = [f"ratio {bench.budget}"] if bench.budget else []
    budgets += [f"{bench.absolute} {bench.unit}"] if bench.absolute else []
    verdict = "ran" if quick else "kept" if result.kept else "BROKEN"
    figures = [_figure(figure) for figure in (result.floor, result.work, result.ratio)]
    return [bench.name, bench.unit, *figures, ", ".join(budgets), verdict]


def _figure(figure: float | None) -> str:
    if figure is None:
        return "-"
    return f"{figure:,.0f}" if abs(figure) >= 1000 else f"{figure:.3g}"


def discover() -> None:
    """Import every module of this folder; importing is what registers its benches."""
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if module.name not in {"frame", "database", "served", "load", "fuzz", "million", "__main__"}:
            importlib.import_module(f"bench.{module.name}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 when all budgets are kept, 1 when one is not, 2 when the question makes no sense."""
    parser = argparse.ArgumentParser(prog="script/bench", description="Runs each work beside its floor.")
    parser.add_argument("--quick", action="store_true", help="one pair of tiny size: only whether the benches run")
    parser.add_argument("--only", metavar="NAME", action="append", help="this bench alone (may be repeated)")
    parser.add_argument("--list", action="store_true", help="name the benches and run none")
    options = parser.parse_args(arguments)
    discover()
    unknown = sorted(set(options.only or []) - set(REGISTERED))
    if unknown:
        known = ", ".join(sorted(REGISTERED)) or "none"
        sys.stderr.write(f"script/bench: no bench is named {', '.join(unknown)}; there are: {known}\n")
        return 2
    chosen = [bench for name, bench in sorted(REGISTERED.items()) if not options.only or name in options.only]
    if options.list or not chosen:
        sys.stdout.write("".join(f"{bench.name}\n" for bench in chosen) or "No bench is registered yet.\n")
        return 0
    results = []
    for bench in chosen if options.only or not options.quick else [bench for bench in chosen if not bench.larger]:
        sys.stderr.write(f"{bench.name} ...\n")
        results.append(run(bench, pairs=1 if options.quick else PAIRS, quick=options.quick))
    sys.stdout.write(table(results, quick=options.quick) + "\n")
    return 0 if options.quick or all(result.kept for result in results) else 1
