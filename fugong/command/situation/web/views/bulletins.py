from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fugong.base.areas.models import Area
from fugong.base.documents.logic.official import render_docx, render_text
from fugong.base.documents.logic.pdf import PdfUnavailable, render_pdf
from fugong.command.situation import permissions
from fugong.command.situation.actions import bulletins as drafting
from fugong.command.situation.actions import publishing
from fugong.command.situation.enums import BulletinKind
from fugong.command.situation.logic.bulletin_text import typed_by_hand
from fugong.command.situation.models import Bulletin
from fugong.command.situation.selectors import bulletins as reading
from fugong.command.situation.selectors.bulletin_book import workbook_of
from fugong.command.situation.selectors.figures import area_in_view
from fugong.command.situation.web import detail as tables

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
PAGE = 50


def _area(request: HttpRequest) -> Area:
    return area_in_view(request.viewer, request.scope.incident, request.scope.area_code)


def _bulletin(request: HttpRequest, pk: int) -> Bulletin:
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
    bulletin = _bulletin(request, pk)
    if permissions.can_edit_bulletin(request.viewer, bulletin):
        return _editor(request, slug, bulletin, {})
    return render(request, "situation/bulletin_read.html", _read_context(request, slug, bulletin))


def _context(request: HttpRequest, slug: str, bulletin: Bulletin) -> dict[str, Any]:
    viewer = request.viewer
    decisions = {
        "figures": permissions.can_edit_bulletin(viewer, bulletin),
        "submit": permissions.can_edit_bulletin(viewer, bulletin),
        "discard": permissions.can_edit_bulletin(viewer, bulletin),
        "return": permissions.can_return_bulletin(viewer, bulletin),
        "publish": permissions.can_publish_bulletin(viewer, bulletin),
        "revise": permissions.can_revise_bulletin(viewer, bulletin),
    }
    return {
        "bulletin": bulletin,
        "heading": tables.heading_of(bulletin),
        "chip": tables.chip_of(bulletin),
        "figures": reading.figures_of(bulletin),
        "acts": tables.acts_of(viewer, bulletin, decisions, slug),
        "list_url": reverse("situation:bulletin", args=[slug]),
        "file_url": reverse("situation:bulletin_file", args=[slug, bulletin.pk]),
        "changes_url": reverse("situation:bulletin_changes", args=[slug, bulletin.pk]),
        "page_url": reverse("situation:bulletin_page", args=[slug, bulletin.pk]),
    }


