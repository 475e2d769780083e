"""Which enterprises a file may report for."""

from __future__ import annotations

from collections.abc import Mapping

from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.incidents.selectors import incident_named
from fugong.record.registry.selectors.enterprises import places_within
from fugong.record.reporting.permissions import FILES

# Credit code → enterprise id and managing area id.
Places = dict[str, tuple[int, int]]


def incident_of(scope: Mapping[str, str]) -> Incident:
    """The incident of a file, which its page or command has found through its viewer. Raises `DoesNotExist`."""
    return incident_named(scope["incident"])


def places_to_report(viewer: Viewer, incident: Incident) -> Places:
    """The enterprises of the incident in the areas where the viewer may bring in files: seeing them is not enough."""
    found = places_within(viewer, incident.area.path)
    if viewer.holds_everywhere(*FILES):
        return found
    may = {area_id for _pk, area_id in found.values() if viewer.holds(area_id, *FILES)}
    return {code: place for code, place in found.items() if place[1] in may}
