"""How official texts write figures: counts, rates, changes, coverage, exclusions. Pure; always Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from fugong.command.situation.logic.figures import Ratio, half_up
from fugong.core.registries import Amount

UNITS = {"enterprise": "家", "person": "人"}
_MYRIAD = 10_000
REST = "其他（未划入各区域）"
NOTHING = "—"


def counted(number: Amount, unit: str) -> str:
    """5853家; from ten thousand people on 27.74万人 (half up to two places, as official texts write)."""
    if unit == "person" and number >= _MYRIAD:
        return f"{half_up(Fraction(number) / _MYRIAD, 2).normalize():f}万{UNITS[unit]}"
    return f"{half_up(Fraction(number), 0)}{UNITS.get(unit, '')}"


def percent(value: Decimal | None) -> str:
    """85.89%; — for 0 of 0. Whole hundred is written 100%."""
    if value is None:
        return NOTHING
    return "100%" if value == 100 else f"{value}%"


def changed(now: Ratio, before: Ratio | None, places: int, since: str = "前一日") -> str:
    """，较前一日提高0.74个百分点 — nothing without a time before. `since` names that time."""
    change = now.change_from(before, places) if before is not None else None
    if change is None:
        return ""
    if change == 0:
        return f"，与{since}持平"
    return f"，较{since}{'提高' if change > 0 else '下降'}{abs(change)}个百分点"


def coverage(states: Mapping[str, int]) -> str:
    """How many have reported, and that the missing are guessed by nobody."""
    missing = states.get("missing", 0)
    reported = sum(states.values()) - missing
    tail = f"缺报{missing}家，不沿用前日数" if missing else "无缺报"
    return f"当日已报{reported}家，未开工{states.get('closed', 0)}家；{tail}。"


def exclusions(excluded: Mapping[str, int]) -> str:
    """Who is in business and yet in no figure, with the reasons; nothing when everybody counts."""
    if not excluded:
        return ""
    reasons = "；".join(f"{reason}{number}家" for reason, number in excluded.items())
    return f"另有{sum(excluded.values())}家在业企业经认定不计入本通报各项数据（{reasons}）。"
