"""The value that must move, day by day, as lines of an SVG: pure arithmetic, no script, the same on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import ceil, floor

WIDTH, HEIGHT = 620, 220
LEFT, RIGHT, TOP, BOTTOM = 46, 540, 20, 184
_MOST_TICKS = 6
_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000, 5000, 10000)


@dataclass(frozen=True, slots=True)
class Curve:
    """What the page draws. `pieces`: polylines with a gap where a day has no report; `marks` and `days`: position and
    text of the axes; `target_y`, `asked_x`, `watched` (from, width): where the request stands in it.
    """

    pieces: tuple[str, ...]
    dots: tuple[tuple[float, float], ...]
    last: tuple[float, float, Decimal]
    marks: tuple[tuple[float, str], ...]
    days: tuple[tuple[float, str], ...]
    target_y: float
    target: Decimal
    asked_x: float
    watched: tuple[float, float] | None


def _scale(low: Decimal, high: Decimal) -> tuple[int, int, int]:
    """Bottom, top and step of an axis of at most five marks that holds both values."""
    span = max(high - low, Decimal(1))
    step = next((one for one in _STEPS if span / one <= 4), _STEPS[-1])
    bottom, top = floor(low / step) * step, ceil(high / step) * step
    return bottom, max(top, bottom + step), step


def curve(
    values: Sequence[tuple[date, Decimal]],
    target: Decimal,
    asked: date,
    watch: tuple[date, date] | None,
    today: date,
) -> Curve | None:
    """The values of the reports (day, value; in the order of days); None when there is none to draw."""
    if not values:
        return None
    first = min(values[0][0], asked)
    last = max([values[-1][0], today, *([watch[1]] if watch else [])])
    width = max((last - first).days, 1)
    numbers = [value for _day, value in values]
    bottom, top, step = _scale(min([*numbers, target]), max([*numbers, target]))

    def x(day: date) -> float:
        return round(LEFT + (RIGHT - LEFT) * (day - first).days / width, 1)

    def y(value: Decimal | int) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * float(Decimal(value) - bottom) / (top - bottom), 1)

    every = max(1, -(-(width + 1) // _MOST_TICKS))
    ticks = [last - timedelta(days=back) for back in range(0, width + 1, every)]
    watched = (x(watch[0]), round(x(watch[1]) - x(watch[0]), 1)) if watch else None
    return Curve(
        pieces=_pieces(values, x, y),
        dots=tuple((x(day), y(value)) for day, value in values),
        last=(x(values[-1][0]), y(values[-1][1]), values[-1][1]),
        marks=tuple((y(mark), str(mark)) for mark in range(bottom, top + 1, step)),
        days=tuple((x(day), f"{day:%m-%d}") for day in reversed(ticks)),
        target_y=y(target),
        target=target,
        asked_x=x(asked),
        watched=watched,
    )


def _pieces(values: Sequence[tuple[date, Decimal]], x, y) -> tuple[str, ...]:  # type: ignore[no-untyped-def]
    pieces: list[list[str]] = []
    before: date | None = None
    for day, value in values:
        if before is None or day - before != timedelta(days=1):
            pieces.append([])
        pieces[-1].append(f"{x(day)},{y(value)}")
        before = day
    return tuple(" ".join(piece) for piece in pieces)
