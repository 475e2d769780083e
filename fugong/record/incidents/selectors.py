from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree
from fugong.core import clock
from fugong.core.bulk import Read, read_json, rows_from_json
from fugong.core.memo import once_per_request, remember
from fugong.core.viewer import Viewer
from fugong.record.incidents.logic.risk import RiskLevel, levels_of
from fugong.record.incidents.models import AreaRisk, Incident, PlaybookVersion
from fugong.record.incidents.models.incident import IncidentQuerySet
from fugong.record.incidents.permissions import can_see_incidents


class NoSuchIncident(LookupError):
    """No incident was named and none can be taken for granted; the message lists those that exist."""


def incidents_for(viewer: Viewer) -> IncidentQuerySet:
    """The incidents an official may open."""
    incidents = Incident.objects.select_related("area").order_by("-started_on", "slug")
    seen = can_see_incidents(viewer)
    return incidents if seen else incidents.none()


def operational_incident(viewer: Viewer, slug: str | None) -> Incident:
    """The incident of that name; without one, the single open incident that is no drill.

    Raises `NoSuchIncident` with the list of incidents when there is none or more than one.
    """
    incidents = incidents_for(viewer)
    found = [incident for incident in incidents if incident.slug == slug] if slug else []
    if not slug:
        found = [incident for incident in incidents.open_on(clock.today()) if not incident.is_drill]
    if len(found) == 1:
        return found[0]
    names = ", ".join(incident.slug for incident in incidents) or "—"
    if slug:
        raise NoSuchIncident(
            _("There is no incident “%(slug)s”. There are: %(names)s") % {"slug": slug, "names": names}
        )
    raise NoSuchIncident(
        _("%(count)d incidents are open and no drill. Name one with --incident: %(names)s")
        % {"count": len(found), "names": names}
    )


@once_per_request
def _versions(code: str) -> tuple[PlaybookVersion, ...]:
    """The versions of a playbook by the day from which they hold. Raises `DoesNotExist` when none was loaded."""
    versions = tuple(PlaybookVersion.objects.filter(code=code).order_by("effective_from"))
    if not versions:
        raise PlaybookVersion.DoesNotExist(code)
    return versions


def playbook_on(incident: Incident, day: date) -> PlaybookVersion:
    """The version of the incident's playbook in effect on a day; before the first one, the first.

    Raises `PlaybookVersion.DoesNotExist` when the playbook was never loaded.
    """
    return playbooks_of(incident)(day)


def playbooks_of(incident: Incident) -> Callable[[date], PlaybookVersion]:
    """The same for many days by one query: day → version."""
    versions = _versions(incident.playbook_code)
    starts = [version.effective_from for version in versions]
    return lambda day: versions[max(0, bisect_right(starts, day) - 1)]


def open_incidents(day: date) -> IncidentQuerySet:
    """The incidents that are open on a day, the oldest first. That there is one is public; its pages are not."""
    return Incident.objects.open_on(day).select_related("area").order_by("started_on", "slug")


# Rows that never change, by id and hash of their files: their texts are long and read with every report.
_KNOWN: dict[tuple[int, str], PlaybookVersion] = {}


# By hand, because every report asks it: `open_incidents` with their areas, and which versions their playbooks have.
_ON_THE_DAY = "i.started_on <= %(incidents_day)s AND (i.ended_on IS NULL OR i.ended_on >= %(incidents_day)s)"
_OPEN = f"""
SELECT jsonb_agg(jsonb_build_array(to_jsonb(i), to_jsonb(a),
    (SELECT jsonb_agg(jsonb_build_array(v.id, v.digest) ORDER BY v.effective_from)
        FROM incidents_playbookversion AS v WHERE v.code = i.playbook_code)) ORDER BY i.started_on, i.slug)
FROM incidents_incident AS i JOIN areas_area AS a ON a.id = i.area_id WHERE {_ON_THE_DAY}
"""  # noqa: S608 - a constant of ours
# The ids of the same incidents, for what other rooms read together with them.
OPEN_IDS = f"SELECT i.id FROM incidents_incident AS i WHERE {_ON_THE_DAY}"  # noqa: S608 - a constant of ours


