"""The daily reports of the made-up register, from the first day to the morning: pure, the same for the same seed.

Enterprises open one after another, their people come back over some weeks, fewer of them at weekends; some reports
come late, some are corrected, some never arrive. On the morning and on its eve the people at work come to the planned
number exactly.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

from fugong.portal.demo.city import SEED, Fate, MadeUp, settle
from fugong.portal.demo.names import person_names
from fugong.portal.demo.plan import FIRST_DAY, MORNING, Plan

EVE = MORNING - timedelta(days=1)
_ZONE = timezone(timedelta(hours=8))
_DUE = time(10, 0)
_NEVER, _LATE, _NEXT_DAY, _CORRECTED = 0.014, 0.05, 0.01, 0.012
_WEEKEND = {5: 0.96, 6: 0.9}
_FROM_CLOSED = ("staff", "quarantine", "materials", "permit", "orders", "supplies")
_TO_THE_END = ("orders", "materials", "seasonal", "repair")
# Obstacle → how likely an open enterprise names it on the first day and on the last.
_OBSTACLES = {
    "labour": (0.34, 0.09),
    "materials": (0.22, 0.12),
    "logistics": (0.36, 0.05),
    "money": (0.1, 0.11),
    "orders": (0.06, 0.16),
    "supplies": (0.42, 0.07),
    "permits": (0.18, 0.01),
}


@dataclass(slots=True)
class Said:
    """One report: what it says, how it came, and what it said before it was corrected (people on post) if it was."""

    item: MadeUp
    day: date
    state: str
    reason: str
    roster: int
    on_post: int
    capacity: int | None
    obstacles: list[str]
    supply_days: int | None
    quarantined: int
    channel: str
    by: str
    at: datetime
    seconds: int | None
    first_said: int | None = None


def reports(made: list[MadeUp], plan: Plan) -> Iterator[list[Said]]:
    """Day by day the reports of the whole city."""
    source = random.Random(SEED + 1)  # noqa: S311
    names = person_names(source)
    writers = {item.code: next(names) for item in made}
    reasons = {item.code: source.choice(_FROM_CLOSED) for item in made}
    day = FIRST_DAY
    while day <= MORNING:
        said = [
            _report(item, day, reasons[item.code], writers[item.code], source)
            for item in made
            if _reports(item, day, source)
        ]
        _fix(said, day, plan)
        _correct_some(said, source)
        yield said
        day += timedelta(days=1)


def _reports(item: MadeUp, day: date, source: random.Random) -> bool:
    if item.leaves_on is not None and day >= item.leaves_on:
        return False
    if day == MORNING:
        return item.fate in (Fate.OPEN, Fate.CLOSED)
    if item.fate is Fate.EXCLUDED:
        return False
    # Who is missing on the morning did report the day before; in the first days more were silent.
    silent = _NEVER * (4 - 3 * min(1.0, (day - FIRST_DAY).days / 12))
    return source.random() > silent or (day == EVE and item.fate is Fate.MISSING)


def _report(item: MadeUp, day: date, reason: str, writer: str, source: random.Random) -> Said:
    at, channel = _arrival(day, source), source.choices(("phone", "on_behalf", "import"), (84, 7, 9))[0]
    progress = (day - FIRST_DAY).days / (MORNING - FIRST_DAY).days
    seconds = int(source.lognormvariate(3.2 - 0.9 * progress, 0.5)) + 4 if channel == "phone" else None
    quarantined = int(source.random() < 0.05 * (1 - progress)) * source.randint(1, 4)
    is_shut = (
        item.opens_on is None
        or day < item.opens_on
        or (item.fate is Fate.CLOSED and day >= MORNING - timedelta(days=4))
    )
    if is_shut:
        why = _TO_THE_END[len(item.name) % 4] if item.fate is Fate.CLOSED and progress > 0.5 else reason
        return Said(item, day, "closed", why, item.roster, 0, None, [], None, quarantined, channel, writer, at, seconds)
    assert item.opens_on is not None
    ripe = min(1.0, 0.5 + (day - item.opens_on).days * 0.032)
    share = item.share * ripe * _WEEKEND.get(day.weekday(), 1.0)
    on_post = min(item.roster, max(1, round(item.roster * share)))
    state = "partial" if item.always_partial or ripe < 0.75 else "open"
    obstacles = [
        code for code, (first, last) in _OBSTACLES.items() if source.random() < first + (last - first) * progress
    ]
    capacity = round(100 * share * source.uniform(0.94, 1.06)) + (25 if "防疫物资生产" in item.tags else 0)
    supply_days = min(20, max(1, round(source.gauss(4 + 7 * progress, 2.5))))
    return Said(
        item, day, state, "", item.roster, on_post, capacity, obstacles, supply_days, quarantined, channel, writer, at,
        seconds,
    )  # fmt: skip


def _arrival(day: date, source: random.Random) -> datetime:
    """Most before eight, in the hour before work begins; a few after ten, a few on the next day. On the morning no
    other than the first, for the clock of the city begins at eight.
    """
    early = datetime.combine(day, time(5, 40), _ZONE) + timedelta(seconds=int(source.triangular(0, 8160, 6600)))
    chance = source.random()
    if day == MORNING or chance >= _NEXT_DAY + _LATE:
        return early
    if chance < _NEXT_DAY:
        return datetime.combine(day + timedelta(days=1), time(6, 0), _ZONE) + timedelta(seconds=source.randrange(5400))
    return datetime.combine(day, _DUE, _ZONE) + timedelta(seconds=source.randrange(7 * 3600))


def _fix(said: list[Said], day: date, plan: Plan) -> None:
    """Bring the people at work to the planned number, on the two days that have one."""
    if day < EVE:
        return
    working = [one for one in said if one.state != "closed"]
    roster = sum(one.roster for one in working)
    total = plan.on_post if day == MORNING else round(roster * plan.eve_rate / 100)
    most = [one.roster for one in working]
    for one, people in zip(working, settle([w.on_post for w in working], total, [1] * len(most), most), strict=True):
        one.on_post = people


def _correct_some(said: list[Said], source: random.Random) -> None:
    for one in said:
        if one.state != "closed" and source.random() < _CORRECTED:
            one.first_said = max(0, one.on_post - source.randint(1, max(1, one.roster // 10)))
            if one.first_said == one.on_post:
                one.first_said = None
