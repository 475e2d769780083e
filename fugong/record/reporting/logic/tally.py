"""Adding up enterprises by state. Pure."""

from __future__ import annotations

from collections.abc import Mapping


def summed(by_area: Mapping[int, Mapping[str, int]], area_ids: frozenset[int]) -> dict[str, int]:
    """State → enterprises, over some of the areas."""
    totals: dict[str, int] = {}
    for area_id in area_ids & by_area.keys():
        for state, enterprises in by_area[area_id].items():
            totals[state] = totals.get(state, 0) + enterprises
    return totals
