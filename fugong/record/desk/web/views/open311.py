"""Open311 GeoReport v2, reading: services and requests for programs, as JSON and as XML.

https://wiki.open311.org/GeoReport_v2/. Open only where the site says so (FUGONG_OPEN311). What an enterprise wrote, its
name and its address are not given: a request shows its category, area, body and dates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fugong.core import clock
from fugong.core.registries import DetailField, request_kinds
from fugong.record.desk.enums import RequestEnd, RequestState
from fugong.record.desk.logic.section import Category, DeskSection
from fugong.record.desk.models import Request
from fugong.record.desk.selectors.open311 import SPAN, Wanted, public_incident, public_requests
from fugong.record.desk.selectors.rules import section_on
from fugong.record.incidents.models import Incident

Row = Mapping[str, Any]


class Refused(ValueError):
    """The question cannot be answered; the code is the HTTP status, the words say how to ask."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code = code


def _jurisdiction(request: HttpRequest) -> tuple[Incident, DeskSection]:
    if not settings.OPEN311:
        raise Http404
    slug = request.GET.get("jurisdiction_id", "")
    incident = public_incident(request.viewer, slug)
    if incident is None and slug:
        raise Refused(404, _("There is no jurisdiction_id “%(slug)s”.") % {"slug": slug[:80]})
    if incident is None:
        raise Refused(400, _("Give jurisdiction_id: the name of the incident, as in its addresses."))
    return incident, section_on(incident, clock.today())


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _add(parent: ElementTree.Element, name: str, value: Any) -> None:
    child = ElementTree.SubElement(parent, name)
    if isinstance(value, list):
        for item in value:
            below = ElementTree.SubElement(child, "value" if name == "values" else "attribute")
            for key, word in item.items():
                _add(below, key, word)
    else:
        child.text = _word(value)


def _answer(rows: Iterable[Row], form: str, root: str, item: str, status: int = 200) -> HttpResponse:
    """The rows as the address asks for them."""
    listed = [dict(row) for row in rows]
    if form == "json":
        return JsonResponse(listed, safe=False, status=status, json_dumps_params={"ensure_ascii": False})
    top = ElementTree.Element(root)
    for row in listed:
        child = ElementTree.SubElement(top, item)
        for name, value in row.items():
            _add(child, name, value)
    text = ElementTree.tostring(top, encoding="utf-8", xml_declaration=True)
    return HttpResponse(text, content_type="text/xml; charset=utf-8", status=status)


def _refusal(error: Refused, form: str) -> HttpResponse:
    return _answer([{"code": error.code, "description": str(error)}], form, "errors", "error", error.code)


def _service(section: DeskSection, category: Category) -> Row:
    kind = request_kinds[category.kind]
    return {
        "service_code": category.code,
        "service_name": section.label(category.code),
        "description": section.label(category.code),
        "metadata": bool(kind.fields),
        "type": "realtime",
        "keywords": "",
        "group": section.label(category.parent) if category.parent else "",
    }


@login_not_required
@require_safe
def services(request: HttpRequest, form: str) -> HttpResponse:
    """What can be asked for."""
    try:
        _incident, section = _jurisdiction(request)
    except Refused as error:
        return _refusal(error, form)
    return _answer([_service(section, one) for one in section.categories], form, "services", "service")


_TYPES = {"integer": "number", "text": "string", "date": "datetime"}


def _attribute(order: int, field: DetailField) -> Row:
    return {
        "variable": True,
        "code": field.name,
        "datatype": _TYPES[field.type],
        "required": field.is_required,
        "datatype_description": "",
        "order": order,
        "description": str(field.label),
        "values": [],
    }


@login_not_required
@require_safe
def definition(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """The details that one kind of request asks for."""
    try:
        _incident, section = _jurisdiction(request)
        category = section.category(code)
        if category is None:
            raise Refused(404, _("There is no service_code “%(code)s”.") % {"code": code[:80]})
    except Refused as error:
        return _refusal(error, form)
    attributes = [_attribute(number, field) for number, field in enumerate(request_kinds[category.kind].fields, 1)]
    found = {"service_code": code, "attributes": attributes}
    if form == "json":
        return JsonResponse(found, json_dumps_params={"ensure_ascii": False})
    top = ElementTree.Element("service_definition")
    for name, value in found.items():
        _add(top, name, value)
    text = ElementTree.tostring(top, encoding="utf-8", xml_declaration=True)
    return HttpResponse(text, content_type="text/xml; charset=utf-8")


def _at(moment: datetime | None) -> str:
    return "" if moment is None else clock.local(moment).replace(microsecond=0).isoformat()


def _request(section: DeskSection, asked: Request) -> Row:
    ended = asked.state == RequestState.ENDED
    notes = RequestEnd(asked.end).label if ended else RequestState(asked.state).label
    return {
        "service_request_id": asked.number,
        "status": "closed" if ended else "open",
        "status_notes": str(notes),
        "service_name": section.label(asked.category),
        "service_code": asked.category,
        "description": section.label(asked.category),
        "agency_responsible": str(asked.owner_body),
        "service_notice": "",
        "requested_datetime": _at(asked.opened_at),
        "updated_datetime": _at(getattr(asked, "told_at", None) or asked.opened_at),
        "expected_datetime": "" if ended else _at(asked.close_due_at),
        "address": str(asked.managing_area),
        "address_id": asked.managing_area.code,
        "zipcode": "",
        "lat": None,
        "long": None,
        "media_url": "",
    }


def _moment(request: HttpRequest, name: str) -> datetime | None:
    text = request.GET.get(name, "")
    if not text:
        return None
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or not clock.is_plausible(found.date()):
        raise Refused(400, _("Write %(name)s like 2020-03-24T08:00:00+08:00.") % {"name": name})
    return found


def _wanted(request: HttpRequest) -> Wanted:
    def listed(name: str) -> tuple[str, ...]:
        return tuple(word for word in request.GET.get(name, "")[:4000].split(",") if word)

    states = listed("status")
    if not set(states) <= {"open", "closed"}:
        raise Refused(400, _("status is open or closed."))
    first, last = _moment(request, "start_date"), _moment(request, "end_date")
    if first and last and not first <= last <= first + SPAN:
        raise Refused(400, _("end_date lies before start_date, or more than 90 days after it."))
    return Wanted(listed("service_request_id"), listed("service_code"), states, first, last)


@login_not_required
@require_safe
def requests(request: HttpRequest, form: str) -> HttpResponse:
    """The requests of the last 90 days, or those that are asked for."""
    try:
        incident, section = _jurisdiction(request)
        found = public_requests(request.viewer, incident, _wanted(request))
    except Refused as error:
        return _refusal(error, form)
    return _answer([_request(section, asked) for asked in found], form, "service_requests", "request")


@login_not_required
@require_safe
def one(request: HttpRequest, number: str, form: str) -> HttpResponse:
    """One request."""
    try:
        incident, section = _jurisdiction(request)
        found = public_requests(request.viewer, incident, Wanted(numbers=(number,)))
        if not found:
            raise Refused(404, _("There is no service_request_id “%(number)s”.") % {"number": number[:80]})
    except Refused as error:
        return _refusal(error, form)
    return _answer([_request(section, asked) for asked in found], form, "service_requests", "request")