def open_with_playbooks(day: date) -> list[Incident]:
    """`open_incidents`, and what `playbook_on` will answer for them. One query once the process knows the playbooks."""
    return read_open(day).alone()


def read_open(day: date) -> Read[list[Incident]]:
    """`open_with_playbooks`, to be asked together with other reads."""
    return Read(_OPEN, {"incidents_day": day}, _with_playbooks)


def _with_playbooks(found: Any) -> list[Incident]:
    incidents = []
    for row, area, versions in read_json(found):
        (incident,), (incident.area,) = rows_from_json(Incident, [row]), rows_from_json(Area, [area])
        incidents.append(incident)
        keys_of = [(pk, digest) for pk, digest in versions or ()]
        if keys_of and all(key in _KNOWN for key in keys_of):
            remember(_versions, tuple(_KNOWN[key] for key in keys_of), incident.playbook_code)
        elif keys_of:
            _KNOWN.update({(version.pk, version.digest): version for version in _versions(incident.playbook_code)})
    return incidents


def incidents_over(first_day: date, last_day: date | None) -> list[Incident]:
    """The incidents that have a day between both (None: no end). Not scoped: for books that every area is in."""
    rows = Incident.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=first_day)).select_related("area")
    return list((rows if last_day is None else rows.filter(started_on__lte=last_day)).order_by("pk"))


@once_per_request
def incident_by_id(pk: int) -> Incident:
    """An incident that the caller has found through its viewer already."""
    return Incident.objects.select_related("area").get(pk=pk)


@once_per_request
def incident_named(slug: str) -> Incident:
    """An incident by its short name, which the caller has found through its viewer already. Raises `DoesNotExist`."""
    return Incident.objects.select_related("area").get(slug=slug)


@dataclass(frozen=True, slots=True)
class Risk:
    """The level of an area on a day, and from which area it comes: its own or the nearest one above."""

    level: RiskLevel
    area_id: int
    valid_from: date
    source: str
    decided_by_name: str
    is_inherited: bool


def risks_on(incident: Incident, day: date) -> dict[int, Risk]:
    """Area id → its level on a day, inherited downwards; areas without any are left out. 3 queries for a whole tree."""
    levels = {level.code: level for level in levels_of(playbook_on(incident, day).content)}
    set_by = AreaRisk.objects.filter(incident=incident, valid_from__lte=day).order_by("area_id", "-valid_from")
    own = {risk.area_id: risk for risk in set_by.distinct("area_id") if risk.level in levels}
    tree = area_tree()
    found: dict[int, Risk] = {}
    for pk, area in tree.areas.items():
        origin = next((above.pk for above in tree.ancestors(area) if above.pk in own), None)
        if origin is not None:
            risk = own[origin]
            found[pk] = Risk(
                levels[risk.level], origin, risk.valid_from, risk.source, risk.decided_by_name, origin != pk
            )
    return found


def risk_on(incident: Incident, area: Area, day: date) -> Risk | None:
    """The risk level of an area on a day, its own or inherited; None when nobody set one."""
    return risks_on(incident, day).get(area.pk)


def risk_levels(incident: Incident, day: date) -> list[RiskLevel]:
    """The levels that the playbook knows on a day, the mildest first."""
    return levels_of(playbook_on(incident, day).content)


def risks_of_area(viewer: Viewer, incident: Incident, area: Area) -> list[AreaRisk]:
    """What was set for an area in an incident, the latest first, for an official."""
    if not can_see_incidents(viewer):
        return []
    return list(AreaRisk.objects.filter(incident=incident, area=area).order_by("-valid_from"))
