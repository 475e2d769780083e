from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fugong.base.areas.models import Area
from fugong.base.documents.logic.official import render_text
from fugong.command.situation import permissions
from fugong.command.situation.actions import bulletin_figures as counting
from fugong.command.situation.actions import bulletin_outputs as outputs
from fugong.command.situation.actions import bulletins as drafting
from fugong.command.situation.actions import publishing
from fugong.command.situation.enums import BulletinKind, OutputForm
from fugong.command.situation.logic.bulletin_text import typed_by_hand
from fugong.command.situation.models import Bulletin
from fugong.command.situation.selectors import bulletins as reading
from fugong.command.situation.selectors.figures import area_in_view
from fugong.command.situation.web import detail as tables


def _area(request: HttpRequest) -> Area:
    return area_in_view(request.viewer, request.scope.incident, request.scope.area_code)


def asked_bulletin(request: HttpRequest, pk: int) -> Bulletin:
    return reading.bulletin_for(request.viewer, request.scope.incident, pk)


@require_safe
def bulletins(request: HttpRequest, slug: str) -> HttpResponse:
    """The bulletins of an area, and a new one for the day."""
    scope, area = request.scope, _area(request)
    found = reading.bulletins_of(request.viewer, scope.incident, area)
    query = scope.query()
    context = {
        "area": area,
        "day": scope.day,
        "rows": tables.list_rows(found, slug, ""),
        "kinds": BulletinKind.choices,
        "may_draft": permissions.can_draft_for(request.viewer, area.pk),
        "new_url": tables.with_query(reverse("situation:bulletin_new", args=[slug]), query),
        "first_day": scope.incident.started_on,
        "templates": [
            (label, tables.with_query(reverse("situation:bulletin_template", args=[slug, kind]), query))
            for kind, label in BulletinKind.choices
        ],
    }
    return render(request, "situation/bulletins.html", context)


def _day(text: str, default: date) -> date:
    try:
        return date.fromisoformat(text) if text else default
    except ValueError as error:
        raise ValidationError(_("Write the day like 2020-03-24.")) from error


@require_POST
def bulletin_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the figures and begin a bulletin."""
    scope = request.scope
    area = _area(request)
    try:
        kind = request.POST.get("kind", BulletinKind.DAILY)
        first = scope.day if kind == BulletinKind.DAILY else _day(request.POST.get("first_day", ""), scope.day)
        span = drafting.Span(kind, first, scope.day)
        made = drafting.draft_bulletin(actor=request.viewer, incident=scope.incident, area=area, span=span)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(tables.with_query(reverse("situation:bulletin", args=[slug]), scope.query()))
    return redirect("situation:bulletin_page", slug, made.pk)


@require_safe
def bulletin_page(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A bulletin: the editor of a draft, the page of one that waits for approval or is published."""
    bulletin = asked_bulletin(request, pk)
    if bulletin.is_counting or not bulletin.is_counted:
        return _counting(request, slug, bulletin)
    if request.headers.get("HX-Request") == "true":  # whoever waited for the figures sees the page that has them
        return HttpResponse(headers={"HX-Refresh": "true"})
    if permissions.can_edit_bulletin(request.viewer, bulletin):
        return _editor(request, slug, bulletin, {})
    return render(request, "situation/bulletin_read.html", _read_context(request, slug, bulletin))


def page_context(request: HttpRequest, slug: str, bulletin: Bulletin) -> dict[str, Any]:
    viewer = request.viewer
    decisions = {
        "figures": permissions.can_edit_bulletin(viewer, bulletin),
        "stop": permissions.can_edit_bulletin(viewer, bulletin),
        "submit": permissions.can_edit_bulletin(viewer, bulletin),
        "discard": permissions.can_edit_bulletin(viewer, bulletin),
        "return": permissions.can_return_bulletin(viewer, bulletin),
        "publish": permissions.can_publish_bulletin(viewer, bulletin),
        "revise": permissions.can_revise_bulletin(viewer, bulletin),
        "changes": permissions.can_take_output(viewer, bulletin, OutputForm.CHANGES),
    }
    return {
        "bulletin": bulletin,
        "heading": tables.heading_of(bulletin),
        "chip": tables.chip_of(bulletin),
        "figures": reading.figures_of(bulletin) if bulletin.is_counted else None,
        "acts": tables.acts_of(viewer, bulletin, decisions, slug),
        "list_url": reverse("situation:bulletin", args=[slug]),
        "file_url": reverse("situation:bulletin_file", args=[slug, bulletin.pk]),
        "changes_url": reverse("situation:bulletin_changes", args=[slug, bulletin.pk]),
        "page_url": reverse("situation:bulletin_page", args=[slug, bulletin.pk]),
    }


def _counting(request: HttpRequest, slug: str, bulletin: Bulletin) -> HttpResponse:
    """A draft that waits for its figures; asks again by itself until they are there."""
    context = page_context(request, slug, bulletin) | {"is_late": tables.is_late(bulletin.figures_asked_at)}
    partial = request.headers.get("HX-Request") == "true"
    name = "situation/includes/bulletin_counting.html" if partial else "situation/bulletin_counting.html"
    return render(request, name, context)


