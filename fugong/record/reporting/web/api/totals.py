"""`/api/v1/totals/`: what a body states of its areas."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from ninja import Header, Query, Router

from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree
from fugong.base.tokens.actions import answer_once
from fugong.core.decision import OutOfScope
from fugong.core.interface import Fault, Refused, with_scope
from fugong.record.incidents.models import Incident
from fugong.record.incidents.selectors import incidents_for
from fugong.record.reporting.actions.totals import Stated, TotalRefused, state_total
from fugong.record.reporting.logic.totals import TotalValues
from fugong.record.reporting.permissions import can_see_totals
from fugong.record.reporting.selectors.totals import totals_for
from fugong.record.reporting.web.api import schemas

router = Router()
READ, WRITE = "totals:read", "totals:write"
_NUMBERS = (
    "enterprises", "enterprises_open", "roster", "on_post", "people_unit", "opening_rate", "return_rate",
)  # fmt: skip


def _incident(request: HttpRequest, slug: str) -> Incident:
    incident = next((item for item in incidents_for(request.viewer) if item.slug == slug), None)
    if incident is None:
        raise OutOfScope(f"incident {slug}")
    return incident


def _area(request: HttpRequest, code: str) -> Area:
    area = area_tree().by_code(code)
    if area is None or not request.viewer.covers(area.pk):
        raise OutOfScope(f"area {code}")
    return area


@router.get(
    "/",
    response=schemas.TotalsOut,
    url_name="totals",
    description=gettext_lazy("The totals of a day in the areas that the key covers."),
)
@with_scope(READ)
def listed(request: HttpRequest, incident: Annotated[str, Query(max_length=200)], day: date) -> Any:
    """The totals of a day in the areas that the key covers."""
    can_see_totals(request.viewer).require()
    rows = totals_for(request.viewer, _incident(request, incident), day)
    return {"totals": [schemas.TotalOut.of(total) for total in rows]}


@router.post(
    "/",
    response=schemas.TotalOut,
    description=gettext_lazy(
        "State or correct the total of an area for a day. A typed rate that contradicts its counts needs a remark."
    ),
)
@with_scope(WRITE)
def state(
    request: HttpRequest,
    body: schemas.TotalIn,
    key: Annotated[str, Header(alias="Idempotency-Key", max_length=200)] = "",
) -> Any:
    """State or correct the total of an area for a day. A typed rate that contradicts its counts needs a remark."""
    answer, _replayed = answer_once(
        actor=request.viewer,
        key=key,
        what="POST totals",
        content=body.model_dump(mode="json"),
        work=lambda: _state(request, body).model_dump(mode="json"),
    )
    return answer


def _state(request: HttpRequest, body: schemas.TotalIn) -> schemas.TotalOut:
    try:
        total = state_total(
            actor=request.viewer,
            incident=_incident(request, body.incident),
            area=_area(request, body.area),
            day=body.day,
            values=TotalValues(**{name: getattr(body, name) for name in _NUMBERS}),
            stated=Stated(body.source, body.scope, body.as_of, body.remark, body.counts),
        )
    except TotalRefused as refused:
        findings = (*refused.errors, *refused.warnings)
        raise Refused([Fault(finding.field, finding.reason, finding.mend) for finding in findings]) from refused
    return schemas.TotalOut.of(total)
