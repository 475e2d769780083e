"""The playbook's section `risk`: the levels that an area can have, the mildest first. Pure; no database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from fugong.core.registries import Folder
from fugong.core.text import in_language

FILE = "risk_levels.csv"


@dataclass(frozen=True, slots=True)
class RiskLevel:
    """One level: `order` counts from the mildest."""

    code: str
    zh: str
    en: str
    order: int

    @property
    def label(self) -> str:
        return in_language({"zh": self.zh, "en": self.en})


def read_section(folder: Folder) -> list[dict[str, Any]]:
    """Read `risk_levels.csv` (code, zh, en, order). Raises `PlaybookError` for an order that is no number or twice."""
    levels: list[dict[str, Any]] = []
    seen: set[int] = set()
    for number, row in enumerate(folder.table(FILE, ("code", "zh", "en", "order")), start=2):
        place = _("row %(row)d, %(column)s") % {"row": number, "column": "order"}
        if not row["order"].isdecimal():
            folder.fail(FILE, place, _("The order is no whole number. Count from 1, the mildest first."))
        order = int(row["order"])
        if order in seen:
            folder.fail(FILE, place, _("Two levels have the same order. Give each its own."))
        seen.add(order)
        levels.append({"code": row["code"], "zh": row["zh"], "en": row["en"], "order": order})
    return sorted(levels, key=lambda level: level["order"])


def levels_of(content: dict[str, Any]) -> list[RiskLevel]:
    """The levels of a playbook version; none for one that was loaded before levels were read."""
    return [RiskLevel(**level) for level in content.get("risk", [])]