def _editor(
    request: HttpRequest, slug: str, bulletin: Bulletin, typed: dict[str, Any], status: int = 200
) -> HttpResponse:
    """The editor; `typed`: what a refused form held (title, text, red_head, errors)."""
    for name in ("title", "text", "red_head"):
        setattr(bulletin, name, typed.get(name, getattr(bulletin, name)))
    context = page_context(request, slug, bulletin) | _written(bulletin, slug)
    context |= {
        "errors": typed.get("errors", []),
        "edition": typed.get("edition", bulletin.edition),
        "insertable": tables.insertable(context["figures"]),
        "field_values": json.dumps(tables.field_values(bulletin.text, context["figures"]), ensure_ascii=False),
        "save_url": reverse("situation:bulletin_save", args=[slug, bulletin.pk]),
        "preview_url": reverse("situation:bulletin_preview", args=[slug, bulletin.pk]),
    }
    return render(request, "situation/bulletin_edit.html", context, status=status)


def _written(bulletin: Bulletin, slug: str) -> dict[str, Any]:
    """What follows from the text as it stands: the page, its faults, the figures that it uses."""
    figures = reading.figures_of(bulletin)
    return {
        "page": tables.page_of(reading.document_for(bulletin)),
        "faults": tables.fault_rows(reading.faults_of(bulletin)),
        "used": tables.used_figures(bulletin, bulletin.text, figures, slug),
        "by_hand": typed_by_hand(bulletin.text),
    }


def _read_context(request: HttpRequest, slug: str, bulletin: Bulletin) -> dict[str, Any]:
    context = page_context(request, slug, bulletin)
    document = reading.document_for(bulletin)
    newer = getattr(bulletin, "revised_by", None)
    changes = reading.revised(bulletin)
    names = {one.line.enterprise: one.name for one in reading.named(request.viewer, [c.line for c in changes])}
    return context | {
        "page": tables.page_of(document),
        "paragraphs": tables.paragraphs(bulletin.text, context["figures"], slug, bulletin.pk),
        "used": tables.used_figures(bulletin, bulletin.text, context["figures"], slug),
        "plain_text": render_text(document),
        "changes": tables.change_rows(changes, names, context["figures"]),
        "newer": newer,
        "older": bulletin.revises,
    }


def _typed(request: HttpRequest) -> dict[str, Any]:
    return {
        "title": request.POST.get("title", ""),
        "text": request.POST.get("text", ""),
        "red_head": bool(request.POST.get("red_head")),
    }


@require_POST
def bulletin_save(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Keep the draft; one that cannot be kept comes back as it was typed."""
    bulletin = asked_bulletin(request, pk)
    permissions.can_write_bulletin(request.viewer, bulletin).require()
    typed = _typed(request)
    edition = request.POST.get("edition", "")
    try:
        number = int(edition) if edition.isdecimal() else 0
        drafting.save_bulletin(actor=request.viewer, bulletin=bulletin, edition=number, values=typed)
    except ValidationError as error:
        return _editor(request, slug, bulletin, typed | {"errors": error.messages, "edition": edition}, status=422)
    if request.POST.get("then") == "submit":
        return bulletin_act(request, slug, pk, "submit")
    messages.success(request, _("Saved."))
    return redirect("situation:bulletin_page", slug, pk)


@require_POST
def bulletin_preview(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The page of what is typed, without keeping it."""
    bulletin = asked_bulletin(request, pk)
    permissions.can_write_bulletin(request.viewer, bulletin).require()
    for name, value in _typed(request).items():
        setattr(bulletin, name, value)
    context = {"bulletin": bulletin} | _written(bulletin, slug)
    return render(request, "situation/includes/bulletin_written.html", context)


@require_POST
def bulletin_act(request: HttpRequest, slug: str, pk: int, act: str) -> HttpResponse:
    """One act on a bulletin: figures, stop, submit, return, publish, revise, discard, changes."""
    bulletin = asked_bulletin(request, pk)
    target: Bulletin | None = bulletin
    try:
        target = _acted(request, bulletin, act)
    except drafting.TextFaulty:
        messages.error(request, _("The text has something to mend first."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    if target is None:
        return redirect("situation:bulletin", slug)
    return redirect("situation:bulletin_changes" if act == "changes" else "situation:bulletin_page", slug, target.pk)


def _acted(request: HttpRequest, bulletin: Bulletin, act: str) -> Bulletin | None:
    """The bulletin that the act leads to; None when there is none any more."""
    actor = request.viewer
    match act:
        case "figures":
            counting.ask_for_figures(actor=actor, bulletin=bulletin)
        case "stop":
            counting.stop_counting(actor=actor, bulletin=bulletin)
        case "submit":
            drafting.submit_bulletin(actor=actor, bulletin=bulletin)
        case "return":
            drafting.return_bulletin(actor=actor, bulletin=bulletin, because=request.POST.get("because", ""))
        case "publish":
            publishing.publish_bulletin(actor=actor, bulletin=bulletin)
        case "revise":
            reason = request.POST.get("reason", "")
            return publishing.revise_bulletin(actor=actor, bulletin=bulletin, reason=reason)
        case "discard":
            drafting.discard_draft(actor=actor, bulletin=bulletin)
            return None
        case "changes":
            outputs.ask_for_output(actor=actor, bulletin=bulletin, form=OutputForm.CHANGES)
        case _:
            raise Http404
    return bulletin
