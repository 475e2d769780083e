"""A bulletin opened: who is behind its figures, what became of them since, and the files of it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fugong.command.situation import permissions
from fugong.command.situation.actions import bulletin_outputs as outputs
from fugong.command.situation.enums import OutputForm
from fugong.command.situation.models import Bulletin, BulletinOutput
from fugong.command.situation.selectors import bulletins as reading
from fugong.command.situation.selectors.bulletin_outputs import latest_changes, output_for
from fugong.command.situation.web import detail as tables
from fugong.command.situation.web.views.bulletins import asked_bulletin, page_context

TYPES = {
    OutputForm.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    OutputForm.PDF: "application/pdf",
    OutputForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
PAGE = 50
_SHOWN = 500


@require_safe
def bulletin_figure(request: HttpRequest, slug: str, pk: int, code: str) -> HttpResponse:
    """Who is behind a figure of a bulletin, as frozen with it."""
    bulletin = asked_bulletin(request, pk)
    if not bulletin.is_counted:
        raise Http404
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
    context = page_context(request, slug, bulletin) | {
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
    """Later corrections: what was counted of the same day when they were last listed, against what was published."""
    bulletin = asked_bulletin(request, pk)
    permissions.can_take_output(request.viewer, bulletin, OutputForm.CHANGES).require()
    output, changes, as_of = latest_changes(request.viewer, bulletin)
    if request.headers.get("HX-Request") == "true" and not (output and output.is_waiting):
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = page_context(request, slug, bulletin) | {"output": output, "as_of": as_of}
    context["is_late"] = output is not None and tables.is_late(output.asked_at)
    if request.headers.get("HX-Request") == "true":
        context["poll_url"] = context["changes_url"]
        return render(request, "situation/includes/bulletin_output.html", context)
    shown = changes[:_SHOWN]
    names = {one.line.enterprise: one.name for one in reading.named(request.viewer, [c.line for c in shown])}
    context |= {
        "poll_url": context["changes_url"],
        "counts": tables.change_counts(changes),
        "total": len(changes),
        "rows": tables.change_rows(shown, names, context["figures"]),
    }
    return render(request, "situation/bulletin_changes.html", context)


@require_POST
def bulletin_file(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask for the bulletin as a file: at once where it is made already, else by way of the page that shows how far."""
    bulletin = asked_bulletin(request, pk)
    form = request.POST.get("form", OutputForm.DOCX)
    if form not in TYPES:
        raise Http404
    output = outputs.ask_for_output(actor=request.viewer, bulletin=bulletin, form=form)
    if output.is_ready:
        return _fetched(request, output)
    return redirect("situation:bulletin_output", slug, pk, output.pk)


@require_safe
def bulletin_output(request: HttpRequest, slug: str, pk: int, output: int) -> HttpResponse:
    """How far a file is; asks again by itself until it is there."""
    bulletin = asked_bulletin(request, pk)
    found = output_for(request.viewer, bulletin, output)
    context = page_context(request, slug, bulletin) | {
        "output": found,
        "is_late": tables.is_late(found.asked_at),
        "poll_url": reverse("situation:bulletin_output", args=[slug, pk, output]),
        "fetch_url": reverse("situation:bulletin_output_file", args=[slug, pk, output]),
    }
    partial = request.headers.get("HX-Request") == "true"
    name = "situation/includes/bulletin_output.html" if partial else "situation/bulletin_output.html"
    return render(request, name, context)


@require_POST
def bulletin_output_file(request: HttpRequest, slug: str, pk: int, output: int) -> HttpResponse:
    """A finished file; the taking is on record."""
    return _fetched(request, output_for(request.viewer, asked_bulletin(request, pk), output))


def _fetched(request: HttpRequest, output: BulletinOutput) -> HttpResponse:
    place = outputs.fetch_output(actor=request.viewer, output=output)
    if place is None or output.form not in TYPES:
        raise Http404
    response = HttpResponse(place.read_bytes(), content_type=TYPES[output.form])
    response["Content-Disposition"] = f'attachment; filename="{file_name(output.bulletin)}.{output.form}"'
    return response


def file_name(bulletin: Bulletin) -> str:
    """bulletin-2020-42-r1 when published, else with the day."""
    if bulletin.number:
        return f"bulletin-{bulletin.year}-{bulletin.number}" + (
            f"-r{bulletin.revision}" if bulletin.revision > 1 else ""
        )
    return f"bulletin-{bulletin.last_day.isoformat()}-draft"
