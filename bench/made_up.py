"""Synthetic registers and days of reports for the benches, of any size and the same at every run.

Names are put together from invented parts, codes are valid, areas have townships; no row is a real enterprise's.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from fugong.record.registry.logic.uscc import compose_code

DIVISIONS = ("371502", "371503", "371521", "371522", "371524", "371525", "371526", "371581")
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
_PLACES = "云川 青峪 临泽 白石 东浦 南柯 西渡 北麓 长坪 平湾 安渠 新淀".split()
_FIRST = "鲁恒瑞东金华凯天博宏永昌顺正锦鑫丰亿同泰源禾泽润晟跃麓远图信盛达程和茂佳创腾嘉祥荣兴福庆康宁"
_TRADES = (
    "精工轴承 纺织 板材 塑业 电缆附件 面粉 机械 纸业 化工 食品 铜业 生物科技 建材 物流 运输 商贸 百货 餐饮 软件 "
    "信息技术 服装 农机 种业 养殖 家具 印刷 包装 汽车配件 五金 医药 医疗器械 园林绿化 建筑劳务 装饰 门窗 玻璃 环保科技 "
    "新能源 广告 酒店"
).split()
_FORMS = ("有限公司", "有限责任公司", "股份有限公司", "（集团）有限公司", "厂", "Trading Co., Ltd.")
_KINDS = (("enterprise", 60), ("individual", 30), ("branch", 6), ("public_body", 3), ("other", 1))
_LETTERS = "BCDEFGHJKLMNPQRTUWXY"
_FIRST_DAY = date(1995, 1, 1)
_DAYS = 25 * 365


@dataclass(frozen=True, slots=True)
class MadeUpEnterprise:
    """One row of a synthetic register; `place` is an index into the areas that the generator was given.

    `code` is "" for a shop without one; it then has a provisional id.
    """

    code: str
    provisional_id: str
    name: str
    kind: str
    place: int
    established_on: date | None
    closed_on: date | None
    address: str


def codes(size: int) -> Iterator[str]:
    """`size` different credit codes over the eight districts; at most twenty million."""
    for number in range(size):
        block, within = divmod(number, 1_000_000)
        yield compose_code(DIVISIONS[number % len(DIVISIONS)], f"M{_LETTERS[block]}{within:06d}")


def _name(source: random.Random) -> str:
    first = "".join(source.choices(_FIRST, k=source.choice((2, 2, 3))))
    return f"{source.choice(_PLACES)}{first}{source.choice(_TRADES)}{source.choice(_FORMS)}"


def register(size: int, places: int, seed: int = 1) -> Iterator[MadeUpEnterprise]:
    """`size` enterprises over `places` areas: one in fifty without a code, one in forty closed for good by 2020."""
    source = random.Random(seed)
    kinds = source.choices([kind for kind, _share in _KINDS], [share for _kind, share in _KINDS], k=size)
    for number, (code, kind) in enumerate(zip(codes(size), kinds, strict=True)):
        coded = number % 50 != 49
        begun = _FIRST_DAY + timedelta(days=source.randrange(_DAYS - 400))
        yield MadeUpEnterprise(
            code=code if coded else "",
            provisional_id="" if coded else f"P{number:09d}",
            name=_name(source),
            kind=kind,
            place=source.randrange(places),
            established_on=None if number % 11 == 10 else begun,
            closed_on=begun + timedelta(days=source.randrange(400)) if source.random() < 0.025 else None,
            address=f"{source.choice(_PLACES)}路{source.randrange(1, 900)}号",
        )


def write_register(enterprises: Iterator[MadeUpEnterprise], area_ids: Sequence[int]) -> None:
    """Write them into the table by COPY, within a transaction of the caller, and let the planner see them."""
    from fugong.core.bulk import copy_rows, execute

    columns = (
        "uscc", "provisional_id", "name", "kind", "managing_area_id", "registered_area_id", "established_on",
        "closed_on", "registered_address", "business_scope", "capital_currency", "created_at", "updated_at",
    )  # fmt: skip
    moment = "2020-01-01T00:00:00+08:00"
    copy_rows(
        "registry_enterprise",
        columns,
        (
            (
                row.code or None, row.provisional_id or None, row.name, row.kind, area_ids[row.place],
                area_ids[row.place], row.established_on, row.closed_on, row.address, "", "", moment, moment,
            )
            for row in enterprises
        ),
    )  # fmt: skip
    execute("ANALYZE registry_enterprise")


def write_reports(path: Path, size: int, day: date, seed: int) -> Path:
    """A day's reports of the first `size` enterprises, one in eight closed."""
    source = random.Random(seed)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(REPORT_COLUMNS)
        for code in codes(size):
            roster = source.randint(5, 900)
            if source.random() < 0.125:
                writer.writerow((code, day, "closed", "orders", roster, 0, "", "", "", ""))
            else:
                on_post = source.randint(1, roster)
                writer.writerow((code, day, "open", "", roster, on_post, source.randint(20, 120), "labour", 5, ""))
    return path


# What is known of three enterprises in four, by their number: an industry of nine, people and revenue that make one in
# two hundred large, one in fifty above scale and tagged.
_FACTS = """
INSERT INTO registry_enterprisefact (
    enterprise_id, kind, valid_from, number, text, source, entered_by_name, entered_at)
SELECT e.id, f.kind, '2019-12-31', f.number, f.text, 'bench', 'bench', '2020-01-01T00:00:00+08:00'
FROM registry_enterprise AS e
CROSS JOIN LATERAL (SELECT (e.id * 7919) %% 10007 AS lot) AS l
CROSS JOIN LATERAL (VALUES
    ('industry', NULL, (ARRAY['17', '1711', '51', '52', '54', '61', '65', '70', 'C'])[1 + lot %% 9]),
    ('headcount', CASE WHEN lot %% 200 = 7 THEN 3000 WHEN lot %% 50 = 3 THEN 500 WHEN lot %% 5 = 1 THEN 60 ELSE 6 END,
        ''),
    ('revenue', CASE WHEN lot %% 200 = 7 THEN 2000000000 WHEN lot %% 50 = 3 THEN 90000000 WHEN lot %% 5 = 1
        THEN 8000000 ELSE 300000 END, ''),
    ('above_scale', NULL, CASE WHEN lot %% 50 = 3 THEN 'yes' ELSE 'no' END),
    ('tag', NULL, CASE WHEN lot %% 50 = 3 THEN '重点企业' END)
) AS f (kind, number, text)
WHERE lot %% 4 <> 0 AND f.text IS NOT NULL
"""


def write_facts() -> None:
    """Dated facts of the register in the table, within a transaction of the caller, and the size classes they give."""
    from fugong.core.bulk import all_rows, execute
    from fugong.core.viewer import service_viewer
    from fugong.record.registry.actions.traits import renew_traits

    execute(_FACTS)
    execute("ANALYZE registry_enterprisefact")
    known = (pk for (pk,) in all_rows("SELECT id FROM registry_enterprise"))
    renew_traits(actor=service_viewer("bench"), enterprise_ids=known)
