"""Invented names. None is meant to be that of a real enterprise or person."""

from __future__ import annotations

import random

_FIRST = (
    "鲁源 恒泽 瑞禾 东方润 金穗 华晟 凯跃 天麓 博远 宏图 永信 昌盛 顺达 正泰源 锦程 安泰和 鑫茂 丰禾 亿佳 同创".split()
)
# What they make, how the register says it, the division of GB/T 4754-2017.
_TRADES = [
    ("精工轴承", "轴承制造", "34"),
    ("纺织", "棉纺织", "17"),
    ("板材", "人造板制造", "20"),
    ("塑业", "塑料制品", "29"),
    ("电缆附件", "电线电缆制造", "38"),
    ("面粉", "谷物磨制", "13"),
    ("机械", "通用设备制造", "35"),
    ("纸业", "纸制品制造", "22"),
    ("化工", "化学原料制造", "26"),
    ("食品", "食品制造", "14"),
    ("铜业", "有色金属压延", "32"),
    ("生物科技", "饲料添加剂", "13"),
]
_FORMS = ["有限公司", "有限公司", "股份有限公司", "厂"]


def enterprise_names(prefix: str, count: int, source: random.Random) -> list[tuple[str, str, str]]:
    """`count` different (name, business scope, GB/T 4754 division), each with the prefix before it."""
    pairs = [(first, trade) for first in _FIRST for trade in _TRADES]
    chosen = source.sample(pairs, count)
    return [(f"{prefix}{first}{trade[0]}{source.choice(_FORMS)}", trade[1], trade[2]) for first, trade in chosen]
