"""Invented names. None is meant to be that of a real enterprise or person."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product

# Syllables that firms seldom choose, put together two by two.
_FIRST = tuple("砚棠澹禾汀芷岚翎槐堇沅珂麓笙榆苇澜蔚桐黎")
_SECOND = tuple("渊穗晖泉舟峤衡芃陌圃楹畴霁榛砺沐")
# What they make, how the register says it, the division of GB/T 4754-2017.
_TRADES = (
    ("轴承", "轴承制造", "34"),
    ("精工机械", "通用设备制造", "34"),
    ("纺织", "棉纺织", "17"),
    ("服饰", "服装制造", "18"),
    ("板材", "人造板制造", "20"),
    ("家具", "木质家具制造", "21"),
    ("塑业", "塑料制品制造", "29"),
    ("橡胶", "橡胶制品制造", "29"),
    ("电缆附件", "电线电缆制造", "38"),
    ("面粉", "谷物磨制", "13"),
    ("饲料", "饲料加工", "13"),
    ("食品", "食品制造", "14"),
    ("纸业", "纸制品制造", "22"),
    ("印务", "包装印刷", "23"),
    ("化工", "化学原料制造", "26"),
    ("医药", "医药制造", "27"),
    ("建材", "水泥制品制造", "30"),
    ("玻璃", "玻璃制品制造", "30"),
    ("钢管", "钢压延加工", "31"),
    ("铝业", "铝压延加工", "32"),
    ("铜材", "铜压延加工", "32"),
    ("金属制品", "金属结构制造", "33"),
    ("专用装备", "专用设备制造", "35"),
    ("汽配", "汽车零部件制造", "36"),
    ("电气", "输配电设备制造", "38"),
    ("电子", "电子元件制造", "39"),
)
_FORMS = ("有限公司", "有限公司", "有限公司", "股份有限公司", "厂")
_SURNAMES = tuple("凌邬褚冉戚隗蔺臧闵靳屈仉阮晏")
_GIVEN = ("知远", "若谷", "怀瑾", "清和", "思齐", "景行", "望舒", "嘉树", "允中", "静姝", "修远", "明夷")
# Who makes masks and gowns is asked for first; the divisions that can.
SUPPLY_MAKERS = frozenset({"17", "18", "27"})


def enterprise_names(prefix: str, count: int, source: random.Random) -> list[tuple[str, str, str]]:
    """`count` different (name, business scope, GB/T 4754 division), each with the prefix before it."""
    words = [first + second for first, second in product(_FIRST, _SECOND)]
    pairs = [(word, trade) for word in words for trade in _TRADES]
    chosen = source.sample(pairs, count)
    return [(f"{prefix}{word}{trade[0]}{source.choice(_FORMS)}", trade[1], trade[2]) for word, trade in chosen]


def person_names(source: random.Random) -> Iterator[str]:
    """Names of invented people, without end."""
    while True:
        yield source.choice(_SURNAMES) + source.choice(_GIVEN)


def officer_names(source: random.Random) -> Iterator[str]:
    """Different names of invented people: some thousands."""
    names = [surname + first + second for surname, first, second in product(_SURNAMES, _FIRST, _SECOND)]
    yield from source.sample(names, len(names))
