"""What the demonstration city shows on its morning: counts by area, chosen so that they add up to what was published.

A newspaper page of 2020-03-24 gives five figures of one city: 5,853 enterprises open, 277,400 people back, 85.89 per
cent of the staff, 1,176 enterprises above scale all in production, 466 in the development zone all open. The division
among areas, the base of the rate (it implies about 322,970 people), who is closed and who is missing are invented.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

FIRST_DAY = date(2020, 2, 10)
MORNING = date(2020, 3, 24)


@dataclass(frozen=True, slots=True)
class AreaPlan:
    """One reporting area on the morning; `rate` is the share of people that its enterprises have back by then.

    `open` are those open wholly or in part, of which `above` are above scale; `closed` and `missing` come on top.
    """

    code: str
    open: int
    above: int
    closed: int
    missing: int
    rate: float

    @property
    def expected(self) -> int:
        return self.open + self.closed + self.missing


@dataclass(frozen=True, slots=True)
class Plan:
    """The city on its morning. `roster` and `on_post` are people of the open enterprises.

    `eve_rate` is the return rate of the day before in per cent. `excluded`, `gone` and `moved` are enterprises that a
    decision leaves out, that closed for good, and that changed their area on the way. `exporters` and `foreign` stand
    in the zone.
    """

    areas: tuple[AreaPlan, ...]
    roster: int
    on_post: int
    eve_rate: float
    excluded: int
    gone: int
    moved: int
    zone: str
    exporters: int
    foreign: int

    @property
    def open(self) -> int:
        return sum(area.open for area in self.areas)

    @property
    def above(self) -> int:
        return sum(area.above for area in self.areas)

    @property
    def expected(self) -> int:
        return sum(area.expected for area in self.areas)

    @property
    def missing(self) -> int:
        return sum(area.missing for area in self.areas)

    @property
    def in_zone(self) -> int:
        """Enterprises of the development zone that are open."""
        return next(area.open for area in self.areas if area.code == self.zone)

    def scaled(self, divisor: int) -> Plan:
        """A smaller city of the same proportions, for tests."""
        small = tuple(
            replace(
                area,
                open=area.open // divisor,
                above=max(1, area.above // divisor),
                closed=-(-area.closed // divisor),
                missing=-(-area.missing // divisor),
            )
            for area in self.areas
        )
        share = sum(area.open for area in small) / self.open
        return replace(
            self,
            areas=small,
            roster=round(self.roster * share),
            on_post=round(self.on_post * share),
            excluded=2,
            gone=2,
            moved=2,
            exporters=3,
            foreign=2,
        )


CITY = Plan(
    areas=(
        AreaPlan("371502", open=1012, above=168, closed=24, missing=16, rate=0.854),
        AreaPlan("371503", open=742, above=172, closed=12, missing=6, rate=0.902),
        AreaPlan("371521", open=618, above=126, closed=16, missing=9, rate=0.869),
        AreaPlan("371522", open=566, above=104, closed=21, missing=14, rate=0.798),
        AreaPlan("371524", open=402, above=82, closed=9, missing=5, rate=0.832),
        AreaPlan("371525", open=640, above=124, closed=18, missing=11, rate=0.843),
        AreaPlan("371526", open=528, above=118, closed=12, missing=7, rate=0.886),
        AreaPlan("371581", open=598, above=122, closed=15, missing=9, rate=0.841),
        AreaPlan("371500-JK", open=466, above=112, closed=0, missing=0, rate=0.912),
        AreaPlan("371500-GX", open=183, above=38, closed=4, missing=3, rate=0.881),
        AreaPlan("371500-LY", open=98, above=10, closed=3, missing=1, rate=0.815),
    ),
    roster=322_970,
    on_post=277_400,
    eve_rate=85.1526,
    excluded=12,
    gone=9,
    moved=6,
    zone="371500-JK",
    exporters=37,
    foreign=11,
)
