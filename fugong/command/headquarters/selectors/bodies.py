"""The bodies of an incident, who serves in them, who is on duty now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from fugong.base.accounts.models import Body, Mandate, User
from fugong.base.accounts.selectors import bodies_within, mandates_on, people_of
from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree
from fugong.command.headquarters.enums import Place
from fugong.command.headquarters.models import DutyShift, IncidentBody
from fugong.command.headquarters.permissions import WORKERS, can_see_directives
from fugong.core import clock
from fugong.core.decision import OutOfScope
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident

_SHIFTS = 60


@dataclass(slots=True)
class Serving:
    """A body of an incident with its people: mandates by role, and who is on duty now."""

    row: IncidentBody
    mandates: list[Mandate] = field(default_factory=list)
    on_duty: list[DutyShift] = field(default_factory=list)


def incident_bodies(viewer: Viewer, incident: Incident, area: Area) -> list[IncidentBody]:
    """The bodies that an area has for an incident, headquarters first. Names of bodies are public to officials."""
    can_see_directives(viewer).require()
    rows = IncidentBody.objects.filter(incident=incident, area=area)
    return list(rows.select_related("body", "body__area").order_by("order"))


def bodies_with_people(viewer: Viewer, incident: Incident, area: Area) -> list[Serving]:
    """The same with who serves in each and who is on duty now. 3 queries."""
    found = {row.body_id: Serving(row) for row in incident_bodies(viewer, incident, area)}
    held = mandates_on(viewer, clock.today()).filter(body__in=found).select_related("user", "deputy_for__user")
    for mandate in held.order_by("role", "user__name", "pk"):
        found[mandate.body_id].mandates.append(mandate)
    for shift in on_duty(viewer, incident, found, clock.now()):
        found[shift.body_id].on_duty.append(shift)
    return list(found.values())


def on_duty(viewer: Viewer, incident: Incident, bodies: Iterable[int], moment: datetime) -> list[DutyShift]:
    """Who is on duty at a moment for bodies of these ids. One query."""
    can_see_directives(viewer).require()
    shifts = DutyShift.objects.at(moment).filter(incident=incident, body__in=list(bodies))
    return list(shifts.select_related("user", "body").order_by("body", "starts_at", "pk"))


def roster_of(viewer: Viewer, incident: Incident, area: Area) -> list[DutyShift]:
    """The duty roster of an area from now on, the next first."""
    can_see_directives(viewer).require()
    served = IncidentBody.objects.filter(incident=incident, area=area).values("body")
    shifts = DutyShift.objects.filter(incident=incident, body__in=served, ends_at__gt=clock.now())
    return list(shifts.select_related("user", "body").order_by("starts_at", "pk")[:_SHIFTS])


def shift_for(viewer: Viewer, incident: Incident, pk: int) -> DutyShift:
    """One duty of a body in the viewer's areas. Raises `OutOfScope`."""
    found = DutyShift.objects.filter(incident=incident, pk=pk).select_related("body", "user").first()
    if found is None or not viewer.covers(found.body.area_id):
        raise OutOfScope(f"duty {pk}")
    return found


def headquarters_in(viewer: Viewer, incident: Incident, area: Area) -> Body | None:
    """The headquarters that an area has for an incident."""
    rows = incident_bodies(viewer, incident, area)
    return next((row.body for row in rows if row.place == Place.HEADQUARTERS), None)


def addressees(viewer: Viewer, incident: Incident, area: Area) -> QuerySet[Body]:
    """Whom a headquarters can give a directive to: the bodies of its area and of those beneath it."""
    can_see_directives(viewer).require()
    inside = area_tree().within(area)
    return bodies_within(area).filter(area__in=inside)


def person_in(viewer: Viewer, body: Body, name: str) -> User | None:
    """Who serves in a body under a name today."""
    return people_of(viewer, body, clock.today(), *WORKERS).filter(name=name.strip()).first()


def whom_to_remind(viewer: Viewer, incident: Incident, body: Body, owner: User | None) -> list[User]:
    """The owner; else who is on duty for the body; else its people. For jobs."""
    if not viewer.is_service:
        return []
    people = people_of(viewer, body, clock.today(), *WORKERS)
    if owner is not None and people.filter(pk=owner.pk).exists():
        return [owner]
    duty = [shift.user for shift in on_duty(viewer, incident, [body.pk], clock.now())]
    return duty or list(people)
