from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _

from fugong.core import clock
from fugong.core.memo import once_per_request
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident, PlaybookVersion
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


@once_per_request
def incident_by_id(pk: int) -> Incident:
    """An incident that the caller has found through its viewer already."""
    return Incident.objects.select_related("area").get(pk=pk)
