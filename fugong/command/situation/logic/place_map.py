"""Maps of places: outlines by area code, drawn with a figure's values. Data of `cities/`, one file per place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import fugong

CLASSES = 5


@cache
def _places() -> tuple[dict[str, Any], ...]:
    folder = Path(fugong.__file__).parent / "cities"
    return tuple(json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*/map.json")))


@dataclass(frozen=True, slots=True)
class Shape:
    """The outline of an area as an SVG path, and where its name stands."""

    code: str
    path: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class PlaceMap:
    """The outlines of a place, in units of `width` × `height`."""

    width: int
    height: int
    shapes: tuple[Shape, ...]


def map_of(codes: Mapping[str, str]) -> PlaceMap | None:
    """The map that shows at least two of these areas. `codes`: code on a map, also an abolished one → code today."""
    for place in _places():
        shapes = tuple(
            Shape(codes[shape["code"]], shape["d"], shape["x"], shape["y"])
            for shape in place["shapes"]
            if shape["code"] in codes
        )
        if len(shapes) > 1:
            return PlaceMap(place["width"], place["height"], shapes)
    return None


@dataclass(frozen=True, slots=True)
class Classes:
    """Five classes of equal width with round limits; a value falls into one by its unrounded size."""

    limits: tuple[Decimal, ...]

    def of(self, value: Fraction | None) -> int:
        """1 (least) to 5; 0 for no value."""
        return 0 if value is None else 1 + sum(value >= Fraction(limit) for limit in self.limits)


def classes_of(values: Iterable[Fraction | None]) -> Classes:
    """Limits at whole steps of 1, 2, 5, 10 or 20 between the least and the greatest value."""
    known = [value for value in values if value is not None]
    if not known:
        return Classes(())
    low, high = min(known), max(known)
    step = next((step for step in (1, 2, 5, 10, 20) if (high - low) / step <= CLASSES), 25)
    top = int(high // step) * step
    return Classes(tuple(Decimal(top - step * back) for back in range(CLASSES - 2, -1, -1)))
