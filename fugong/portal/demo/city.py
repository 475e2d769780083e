"""Rows of a made-up register and of its reports: pure, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from fugong.portal.demo.names import enterprise_names
from fugong.record.registry.logic.uscc import compose_code

SEED = 20200324
FIRST_DAY = date(2020, 2, 10)
MORNING = date(2020, 3, 24)
PER_AREA = 30
# Industrial enterprises of 20 million yuan a year and more are above scale since 2011 (National Bureau of Statistics);
# here in 10,000 yuan, as of the end of the year before.
ABOVE_SCALE = 2000
LAST_YEAR_END = "2019-12-31"
# Share of enterprises that have reported when the demonstration begins at eight.
REPORTED_BY_EIGHT = 0.7
# Zones have no code of their own: their enterprises carry the district's (GB/T 2260) in the credit code.
DISTRICT_OF_ZONES = "371502"
REGISTER_COLUMNS = (
    "统一社会信用代码", "企业名称", "管理区域", "成立日期", "注册资本", "注册地址", "经营范围",
    "职工人数", "行业代码", "营业收入（万元）", "是否规上", "数据日期",
)  # fmt: skip
REPORT_COLUMNS = (
    "uscc",
    "day",
    "state",
    "reason",
    "roster",
    "on_post",
    "capacity",
    "obstacles",
    "supply_days",
    "remark",
)


@dataclass(frozen=True, slots=True)
class MadeUp:
    """An invented enterprise: its credit code, and how its days go. `revenue` of last year in 10,000 yuan."""

    code: str
    name: str
    area_name: str
    scope: str
    industry: str
    revenue: int
    roster: int
    opens_on: date | None
    full_share: float


def enterprises(areas: list[tuple[str, str, str]]) -> list[MadeUp]:
    """`PER_AREA` enterprises for each reporting area, given as (code, name, short name)."""
    source = random.Random(SEED)  # noqa: S311
    made = []
    for number, (code, name, short) in enumerate(areas):
        division = code if code.isdecimal() else DISTRICT_OF_ZONES
        prefix = short.rstrip("区县市") if len(short) > 2 else short
        for index, (title, scope, industry) in enumerate(enterprise_names(prefix, PER_AREA, source)):
            body = f"MA9{number:02d}{index:03d}"
            roster = int(source.lognormvariate(3.6, 0.9)) + 4
            opens = FIRST_DAY + timedelta(days=int(source.triangular(0, 36, 9)))
            made.append(
                MadeUp(
                    code=compose_code(division, body),
                    name=title,
                    area_name=name,
                    scope=scope,
                    industry=industry,
                    revenue=roster * source.randint(25, 90),
                    roster=roster,
                    opens_on=None if source.random() < 0.03 else opens,
                    full_share=source.uniform(0.72, 0.98),
                )
            )
    return made


def register_rows(made: list[MadeUp]) -> Iterator[tuple[str, ...]]:
    """The register as a county's spreadsheet would have it."""
    for number, item in enumerate(made):
        founded = date(1996 + number % 23, 1 + number % 12, 1 + number % 27)
        capital = f"{(number % 40 + 1) * 50}万元人民币"
        above = "是" if item.revenue >= ABOVE_SCALE else "否"
        yield (
            item.code, item.name, item.area_name, founded.isoformat(), capital, f"{item.area_name}工业路{number + 1}号",
            item.scope, str(item.roster), item.industry, str(item.revenue), above, LAST_YEAR_END,
        )  # fmt: skip


def report_rows(made: list[MadeUp]) -> Iterator[tuple[str, ...]]:
    """A report per enterprise and day from `FIRST_DAY`; on `MORNING` only of those that were early."""
    source = random.Random(SEED + 1)  # noqa: S311
    for item in made:
        day = FIRST_DAY
        while day <= MORNING:
            late = day == MORNING and source.random() > REPORTED_BY_EIGHT
            if not late and source.random() > 0.015:
                yield _report(item, day, source)
            day += timedelta(days=1)


def _report(item: MadeUp, day: date, source: random.Random) -> tuple[str, ...]:
    code, when, roster = item.code, day.isoformat(), str(item.roster)
    if item.opens_on is None or day < item.opens_on:
        reason = source.choice(["orders", "materials", "staff", "quarantine", "permit"])
        return (code, when, "closed", reason, roster, "0", "", "", "", "")
    ripe = min(1.0, 0.35 + (day - item.opens_on).days * 0.035)
    on_post = min(item.roster, max(1, round(item.roster * item.full_share * ripe)))
    state = "open" if ripe >= 0.9 else "partial"
    obstacles = ";".join(code for code in ("labour", "materials", "logistics", "supplies") if source.random() > 0.86)
    capacity = str(round(100 * item.full_share * ripe))
    return (code, when, state, "", roster, str(on_post), capacity, obstacles, str(source.randint(2, 12)), "")
