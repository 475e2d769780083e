from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fugong.base.spreadsheets import permissions
from fugong.base.spreadsheets.actions import imports
from fugong.base.spreadsheets.enums import ImportState
from fugong.base.spreadsheets.logic.kinds import ImportKind, Scope
from fugong.base.spreadsheets.logic.reader import Limits, UnreadableFile
from fugong.base.spreadsheets.models import ImportRun
from fugong.base.spreadsheets.selectors import (
    TABS,
    corrected_file,
    import_for,
    imports_for,
    kind_for,
    listing,
    rows_done,
    samples_of,
)
from fugong.base.spreadsheets.web.forms import ColumnsForm, ScopeForm, StartForm
from fugong.base.spreadsheets.web.tables import (
    column_rows,
    count_cells,
    import_row,
    issue_row,
    progress_of,
    template_workbook,
)
from fugong.core.decision import OutOfScope
from fugong.core.text import listed

_SHOWN = 100
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MEGABYTE = 2**20


def _url(name: str, slug: str, *arguments: object) -> str:
    if slug:
        return reverse(f"imports:{name}", args=[slug, *arguments])
    return reverse(f"place_imports:{name}", args=arguments)


def _scope(slug: str) -> dict[str, str]:
    return {"incident": slug} if slug else {}


def _shared(kind: ImportKind, scope: Scope, slug: str) -> dict[str, Any]:
    """What every page of an import shows: its title and where the rows are found afterwards."""
    label, url = kind.home(scope)
    return {"kind": kind, "home": {"label": label, "url": url}, "start_url": _url("start", slug, kind.name)}


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, kind: str, slug: str = "") -> HttpResponse:
    """Step 1: choose a file. Whatever is wrong with it is said on the page that follows."""
    entry, scope = kind_for(request.viewer, kind, slug), _scope(slug)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = StartForm(request.viewer, entry, scope, *sent)
    too_large = getattr(request, "upload_too_large", 0)
    if too_large:
        form.errors.pop("file", None)
        form.add_error(
            "file",
            _("The file has %(size)d MB; at most %(limit)d MB are read. Split it, or delete pictures and other sheets.")
            % {"size": too_large // _MEGABYTE, "limit": Limits().text_bytes // _MEGABYTE},
        )
    elif form.is_valid():
        file, kept = form.cleaned_data["file"], form.scope()
        if not entry.rows_of_incident:
            kept.pop("incident", None)
        sent_in = imports.start_import(
            actor=request.viewer, kind=kind, name=file.name, chunks=file.chunks(), scope=kept
        )
        return redirect(_url("run", slug, kind, sent_in.pk))
    context = _shared(entry, scope, slug) | {
        "form": form,
        "step": 1,
        "limit": Limits().text_bytes // _MEGABYTE,
        "runs": [
            import_row(each, _url("run", slug, kind, each.pk)) for each in imports_for(request.viewer, entry, slug)
        ],
        "template_url": _url("template", slug, kind),
        "prefilled_url": _url("prefilled", slug, kind) if entry.prefill else "",
    }
    return render(request, "spreadsheets/start.html", context, status=422 if form.errors else 200)


def _attachment(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=_XLSX)
    response["Content-Disposition"] = f"attachment; filename=\"import.xlsx\"; filename*=UTF-8''{quote(name)}"
    return response


@require_safe
def template(request: HttpRequest, kind: str, slug: str = "") -> HttpResponse:
    """The blank table with its headings and notes."""
    entry = kind_for(request.viewer, kind, slug)
    return _attachment(template_workbook(entry, _scope(slug)), f"{entry.title}.xlsx")


@require_POST
def prefilled(request: HttpRequest, kind: str, slug: str = "") -> HttpResponse:
    """The table with the rows that the viewer may fill in; that it was taken along is on record."""
    entry, scope = kind_for(request.viewer, kind, slug), _scope(slug)
    if entry.prefill is None:
        raise OutOfScope(f"prefilled table of {kind}")
    form = ScopeForm(request.viewer, entry, scope, request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(text for texts in form.errors.values() for text in texts))
        return redirect(_url("start", slug, kind))
    rows = list(entry.prefill(request.viewer, form.scope()))
    imports.note_prefilled(actor=request.viewer, kind=kind, scope=form.scope(), rows=len(rows))
    return _attachment(template_workbook(entry, form.scope(), rows), f"{entry.title}.xlsx")


def _step(found: ImportRun) -> int:
    if found.state == ImportState.UNMATCHED:
        return 2
    return 3 if found.state in (ImportState.UPLOADED, ImportState.CHECKING, ImportState.CHECKED) else 4


def _of_run(kind: ImportKind, found: ImportRun, slug: str) -> dict[str, Any]:
    names = ("run", "progress", "columns", "corrected", "confirm", "undo")
    return _shared(kind, {**found.scope, **_scope(slug)}, slug) | {
        "run": found,
        "step": _step(found),
        "urls": {name: _url(name, slug, kind.name, found.pk) for name in names},
    }


@require_safe
def run(request: HttpRequest, kind: str, pk: int, slug: str = "") -> HttpResponse:
    """Where an import stands: its progress, its preview, or what became of it."""
    entry = kind_for(request.viewer, kind, slug)
    found = import_for(request.viewer, entry, pk, slug)
    if found.state == ImportState.UNMATCHED:
        return redirect(_url("columns", slug, kind, pk))
    context = _of_run(entry, found, slug) | {"progress": progress_of(found, rows_done(request.viewer, found))}
    if found.at_work:
        return render(request, "spreadsheets/progress.html", context)
    if found.state != ImportState.CHECKED:
        context |= {"cells": count_cells(found), "can_undo": permissions.can_undo_import(request.viewer, found)}
        return render(request, "spreadsheets/result.html", context)
    return render(request, "spreadsheets/preview.html", context | _preview(request, entry, found))


def _preview(request: HttpRequest, kind: ImportKind, found: ImportRun) -> dict[str, Any]:
    counts = {"refused": "refused", "warnings": "warned", "changed": "changed", "new": "new"}
    filled = [tab for tab in TABS if found.counts[counts[tab]]] or [TABS[0]]
    wanted = request.GET.get("tab", "")
    tab, topic = wanted if wanted in TABS else filled[0], request.GET.get("topic", "")
    found_rows = listing(request.viewer, found, tab, topic)
    rows = found_rows.rows[:_SHOWN]
    return {
        "cells": count_cells(found),
        "tab": tab,
        "tabs": [(name, found.counts[counts[name]]) for name in TABS],
        "topic": topic,
        "topics": found_rows.topics,
        "rows": [issue_row(kind, row) for row in rows] if found_rows.topics else rows,
        "shown": len(rows),
        "listed": len(found_rows.rows),
        "warnings": listing(request.viewer, found, "warnings").topics[:5],
        "columns": column_rows(kind, found),
        "unknown": listed(found.table.get("unknown", [])),
        "can_confirm": permissions.can_confirm_import(request.viewer, found),
    }


@require_safe
def progress(request: HttpRequest, kind: str, pk: int, slug: str = "") -> HttpResponse:
    """The part of the page that is asked for again while a job is at work; then the page itself is."""
    entry = kind_for(request.viewer, kind, slug)
    found = import_for(request.viewer, entry, pk, slug)
    if not found.at_work:
        response = HttpResponse()
        response["HX-Redirect"] = _url("run", slug, kind, pk)
        return response
    context = _of_run(entry, found, slug) | {"progress": progress_of(found, rows_done(request.viewer, found))}
    return render(request, "spreadsheets/includes/progress.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, kind: str, pk: int, slug: str = "") -> HttpResponse:
    """Step 2: which column is which field."""
    entry = kind_for(request.viewer, kind, slug)
    found = import_for(request.viewer, entry, pk, slug)
    permissions.can_change_import(request.viewer, found).require()
    form = ColumnsForm(entry, found, samples_of(request.viewer, found), request.POST or None)
    if form.is_valid():
        try:
            imports.match_columns(
                actor=request.viewer, run=found, columns=form.chosen(), sheet=form.cleaned_data.get("sheet", "")
            )
        except UnreadableFile as error:
            form.add_error(None, str(error))
        else:
            return redirect(_url("run", slug, kind, pk))
    names = entry.columns(found.scope)
    context = _of_run(entry, found, slug) | {
        "form": form,
        "step": 2,
        "missing": listed(names.label_of(field) for field in found.table.get("missing", [])),
    }
    return render(request, "spreadsheets/columns.html", context, status=422 if form.errors else 200)


@require_POST
def corrected(request: HttpRequest, kind: str, pk: int, slug: str = "") -> HttpResponse:
    """The refused rows with what is wrong and how to mend it."""
    found = import_for(request.viewer, kind_for(request.viewer, kind, slug), pk, slug)
    path = corrected_file(request.viewer, found)
    if path is None:
        raise OutOfScope(f"corrected file of import {pk}")
    imports.note_corrected(actor=request.viewer, run=found)
    stem = found.name.rpartition(".")[0] or found.name
    return _attachment(path.read_bytes(), _("%(name)s to mend") % {"name": stem} + ".xlsx")


@require_POST
def confirm(request: HttpRequest, kind: str, pk: int, slug: str = "") -> HttpResponse:
    """Step 4: write what the preview showed."""
    found = import_for(request.viewer, kind_for(request.viewer, kind, slug), pk, slug)
    imports.confirm_import(actor=request.viewer, run=found)
    return redirect(_url("run", slug, kind, pk))


@require_POST
def undo(request: HttpRequest, kind: str, pk: int, slug: str = "") -> HttpResponse:
    """Take a whole import back."""
    found = import_for(request.viewer, kind_for(request.viewer, kind, slug), pk, slug)
    decision = permissions.can_undo_import(request.viewer, found)
    if decision:
        imports.request_undo(actor=request.viewer, run=found)
    else:
        messages.error(request, decision.reason)
    return redirect(_url("run", slug, kind, pk))
