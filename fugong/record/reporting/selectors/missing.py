"""Who has not reported a day yet, with whom to ask and when they were last reminded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from fugong.base.accounts.models import User
from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree
from fugong.base.notifications.selectors import last_said
from fugong.core.decision import OutOfScope
from fugong.core.registries import Counting
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.registry.selectors.grants import reporters_among
from fugong.record.reporting.logic.names import reminder_key
from fugong.record.reporting.selectors.behind import MissingEnterprise, missing_enterprises
from fugong.record.reporting.selectors.counts import MISSING, state_counts


@dataclass(frozen=True, slots=True)
class Missing:
    """An enterprise without a report of the day; `reminded_at` None: nobody was reminded."""

    enterprise: MissingEnterprise
    reporters: list[User]
    reminded_at: datetime | None


def report_area(viewer: Viewer, incident: Incident, code: str = "") -> Area:
    """The area a viewer asks for; without a code the widest of the incident that the viewer covers.

    Raises `OutOfScope` for an area outside the viewer's mandates or outside the incident.
    """
    tree = area_tree()
    top = tree.areas[incident.area_id]
    inside = [area for area in tree.areas.values() if area.path.startswith(top.path) and viewer.covers(area.pk)]
    found = [area for area in inside if area.code == code] if code else inside
    if not found:
        raise OutOfScope(f"area {code}")
    return min(found, key=lambda area: (area.path.count("/"), area.code))


def missing_for(viewer: Viewer, incident: Incident, day: date, area: Area, size: int) -> tuple[int, list[Missing]]:
    """How many of an area have not reported, and the first `size` of them by name. 4 queries."""
    ids = frozenset(pk for pk in area_tree().within(area) if viewer.covers(pk))
    rows = missing_enterprises(Counting(incident.pk, day).within(ids), size)
    reporters = reporters_among(viewer, [row.pk for row in rows], day)
    said = last_said(viewer, [reminder_key(incident.pk, row.pk, day) for row in rows])
    found = [Missing(row, reporters.get(row.pk, []), said.get(reminder_key(incident.pk, row.pk, day))) for row in rows]
    return state_counts(incident.pk, day, ids).get(MISSING, 0), found
