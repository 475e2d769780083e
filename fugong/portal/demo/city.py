"""The made-up register: pure, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum

from fugong.portal.demo.names import SUPPLY_MAKERS, enterprise_names
from fugong.portal.demo.plan import FIRST_DAY, AreaPlan, Plan
from fugong.record.registry.logic.uscc import compose_code

SEED = 20200324
# Industrial enterprises of 20 million yuan a year and more are above scale since 2011 (National Bureau of Statistics);
# here in 10,000 yuan, as of the end of the year before.
ABOVE_SCALE = 2000
LAST_YEAR_END = date(2019, 12, 31)
# Zones have no code of their own: their enterprises carry the district's (GB/T 2260) in the credit code.
DISTRICT_OF_ZONES = "371502"
EXPORTER, FOREIGN, SUPPLIES = "出口企业", "外资企业", "防疫物资生产"
REGISTER_COLUMNS = (
    "统一社会信用代码", "企业名称", "管理区域", "成立日期", "注册资本", "注册地址", "经营范围",
    "职工人数", "行业代码", "营业收入（万元）", "是否规上", "数据日期",
)  # fmt: skip
# 373 of the 5,853 stay partly open to the end, such is the state of their orders.
_ALWAYS_PARTIAL = 0.064


class Fate(Enum):
    """How an enterprise stands on the morning."""

    OPEN = "open"
    CLOSED = "closed"
    MISSING = "missing"
    # In business, but left out of the count by a decision.
    EXCLUDED = "excluded"
    # Closed for good on the way.
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Place:
    """An area as the register names it; `townships` beneath it, if the city's data have them."""

    code: str
    name: str
    short_name: str
    townships: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class MadeUp:
    """An invented enterprise and how its days go. `revenue` of last year in 10,000 yuan; `share` of its people that
    come when all is well; `opens_on` None for one that never does; `moved_from` the area that managed it before.
    """

    code: str
    name: str
    area: Place
    area_name: str
    scope: str
    industry: str
    fate: Fate
    is_above: bool
    roster: int
    revenue: int
    opens_on: date | None
    share: float
    always_partial: bool
    tags: list[str] = field(default_factory=list)
    moved_from: Place | None = None

    @property
    def leaves_on(self) -> date | None:
        """The day of its closing for good: between the 1st and the 18th of March."""
        return date(2020, 3, 1 + int(self.code[8:16], 36) % 18) if self.fate is Fate.GONE else None