def _editor(
    request: HttpRequest, slug: str, bulletin: Bulletin, typed: dict[str, Any], status: int = 200
) -> HttpResponse:
    """The editor; `typed`: what a refused form held (title, text, red_head, errors)."""
    for name in ("title", "text", "red_head"):
        setattr(bulletin, name, typed.get(name, getattr(bulletin, name)))
    context = _context(request, slug, bulletin) | _written(bulletin, slug)
    context |= {
        "errors": typed.get("errors", []),
        "edition": typed.get("edition", bulletin.edition),
        "insertable": tables.insertable(context["figures"]),
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
    context = _context(request, slug, bulletin)
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
    bulletin = _bulletin(request, pk)
    permissions.can_edit_bulletin(request.viewer, bulletin).require()
    typed = _typed(request)
    edition = request.POST.get("edition", "")
    try:
        number = int(edition) if edition.isdecimal() else 0
        drafting.save_bulletin(actor=request.viewer, bulletin=bulletin, edition=number, values=typed)
        if request.POST.get("then") == "submit":
            drafting.submit_bulletin(actor=request.viewer, bulletin=bulletin)
    except drafting.TextFaulty:
        return redirect("situation:bulletin_page", slug, pk)
    except ValidationError as error:
        return _editor(request, slug, bulletin, typed | {"errors": error.messages, "edition": edition}, status=422)
    messages.success(request, _("Saved."))
    return redirect("situation:bulletin_page", slug, pk)


@require_POST
def bulletin_preview(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The page of what is typed, without keeping it."""
    bulletin = _bulletin(request, pk)
    permissions.can_edit_bulletin(request.viewer, bulletin).require()
    for name, value in _typed(request).items():
        setattr(bulletin, name, value)
    context = {"bulletin": bulletin} | _written(bulletin, slug)
    return render(request, "situation/includes/bulletin_written.html", context)


@require_POST
def bulletin_act(request: HttpRequest, slug: str, pk: int, act: str) -> HttpResponse:
    """One act on a bulletin: figures, submit, return, publish, revise, discard."""
    bulletin, actor = _bulletin(request, pk), request.viewer
    target: Bulletin | None = bulletin
    try:
        match act:
            case "figures":
                drafting.take_figures_again(actor=actor, bulletin=bulletin)
            case "submit":
                drafting.submit_bulletin(actor=actor, bulletin=bulletin)
            case "return":
                drafting.return_bulletin(actor=actor, bulletin=bulletin, because=request.POST.get("because", ""))
            case "publish":
                publishing.publish_bulletin(actor=actor, bulletin=bulletin)
            case "revise":
                target = publishing.revise_bulletin(
                    actor=actor, bulletin=bulletin, reason=request.POST.get("reason", "")
                )
            case "discard":
                drafting.discard_draft(actor=actor, bulletin=bulletin)
                target = None
            case _:
                raise Http404
    except drafting.TextFaulty:
        messages.error(request, _("The text has something to mend first."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    if target is None:
        return redirect("situation:bulletin", slug)
    return redirect("situation:bulletin_page", slug, target.pk)


@require_POST
def bulletin_file(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The bulletin as a file: docx, pdf or xlsx."""
    bulletin = _bulletin(request, pk)
    form = request.POST.get("form", "docx")
    if form not in TYPES:
        raise Http404
    try:
        content = _content(request, bulletin, form)
    except PdfUnavailable as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("situation:bulletin_page", args=[slug, pk]))
    publishing.take_out(actor=request.viewer, bulletin=bulletin, form=form)
    response = HttpResponse(content, content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{file_name(bulletin)}.{form}"'
    return response


def file_name(bulletin: Bulletin) -> str:
    """bulletin-2020-42-r1 when published, else with the day."""
    if bulletin.number:
        return f"bulletin-{bulletin.year}-{bulletin.number}" + (
            f"-r{bulletin.revision}" if bulletin.revision > 1 else ""
        )
    return f"bulletin-{bulletin.last_day.isoformat()}-draft"


def _content(request: HttpRequest, bulletin: Bulletin, form: str) -> bytes:
    if form == "xlsx":
        return workbook_of(request.viewer, bulletin)
    document = reading.document_for(bulletin)
    return render_docx(document) if form == "docx" else render_pdf(document)


@require_safe
def bulletin_figure(request: HttpRequest, slug: str, pk: int, code: str) -> HttpResponse:
    """Who is behind a figure of a bulletin, as frozen with it."""
    bulletin = _bulletin(request, pk)
    figures = reading.figures_of(bulletin)
    item = figures.indicator(code)
    wanted = request.GET.get("scope", "")
    if item is None or wanted not in figures.scopes():
        raise Http404
    lines = [line for line in reading.members_frozen(bulletin) if line.is_in(wanted)]
    part = request.GET.get("part", "numerator")
    chosen = [line for line in lines if part != "numerator" or line.adds[code].numerator]
    after = request.GET.get("after", "")
    rest = [line for line in chosen if line.code > after]
    here = reverse("situation:bulletin_figure", args=[slug, pk, code])
    following = rest[PAGE - 1].code if len(rest) > PAGE else ""
    ratio = item.of(wanted)
    context = _context(request, slug, bulletin) | {
        "indicator": item,
        "scope_name": figures.scopes()[wanted],
        "ratio": ratio,
        "value": ratio.rounded(item.places),
        "unrounded": ratio.rounded(6),
        "tabs": [
            (
                _("counted"),
                sum(bool(line.adds[code].numerator) for line in lines),
                tables.with_query(here, scope=wanted),
                part,
            ),
            (_("all of the base"), len(lines), tables.with_query(here, scope=wanted, part="all"), part),
        ],
        "part": part,
        "rows": tables.member_rows(
            reading.named(request.viewer, rest[:PAGE]), code, figures, (get_language() or "zh")[:2]
        ),
        "next_url": tables.with_query(here, scope=wanted, part=part, after=following) if following else "",
    }
    return render(request, "situation/bulletin_figure.html", context)


@require_safe
def bulletin_changes(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Later corrections: what is counted now of the same day, against what was published."""
    bulletin = _bulletin(request, pk)
    permissions.can_draft_bulletin(request.viewer).require()
    changes = reading.changed_since(request.viewer, bulletin)
    names = {one.line.enterprise: one.name for one in reading.named(request.viewer, [c.line for c in changes])}
    context = _context(request, slug, bulletin)
    context |= {
        "counts": tables.change_counts(changes),
        "total": len(changes),
        "rows": tables.change_rows(changes[:500], names, context["figures"]),
    }
    return render(request, "situation/bulletin_changes.html", context)
