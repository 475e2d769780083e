"""Which definitions hold on a day: the playbook's, and what the incident added or changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree
from fugong.command.situation.logic.figures import Indicator, indicator_of
from fugong.command.situation.models import IncidentIndicator, IndicatorTarget
from fugong.command.situation.permissions import can_see_figures
from fugong.core.memo import once_per_request
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.incidents.selectors import playbook_on


@once_per_request
def _stated(incident_id: int) -> tuple[IncidentIndicator, ...]:
    """What was stated for the incident, the later of a code and day behind the earlier."""
    rows = IncidentIndicator.objects.filter(incident_id=incident_id).order_by("valid_from", "pk")
    return tuple(rows)


def indicators_on(incident: Incident, day: date) -> list[Indicator]:
    """The definitions that hold on a day, in the order of the playbook, then those that the incident added."""
    found = {item["code"]: indicator_of(item) for item in playbook_on(incident, day).content.get("indicators", [])}
    for row in _stated(incident.pk):
        if row.valid_from > day:
            continue
        if row.content:
            found[row.code] = indicator_of(row.content, row.valid_from, row.stated_by_name)
        else:
            found.pop(row.code, None)
    return list(found.values())


def versions_of(viewer: Viewer, incident: Incident) -> dict[str, list[IncidentIndicator]]:
    """Code → what was stated for it in an incident, the latest first."""
    can_see_figures(viewer).require()
    found: dict[str, list[IncidentIndicator]] = {}
    for row in reversed(_stated(incident.pk)):
        found.setdefault(row.code, []).append(row)
    return found


def target_history(viewer: Viewer, incident: Incident, area: Area) -> dict[str, list[IndicatorTarget]]:
    """Code → the targets set for the area and for those above it, the latest first."""
    can_see_figures(viewer).require()
    above = {one.pk for one in area_tree().ancestors(area)}
    found: dict[str, list[IndicatorTarget]] = {}
    for row in reversed(_targets(incident.pk)):
        if row.area_id in above:
            found.setdefault(row.code, []).append(row)
    return found


@once_per_request
def _targets(incident_id: int) -> tuple[IndicatorTarget, ...]:
    return tuple(
        IndicatorTarget.objects.filter(incident_id=incident_id).select_related("area").order_by("valid_from", "pk")
    )


def targets_on(
    viewer: Viewer, incident: Incident, day: date, areas: Iterable[Area], indicators: Iterable[Indicator]
) -> dict[tuple[str, int], Decimal]:
    """(indicator, area id) → its target on a day: the area's own, that of an area above, or the definition's."""
    can_see_figures(viewer).require()
    tree = area_tree()
    stated = {(row.code, row.area_id): row.value for row in _targets(incident.pk) if row.valid_from <= day}
    found = {}
    for indicator in indicators:
        for area in areas:
            own = [stated[indicator.code, above.pk] for above in tree.ancestors(area)
                   if stated.get((indicator.code, above.pk)) is not None]  # fmt: skip
            target = own[0] if own else indicator.target_on(day, area.code)
            if target is not None:
                found[indicator.code, area.pk] = target
    return found
