"""A trend as lines of an SVG: pure arithmetic, no script, the same on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

WIDTH, HEIGHT = 620, 430
LEFT, RIGHT, TOP, BOTTOM = 46, 400, 16, 390
# Labels at the ends of lines keep this distance.
LABEL = 24
MOST_TICKS = 7


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator over days: its polyline pieces (a gap where a day has no value), end and label."""

    label: str
    value: Decimal
    pieces: tuple[str, ...]
    x: float
    y: float
    label_y: float
    is_subject: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines with their axis: (position, text) of horizontal marks and of days."""

    lines: tuple[Line, ...]
    marks: tuple[tuple[float, str], ...]
    days: tuple[tuple[float, str], ...]
    target_y: float | None


def _top(values: Sequence[Decimal]) -> int:
    """100, or the next hundred for capacity above it; less where everything is low, such as minutes."""
    high = max(values, default=Decimal(100))
    if high <= 10:
        return max(1, int(high) + 1)
    return 100 if high <= 100 else -(-int(high) // 100) * 100


def _spread(ends: list[float]) -> list[float]:
    """Labels in the order of their lines, none nearer than LABEL to the one above it."""
    order = sorted(range(len(ends)), key=lambda at: ends[at])
    placed = dict.fromkeys(range(len(ends)), 0.0)
    last = float("-inf")
    for at in order:
        last = placed[at] = max(ends[at], last + LABEL)
    return [placed[at] for at in range(len(ends))]


def chart(
    days: Sequence[date], lines: Sequence[tuple[str, Sequence[Decimal | None]]], target: Decimal | None = None
) -> Chart:
    """The lines over these days, the first of them the subject. `lines`: label, one value (or None) per day."""
    values = [value for _label, found in lines for value in found if value is not None]
    top = _top([*values, *([target] if target is not None else [])])
    width = max(len(days) - 1, 1)

    def x(at: int) -> float:
        return round(LEFT + (RIGHT - LEFT) * at / width, 1)

    def y(value: Decimal) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * float(value) / top, 1)

    drawn = []
    for label, found in lines:
        known = [(at, value) for at, value in enumerate(found) if value is not None]
        if known:
            drawn.append((label, known))
    label_ys = _spread([y(known[-1][1]) for _label, known in drawn])
    made = [
        Line(
            label, known[-1][1], _pieces(known, x, y), x(known[-1][0]), y(known[-1][1]), label_ys[number],
            is_subject=label == (lines[0][0] if lines else ""),
        )
        for number, (label, known) in enumerate(drawn)
    ]  # fmt: skip
    step = max(1, -(-len(days) // MOST_TICKS))
    # Counted from the last day backwards, so that it is always named.
    ticks = tuple((x(at), f"{days[at]:%m-%d}") for at in range(len(days) - 1, -1, -step))
    marks = tuple((y(Decimal(top) * quarter / 4), f"{Decimal(top) * quarter / 4:g}") for quarter in range(5))
    return Chart(tuple(made), marks, ticks[::-1], None if target is None else y(target))


def _pieces(known: list[tuple[int, Decimal]], x, y) -> tuple[str, ...]:  # type: ignore[no-untyped-def]
    pieces: list[list[str]] = []
    before = None
    for at, value in known:
        if before is None or at != before + 1:
            pieces.append([])
        pieces[-1].append(f"{x(at)},{y(value)}")
        before = at
    return tuple(" ".join(piece) for piece in pieces)
