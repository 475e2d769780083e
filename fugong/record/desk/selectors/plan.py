"""What requests put into the plan of an enterprise: each that is open, until it ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from fugong.core import clock
from fugong.core.decision import OutOfScope
from fugong.core.plans import PlanFact, PlanProgress
from fugong.core.viewer import Viewer
from fugong.record.desk.enums import RequestEnd, RequestState
from fugong.record.desk.models import Request

# How much of the way each state is: taken on, planned, answered, watched, ended.
_WAY = {RequestState.RECEIVED: 0, RequestState.IN_WORK: 25, RequestState.ANSWERED: 75, RequestState.WATCHING: 90}
_PLANNED = 50


def _for_service(viewer: Viewer) -> None:
    if not viewer.is_service:
        raise OutOfScope("requests")


def plan_facts(
    viewer: Viewer, incident_id: int, enterprise_ids: frozenset[int], day: date, limits: Mapping[str, int]
) -> list[PlanFact]:
    """Every open request, with the body that owns it and the day of its promise. One statement, for a service."""
    _for_service(viewer)
    rows = Request.objects.open().filter(incident=incident_id, enterprise__in=enterprise_ids).order_by("pk")
    return [
        PlanFact(
            request.enterprise_id,
            f"request:{request.pk}",
            {"number": request.number, "title": request.title},
            body_id=request.owner_body_id,
            due_on=clock.day_of(request.close_due_at),
        )
        for request in rows
    ]


def plan_progress(
    viewer: Viewer, incident_id: int, kept: list[PlanFact], day: date
) -> dict[tuple[int, str], PlanProgress]:
    """Where each request stands now; solved is done, every other end is none. One statement, for a service."""
    _for_service(viewer)
    asked = {int(fact.key.partition(":")[2]): fact for fact in kept}
    rows = Request.objects.filter(incident=incident_id, pk__in=asked).order_by("pk")
    return {(asked[request.pk].enterprise_id, asked[request.pk].key): _progress(request) for request in rows}


def _progress(request: Request) -> PlanProgress:
    if request.state == RequestState.ENDED:
        if request.end == RequestEnd.SOLVED:
            return PlanProgress(100, "done", request.get_end_display())
        return PlanProgress(None, "over", request.get_end_display())
    percent = _WAY[RequestState(request.state)]
    if request.state == RequestState.IN_WORK and request.planned_at is not None:
        percent = _PLANNED
    return PlanProgress(percent, "open", request.get_state_display())
