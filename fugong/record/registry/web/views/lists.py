from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fugong.record.registry import permissions
from fugong.record.registry.actions.exports import AT_ONCE, ask_for_export, export_at_once, fetch_export
from fugong.record.registry.logic.list_filter import ListFilter
from fugong.record.registry.selectors.exports import export_for
from fugong.record.registry.selectors.lists import count_enterprises, found_directly
from fugong.record.registry.selectors.tags import tags_in_use
from fugong.record.registry.web.filters import list_context, list_url, query_of, tag_select, wanted_by
from fugong.record.registry.web.tables import register_tabs

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CHUNK = 2**18
_LONGEST_REASON = 500


def _attached(day: date) -> dict[str, str]:
    name = _("enterprises-%(day)s.xlsx") % {"day": day.isoformat()}
    return {"Content-Disposition": f"attachment; filename*=utf-8''{quote(name)}"}


def _chunks(place: Path) -> Iterator[bytes]:
    with place.open("rb") as file:
        yield from iter(lambda: file.read(_CHUNK), b"")


@require_safe
def enterprise_list(request: HttpRequest, slug: str) -> HttpResponse:
    permissions.can_list_enterprises(request.viewer).require()
    context = list_context(request, slug)
    if request.headers.get("HX-Request") == "true":
        response = render(request, "registry/includes/enterprise_rows.html", context)
        # The address of the form has every field in it, chosen or not; what is kept names only the chosen.
        response["HX-Push-Url"] = request.path + query_of(wanted_by(request), request.scope.day)
        return response
    context["tabs"] = register_tabs(slug, "list")
    return render(request, "registry/enterprise_list.html", context)


@require_safe
def count(request: HttpRequest, slug: str) -> HttpResponse:
    """The count of a long list, fetched after its page, with the button that names it."""
    wanted, day = wanted_by(request), request.scope.day
    found = count_enterprises(request.viewer, wanted, day)
    export_url = reverse("registry:export", args=[slug]) + query_of(wanted, day)
    context = {"total": found.shown, "more": found.more, "count_url": "", "export_url": export_url}
    context["can_export_phones"] = permissions.can_export_phones(request.viewer)
    return render(request, "registry/includes/list_count.html", context)


@require_safe
def tags(request: HttpRequest, slug: str) -> HttpResponse:
    """The filter by tag with those in use, fetched when the further filters are opened."""
    permissions.can_list_enterprises(request.viewer).require()
    select = tag_select(tags_in_use(request.viewer), wanted_by(request).tag)
    return render(request, "registry/includes/list_select.html", {"select": select, "labelled": True})


@require_safe
def find(request: HttpRequest, slug: str) -> HttpResponse:
    """Quick search: straight to the enterprise when only one is meant, else to the list."""
    permissions.can_list_enterprises(request.viewer).require()
    wanted = ListFilter.read({"q": request.GET.get("q", "")})
    meant = found_directly(request.viewer, wanted.q, request.scope.day)
    if meant is not None:
        return redirect("registry:detail", slug, meant)
    return redirect(list_url(slug, wanted, request.scope.day))


@require_POST
def export(request: HttpRequest, slug: str) -> HttpResponse:
    permissions.can_export_list(request.viewer).require()
    wanted, day, phones_for = wanted_by(request), request.scope.day, request.POST.get("phones_for", "").strip()
    if "phones_for" in request.POST and not phones_for:
        messages.error(request, _("Say for what the phone numbers are needed; it is kept with the export."))
        return redirect(list_url(slug, wanted, day))
    asked = {"actor": request.viewer, "wanted": wanted, "day": day, "phones_for": phones_for[:_LONGEST_REASON]}
    if count_enterprises(request.viewer, wanted, day).shown > AT_ONCE:
        return redirect("registry:export_run", slug, ask_for_export(**asked).pk)
    content = export_at_once(**asked)
    return HttpResponse(content, content_type=_XLSX, headers=_attached(day))


@require_safe
def export_run(request: HttpRequest, slug: str, export: int) -> HttpResponse:
    """How far a long export is; asks again by itself until the file is there."""
    run = export_for(request.viewer, export)
    wanted = ListFilter.read(run.wanted)
    context = {"run": run, "list_url": list_url(slug, wanted, run.day), "slug": slug}
    partial = request.headers.get("HX-Request") == "true"
    return render(request, "registry/includes/export_progress.html" if partial else "registry/export_run.html", context)


@require_POST
def export_file(request: HttpRequest, slug: str, export: int) -> StreamingHttpResponse:
    """The file of a long export, to the one who asked for it; the asking is on record."""
    run = export_for(request.viewer, export)
    place = fetch_export(actor=request.viewer, export=run)
    if place is None:
        raise Http404(run.file_name)
    return StreamingHttpResponse(_chunks(place), content_type=_XLSX, headers=_attached(run.day))
