from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from fugong.base.areas.models import Area
from fugong.base.documents.logic.official import Table
from fugong.command.situation.actions.bulletins import take_bulletin
from fugong.command.situation.logic.bulletin import BulletinFacts, compose
from fugong.command.situation.selectors.bulletin import bulletin_facts
from fugong.command.situation.selectors.figures import area_in_view
from fugong.command.situation.web import tables

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _area(request: HttpRequest) -> Area:
    return area_in_view(request.viewer, request.scope.incident, request.scope.area_code)


def _facts(request: HttpRequest) -> BulletinFacts:
    return bulletin_facts(
        request.viewer,
        request.scope.incident,
        request.scope.day,
        area_in_view(request.viewer, request.scope.incident, request.scope.area_code),
    )


@require_safe
def bulletin(request: HttpRequest, slug: str) -> HttpResponse:
    """The draft of the day's bulletin beside its page; each figure opens."""
    facts = _facts(request)
    document = compose(facts)
    context = {
        "title": document.title,
        "organisation": document.organisation,
        "kind_title": document.kind_title,
        "issuer": document.issuer,
        "day": document.day,
        "is_draft": document.is_draft,
        "paragraphs": tables.bulletin_paragraphs(facts, slug, request.scope.query()),
        "table": next((block for block in document.body if isinstance(block, Table)), None),
        "notes": document.notes,
        "download_url": tables.with_query(reverse("situation:bulletin_download", args=[slug]), request.scope.query()),
    }
    return render(request, "situation/bulletin.html", context)


@require_POST
def bulletin_download(request: HttpRequest, slug: str) -> HttpResponse:
    """The draft as an editable file."""
    scope = request.scope
    content = take_bulletin(
        actor=request.viewer,
        incident=scope.incident,
        day=scope.day,
        area=area_in_view(request.viewer, request.scope.incident, request.scope.area_code),
    )
    response = HttpResponse(content, content_type=DOCX)
    response["Content-Disposition"] = f'attachment; filename="bulletin-{scope.day.isoformat()}.docx"'
    return response
