"""`/api/v1/reports/`: what is due, what was sent, and sending it."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Header, Query, Router

from fugong.base.tokens.actions import answer_once
from fugong.core import clock
from fugong.core.decision import Denied, OutOfScope
from fugong.core.interface import Fault, Refused, with_scope
from fugong.core.text import in_language
from fugong.record.incidents.models import Incident
from fugong.record.incidents.selectors import open_with_playbooks
from fugong.record.registry.models import Enterprise
from fugong.record.registry.selectors.grants import my_enterprise_coded, my_enterprises
from fugong.record.reporting.actions.submit import ReportLocked, ReportRefused, Sending, submit_report
from fugong.record.reporting.enums import Channel
from fugong.record.reporting.selectors.duties import duties_for, report_section, reported_by_code
from fugong.record.reporting.selectors.items import questions_of, section_for
from fugong.record.reporting.selectors.own import my_reports
from fugong.record.reporting.web.api import schemas

router = Router()
READ, WRITE = "reports:read", "reports:write"
_PAGE = 100
Key = Annotated[str, Header(alias="Idempotency-Key", max_length=200)]


def _incident(slug: str) -> Incident:
    """An open incident by its short name, without a word of any other."""
    incident = next((item for item in open_with_playbooks(clock.today()) if item.slug == slug), None)
    if incident is None:
        raise OutOfScope(f"incident {slug}")
    return incident


def _faults(refused: ReportRefused) -> list[Fault]:
    found = [Fault(_place(finding.field), finding.reason, finding.mend) for finding in refused.errors]
    ask = _("Send it again with warning_reason")
    return found + [Fault(warning.field, warning.reason, ask) for warning in refused.warnings]


def _place(field: str) -> str:
    """Where the interface has a field of the form."""
    return field.replace("extra_", "extra.", 1) if field.startswith("extra_") else field


def _send(request: HttpRequest, body: schemas.ReportIn) -> schemas.ReportOut:
    """One report through the same action as the phone page. Raises `Refused`, `Denied`, `OutOfScope`."""
    enterprise, incident = reported_by_code(request.viewer, body.enterprise, body.incident, clock.today())
    sending = Sending(
        channel=Channel.API,
        seconds=body.seconds,
        client_key=body.client_key,
        warning_reason=body.warning_reason,
        correction_reason=body.correction_reason,
    )
    day = body.day or clock.today()
    _known(section_for(incident, enterprise.managing_area_id, day), body)
    try:
        report = submit_report(
            actor=request.viewer,
            incident=incident,
            enterprise=enterprise,
            day=day,
            values=body.values(),
            sending=sending,
        )
    except ReportLocked as locked:
        raise Refused([Fault("day", locked.locked.words, _("Ask the duty officer to open it"))]) from locked
    except ReportRefused as refused:
        raise Refused(_faults(refused)) from refused
    return schemas.ReportOut.of(report, incident.slug, enterprise.code)


def _known(section: Any, body: schemas.ReportIn) -> None:
    """What the form cannot send: items and reasons that the playbook does not have."""
    names = {item["name"] for item in section.items}
    faults = [
        Fault(f"extra.{name}", _("The playbook has no such item"), _("See /reports/items"))
        for name in body.extra
        if name not in names
    ]
    if body.warning_reason and body.warning_reason not in section.codes("warning_reasons"):
        faults.append(Fault("warning_reason", _("The playbook has no such reason"), _("See /reports/items")))
    if faults:
        raise Refused(faults)


@router.get(
    "/duties",
    response=schemas.DutiesOut,
    url_name="reports_duties",
    description=gettext_lazy(
        "Which enterprises the key may report for today, in which incident, and what was sent already."
    ),
)
@with_scope(READ)
def duties(request: HttpRequest) -> Any:
    """Which enterprises the key may report for today, in which incident, and what was sent already."""
    found = duties_for(request.viewer, list(my_enterprises(request.viewer)), clock.today())
    return {
        "duties": [
            {
                "enterprise": duty.enterprise.code,
                "name": duty.enterprise.name,
                "incident": duty.incident.slug,
                "incident_name": str(duty.incident),
                "day": duty.day,
                "due_time": f"{report_section(duty.incident, duty.day).due_time:%H:%M}",
                "report": duty.report and schemas.ReportOut.of(duty.report, duty.incident.slug, duty.enterprise.code),
            }
            for duty in found
        ]
    }


@router.get(
    "/items",
    response=schemas.ItemsOut,
    url_name="reports_items",
    description=gettext_lazy(
        "What the incident's playbook asks today: lists with their codes, further items, the due time."
    ),
)
@with_scope(READ)
def items(request: HttpRequest, incident: Annotated[str, Query(max_length=200)]) -> Any:
    """What the incident's playbook asks today: lists with their codes, further items, the due time."""
    found = _incident(incident)
    section = report_section(found, clock.today())
    areas = dict.fromkeys(enterprise.managing_area_id for enterprise in my_enterprises(request.viewer))
    asked = {item["name"]: item for pk in areas for item in questions_of(found).on(pk, clock.today())}
    lists = {
        name: [{"code": code, "label": label} for code, label in section.choices(name)]
        for name in ("closed_reasons", "obstacles", "warning_reasons")
    }
    return lists | {
        "incident": found.slug,
        "day": clock.today(),
        "due_time": f"{section.due_time:%H:%M}",
        "items": [
            {
                "name": item["name"],
                "type": item["type"],
                "label": in_language(item["label"]),
                "hint": in_language(item["hint"]) if item["hint"] else "",
                "area": item.get("area", ""),
                "unit": item.get("unit", ""),
                "is_required": item.get("is_required", False),
            }
            for item in [*section.items, *asked.values()]
        ],
    }


