"""Rows of the tree of areas."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from fugong.base.areas.models import Area
from fugong.base.areas.selectors import AreaTree
from fugong.core.viewer import Viewer
from fugong.record.incidents import permissions
from fugong.record.incidents.logic.risk import RiskLevel
from fugong.record.incidents.models import Incident
from fugong.record.incidents.selectors import Risk

_FROM_THE_TOP = ("bad", "risk")


def chip_of(level: RiskLevel, levels: list[RiskLevel]) -> str:
    """The highest level is red, the next one amber, the others plain."""
    place = [other.code for other in reversed(levels)].index(level.code)
    return _FROM_THE_TOP[place] if place < len(_FROM_THE_TOP) and level != levels[0] else "ok"


def area_rows(
    viewer: Viewer, incident: Incident, tree: AreaTree, top: Area, risks: dict[int, Risk], levels: list[RiskLevel]
) -> list[dict[str, Any]]:
    """The area and everything beneath it that the viewer covers, parents before children."""
    inside = [area for area in tree.areas.values() if area.path.startswith(top.path) and viewer.covers(area.pk)]
    base = top.path.count("/")
    return [
        area_row(viewer, incident, tree, area, area.path.count("/") - base, risks.get(area.pk), levels)
        for area in sorted(inside, key=lambda area: area.path)
    ]


def area_row(
    viewer: Viewer,
    incident: Incident,
    tree: AreaTree,
    area: Area,
    depth: int,
    risk: Risk | None,
    levels: list[RiskLevel],
) -> dict[str, Any]:
    may = permissions.can_set_area_risk(viewer, area.pk)
    successor = tree.areas[area.successor_id] if area.successor_id else None
    return {
        "name": str(area),
        "code": area.code,
        "depth": min(depth, 4),
        "level_label": area.get_level_display(),
        "is_local": area.is_local,
        "is_reporting": area.is_reporting,
        "valid_from": area.valid_from,
        "valid_to": area.valid_to,
        "successor": str(successor) if successor else "",
        "risk": risk.level.label if risk else "",
        "chip": chip_of(risk.level, levels) if risk else "none",
        "inherited_from": str(tree.areas[risk.area_id]) if risk and risk.is_inherited else "",
        "risk_since": risk.valid_from if risk else None,
        "source": risk.source if risk else "",
        "set_url": reverse("incidents:risk", args=[incident.slug, area.code]) if may else "",
    }
