"""What one person looks after."""

from __future__ import annotations

from datetime import date

from fugong.base.accounts.models import User
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.liaison.models import Assignment
from fugong.record.liaison.permissions import can_see_field, can_see_plan
from fugong.record.registry.models import Enterprise

_MOST = 1_000


def portfolio(viewer: Viewer, incident: Incident, user_id: int) -> list[Assignment]:
    """The enterprises of an officer within the official's areas, acting included, by area and name. One query."""
    can_see_field(viewer).require()
    rows = Assignment.objects.open_on(clock.today()).filter(incident=incident, user=user_id, enterprise__isnull=False)
    if not viewer.covers_root:
        rows = rows.filter(enterprise__managing_area_id__in=viewer.area_ids)
    rows = rows.select_related("enterprise__managing_area", "acting_for__user")
    return list(rows.order_by("enterprise__managing_area__path", "enterprise__name", "pk")[:_MOST])


def responsible_for(viewer: Viewer, incident: Incident, enterprise_id: int, day: date) -> list[Assignment]:
    """Who looks after an enterprise of the official's areas on a day, acting officers included. One query."""
    can_see_field(viewer).require()
    rows = Assignment.objects.held_on(day).filter(incident=incident, enterprise=enterprise_id, user__isnull=False)
    if not viewer.covers_root:
        rows = rows.filter(enterprise__managing_area_id__in=viewer.area_ids)
    return list(rows.select_related("user", "acting_for__user").order_by("pk"))


def officers_of(viewer: Viewer, incident: Incident, enterprise: Enterprise) -> list[User]:
    """Who looks after an enterprise today, for those who may read its plan. One query."""
    can_see_plan(viewer, enterprise).require()
    rows = Assignment.objects.held_on(clock.today()).filter(
        incident=incident, enterprise=enterprise, user__isnull=False
    )
    found = {row.user_id: row.user for row in rows.select_related("user").order_by("pk")}
    return [user for user in found.values() if user]