@router.get(
    "/",
    response=schemas.ReportsOut,
    url_name="reports",
    description=gettext_lazy("The reports of the key's enterprises, the newest first, a hundred at a time."),
)
@with_scope(READ)
def own(
    request: HttpRequest,
    enterprise: Annotated[str, Query(max_length=200)] = "",
    since: date | None = None,
    until: date | None = None,
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
) -> Any:
    """The reports of the key's enterprises, the newest first, a hundred at a time."""
    only: Enterprise | None = my_enterprise_coded(request.viewer, enterprise) if enterprise else None
    rows = my_reports(request.viewer, only, since, until, before, _PAGE + 1)
    page = rows[:_PAGE]
    return {
        "reports": [schemas.ReportOut.of(row, row.incident.slug, row.enterprise.code) for row in page],
        "next": page[-1].pk if len(rows) > _PAGE else None,
    }


@router.post(
    "/",
    response=schemas.ReportOut,
    description=gettext_lazy(
        "Report the day of one enterprise, or correct it. The same Idempotency-Key stores and answers it once."
    ),
)
@with_scope(WRITE)
def send(request: HttpRequest, body: schemas.ReportIn, key: Key = "") -> Any:
    """Report the day of one enterprise, or correct it. The same Idempotency-Key stores and answers it once."""
    if not key:
        return _answer(_send(request, body).model_dump(mode="json"))
    answer, _replayed = answer_once(
        actor=request.viewer,
        key=key,
        what="POST reports",
        content=body.model_dump(mode="json"),
        work=lambda: _send(request, body).model_dump(mode="json"),
    )
    return _answer(answer)


def _answer(report: dict[str, Any]) -> HttpResponse:
    """What `ReportOut` has checked already, now or when it was kept: Ninja would check it once more."""
    return HttpResponse(json.dumps(report, ensure_ascii=False), content_type="application/json; charset=utf-8")


@router.post(
    "/batch",
    response=schemas.BatchOut,
    url_name="reports_batch",
    description=gettext_lazy(
        "Report the day of up to 500 enterprises: each is stored or refused by itself, and the answer says which."
    ),
)
@with_scope(WRITE)
def batch(request: HttpRequest, body: schemas.BatchIn, key: Key = "") -> Any:
    """Report the day of up to 500 enterprises: each is stored or refused by itself, and the answer says which."""
    answer, _replayed = answer_once(
        actor=request.viewer,
        key=key,
        what="POST reports/batch",
        content=body.model_dump(mode="json"),
        work=lambda: _send_all(request, body.reports),
    )
    return answer


def _send_all(request: HttpRequest, reports: list[schemas.ReportIn]) -> dict[str, Any]:
    # In one order, so that two batches of the same enterprises wait for each other and do not embrace.
    order = sorted(range(len(reports)), key=lambda index: (reports[index].enterprise, index))
    lines = sorted((_line(request, index, reports[index]) for index in order), key=lambda line: line["index"])
    stored = sum(line["status"] == "stored" for line in lines)
    return {"stored": stored, "refused": len(lines) - stored, "lines": lines}


def _line(request: HttpRequest, index: int, body: schemas.ReportIn) -> dict[str, Any]:
    faults: list[Fault] = []
    report: dict[str, Any] | None = None
    try:
        with transaction.atomic():
            report = _send(request, body).model_dump(mode="json")
    except Refused as refused:
        faults = list(refused.faults)
    except Denied as denied:
        faults = [Fault("", str(denied.reason), _("Ask who is named there"))]
    except OutOfScope:
        faults = [
            Fault("enterprise", _("This key reports for no such enterprise or incident"), _("See /reports/duties"))
        ]
    errors = [{"field": fault.field, "reason": fault.reason, "mend": fault.mend} for fault in faults]
    return {"index": index, "status": "stored" if report else "refused", "report": report, "errors": errors}