def settle(values: list[int], total: int, least: Sequence[int], most: Sequence[int]) -> list[int]:
    """The values moved to `total`, each by its share of the room between its bounds. Raises ValueError if impossible.

    The rounding remainder goes to the first that have room, so that the same values give the same answer.
    """
    gap = total - sum(values)
    room = [(top - value) if gap > 0 else (value - low) for value, low, top in zip(values, least, most, strict=True)]
    if abs(gap) > sum(room):
        raise ValueError(f"no way to {total}")
    step = 1 if gap > 0 else -1
    moves = [abs(gap) * space // sum(room) if gap else 0 for space in room]
    left = abs(gap) - sum(moves)
    for at, space in enumerate(room):
        if left and moves[at] < space:
            moves[at] += 1
            left -= 1
    return [value + step * move for value, move in zip(values, moves, strict=True)]


def enterprises(plan: Plan, places: Sequence[Place]) -> list[MadeUp]:
    """The register of the plan: of each area the planned enterprises, then those that count no more."""
    source = random.Random(SEED)  # noqa: S311
    by_code = {place.code: place for place in places}
    extra = _outside_the_count(plan)
    made: list[MadeUp] = []
    for number, area in enumerate(plan.areas):
        made += _of_area(number, area, by_code[area.code], extra[number], source)
    _fix_rosters(made, plan)
    _mark(made, plan, by_code)
    return made


def _outside_the_count(plan: Plan) -> list[list[Fate]]:
    """Area by area: the enterprises that are left out or gone; none in the zone."""
    found: list[list[Fate]] = [[] for _area in plan.areas]
    at = [number for number, area in enumerate(plan.areas) if area.code != plan.zone]
    for number, fate in enumerate([Fate.EXCLUDED] * plan.excluded + [Fate.GONE] * plan.gone):
        found[at[number % len(at)]].append(fate)
    return found


def _of_area(number: int, area: AreaPlan, place: Place, extra: list[Fate], source: random.Random) -> list[MadeUp]:
    fates = [Fate.OPEN] * area.open + [Fate.CLOSED] * area.closed + [Fate.MISSING] * area.missing + extra
    division = _division(area.code)
    prefix = place.short_name.rstrip("区县市") if len(place.short_name) > 2 else place.short_name
    made = []
    for index, (title, scope, industry) in enumerate(enterprise_names(prefix, len(fates), source)):
        is_above = index < area.above
        # Half the enterprises of a county are managed by a township where the city's data name them.
        township = source.choice(place.townships) if place.townships and source.random() < 0.5 else None
        roster = _roster(is_above, source)
        made.append(
            MadeUp(
                code=compose_code(division, f"MA{number:02d}{index:04d}"),
                name=title,
                area=place,
                area_name=township[1] if township else place.name,
                scope=scope,
                industry=industry,
                fate=fates[index],
                is_above=is_above,
                roster=roster,
                revenue=_revenue(is_above, roster, source),
                opens_on=_opening(fates[index], is_above, source),
                share=min(1.0, max(0.4, source.gauss(area.rate + 0.005, 0.07))),
                always_partial=source.random() < _ALWAYS_PARTIAL,
            )
        )
    return made


def _division(code: str) -> str:
    return code if code.isdecimal() else DISTRICT_OF_ZONES


def _roster(is_above: bool, source: random.Random) -> int:
    people = source.lognormvariate(4.55, 0.85) + 20 if is_above else source.lognormvariate(3.0, 0.8) + 3
    return int(min(people, 2600))


def _revenue(is_above: bool, roster: int, source: random.Random) -> int:
    """Last year's, in 10,000 yuan, on the side of the threshold that the enterprise is said to stand on."""
    revenue = roster * source.randint(35, 130)
    return max(revenue, ABOVE_SCALE + roster) if is_above else min(revenue, ABOVE_SCALE - 1 - roster % 700)


def _opening(fate: Fate, is_above: bool, source: random.Random) -> date | None:
    if fate is Fate.CLOSED and source.random() < 0.8:
        return None
    most_likely = 6 if is_above else 15
    last = 33 if fate is not Fate.CLOSED else 20
    return FIRST_DAY + timedelta(days=int(source.triangular(0, last, most_likely)))


def _fix_rosters(made: list[MadeUp], plan: Plan) -> None:
    """The people of the open enterprises come to the planned number exactly."""
    open_ = [item for item in made if item.fate is Fate.OPEN]
    factor = plan.roster / sum(item.roster for item in open_)
    wanted = [max(2, round(item.roster * factor)) for item in open_]
    fixed = settle(wanted, plan.roster, [2] * len(open_), [4000] * len(open_))
    for item, roster in zip(open_, fixed, strict=True):
        item.roster = roster


def _mark(made: list[MadeUp], plan: Plan, places: dict[str, Place]) -> None:
    """Exporters and foreign enterprises of the zone, makers of protective goods, and who came from another area."""
    in_zone = [item for item in made if item.area.code == plan.zone]
    for item in in_zone[: plan.exporters]:
        item.tags.append(EXPORTER)
    for item in in_zone[:: max(1, len(in_zone) // plan.foreign)][: plan.foreign]:
        item.tags.append(FOREIGN)
        item.share = max(item.share, 0.95)
        item.always_partial = False
    for item in [item for item in made if item.industry in SUPPLY_MAKERS and item.is_above][:24]:
        item.tags.append(SUPPLIES)
    homes = [places[area.code] for area in plan.areas if area.code != plan.zone]
    settled = [item for item in made if item.fate is Fate.OPEN and item.area.code != plan.zone and not item.is_above]
    for number, item in enumerate(settled[:: max(1, len(settled) // plan.moved)][: plan.moved]):
        item.moved_from = next(home for home in homes[number:] + homes if home is not item.area)
        # The credit code stays that of the area it was registered in.
        item.code = compose_code(_division(item.moved_from.code), item.code[8:16])


def register_rows(made: list[MadeUp]) -> Iterator[tuple[str, ...]]:
    """The register as a county's spreadsheet would have it, before anybody moved."""
    for number, item in enumerate(made):
        founded = date(1996 + number % 23, 1 + number % 12, 1 + number % 27)
        capital = f"{(number % 40 + 1) * 50}万元人民币"
        home = item.moved_from or item.area
        yield (
            item.code, item.name, home.name if item.moved_from else item.area_name, founded.isoformat(),
            capital, f"{home.name}工业路{number + 1}号", item.scope, str(item.roster), item.industry,
            str(item.revenue), "是" if item.is_above else "否", LAST_YEAR_END.isoformat(),
        )  # fmt: skip
