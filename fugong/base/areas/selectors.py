from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from fugong.base.areas.models import Area
from fugong.base.areas.models.area import AreaQuerySet
from fugong.core import clock
from fugong.core.memo import once_per_request
from fugong.core.roles import Role
from fugong.core.viewer import Viewer


def areas_for(viewer: Viewer) -> AreaQuerySet:
    """The areas within the viewer's mandates, in the order of their codes."""
    areas = Area.objects.all()
    return areas if viewer.covers_root else areas.filter(pk__in=viewer.area_ids)


@dataclass(frozen=True, slots=True)
class AreaTree:
    """The whole tree in memory: some hundreds of rows for a city with townships. One query."""

    areas: dict[int, Area]

    def by_code(self, code: str) -> Area | None:
        return next((area for area in self.areas.values() if area.code == code), None)

    def root(self) -> Area | None:
        return next((area for area in self.areas.values() if area.parent_id is None), None)

    def within(self, area: Area) -> frozenset[int]:
        """Ids of the area and everything beneath it."""
        return frozenset(pk for pk, other in self.areas.items() if other.path.startswith(area.path))

    def ancestors(self, area: Area) -> list[Area]:
        """From the area up to the root."""
        chain = [area]
        while chain[-1].parent_id is not None:
            chain.append(self.areas[chain[-1].parent_id])
        return chain

    def smallest_over(self, area_ids: Iterable[int]) -> int | None:
        """The id of the smallest area in which all of these lie; None for no areas."""
        shared: list[int] | None = None
        for pk in set(area_ids):
            above = [area.pk for area in self.ancestors(self.areas[pk])]
            shared = above if shared is None else [one for one in shared if one in above]
        return shared[0] if shared else None

    def reporting_area(self, area_id: int) -> Area | None:
        """The reporting area at or above the area; None for one that stands above them."""
        return next((area for area in self.ancestors(self.areas[area_id]) if area.is_reporting), None)

    def reporting(self, within: Area) -> list[Area]:
        """The reporting areas at or beneath an area: those with national codes first, then the zones."""
        found = [area for area in self.areas.values() if area.is_reporting and area.path.startswith(within.path)]
        return sorted(found, key=lambda area: (area.is_local, area.code))


@once_per_request
def area_tree() -> AreaTree:
    """The tree of all areas. Not scoped: names and codes of areas are public."""
    return AreaTree({area.pk: area for area in Area.objects.order_by("code")})


def area_ids_within(paths: list[str]) -> frozenset[int]:
    """Ids of all areas at or beneath the given paths."""
    tree = area_tree()
    return frozenset(pk for pk, area in tree.areas.items() if area.path.startswith(tuple(paths)))


def areas_valid_on(day: date) -> AreaQuerySet:
    """All areas that exist on a day, parents before children. Not scoped: names and codes of areas are public."""
    return Area.objects.valid_on(day).order_by("path")


def areas_administered(viewer: Viewer) -> AreaQuerySet:
    """The areas that exist today and that the viewer administers, parents before children."""
    reach = viewer.reach(Role.ADMINISTRATOR)
    areas = Area.objects.valid_on(clock.today()).order_by("path")
    return areas if reach is None else areas.filter(pk__in=reach)
