from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fugong.base.spreadsheets.logic.reader import Limits, UnreadableFile
from fugong.core.decision import OutOfScope
from fugong.record.registry import permissions
from fugong.record.registry.actions import imports
from fugong.record.registry.enums import ImportState
from fugong.record.registry.models import ImportRun
from fugong.record.registry.selectors.imports import (
    TABS,
    corrected_file,
    import_for,
    imports_for,
    listing,
    rows_done,
)
from fugong.record.registry.web.forms import ColumnsForm, ImportForm
from fugong.record.registry.web.tables import (
    column_rows,
    count_cells,
    import_row,
    issue_row,
    progress_of,
    template_workbook,
)

_SHOWN = 100
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MEGABYTE = 2**20


@require_http_methods(["GET", "HEAD", "POST"])
def import_start(request: HttpRequest, slug: str) -> HttpResponse:
    """Step 1: choose a file. Whatever is wrong with it is said on the page that follows."""
    permissions.can_import_enterprises(request.viewer).require()
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ImportForm(request.viewer, *sent)
    too_large = getattr(request, "upload_too_large", 0)
    if too_large:
        form.errors.pop("file", None)
        form.add_error(
            "file",
            _("The file has %(size)d MB; at most %(limit)d MB are read. Split it, or delete pictures and other sheets.")
            % {"size": too_large // _MEGABYTE, "limit": Limits().text_bytes // _MEGABYTE},
        )
    elif form.is_valid():
        file, area = form.cleaned_data["file"], form.cleaned_data["default_area"]
        run = imports.start_import(
            actor=request.viewer, name=file.name, chunks=file.chunks(), default_area=area.code if area else ""
        )
        return redirect("registry:import_run", slug, run.pk)
    context = {
        "form": form,
        "step": 1,
        "limit": Limits().text_bytes // _MEGABYTE,
        "runs": [import_row(slug, run) for run in imports_for(request.viewer)],
        "template_url": reverse("registry:import_template", args=[slug]),
        "back_url": reverse("registry:list", args=[slug]),
    }
    return render(request, "registry/imports/start.html", context, status=422 if form.errors else 200)


@require_safe
def import_template(request: HttpRequest, slug: str) -> HttpResponse:
    """The blank table with its headings and notes."""
    permissions.can_import_enterprises(request.viewer).require()
    return _attachment(template_workbook(), _("Register of enterprises") + ".xlsx")


def _attachment(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=_XLSX)
    response["Content-Disposition"] = f"attachment; filename=\"import.xlsx\"; filename*=UTF-8''{quote(name)}"
    return response


def _step(run: ImportRun) -> int:
    if run.state == ImportState.UNMATCHED:
        return 2
    return 3 if run.state in (ImportState.UPLOADED, ImportState.CHECKING, ImportState.CHECKED) else 4


def _shared(slug: str, run: ImportRun) -> dict[str, Any]:
    names = ("run", "progress", "columns", "corrected", "confirm", "undo")
    return {
        "run": run,
        "step": _step(run),
        "urls": {name: reverse(f"registry:import_{name}", args=[slug, run.pk]) for name in names}
        | {
            "start": reverse("registry:import", args=[slug]),
            "list": reverse("registry:list", args=[slug]),
        },
    }


@require_safe
def import_run(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Where an import stands: its progress, its preview, or what became of it."""
    run = import_for(request.viewer, pk)
    if run.state == ImportState.UNMATCHED:
        return redirect("registry:import_columns", slug, pk)
    context = _shared(slug, run) | {"progress": progress_of(run, rows_done(request.viewer, run))}
    if run.at_work:
        return render(request, "registry/imports/progress.html", context)
    if run.state != ImportState.CHECKED:
        context |= {"cells": count_cells(run), "can_undo": permissions.can_undo_import(request.viewer, run)}
        return render(request, "registry/imports/result.html", context)
    return render(request, "registry/imports/preview.html", context | _preview(request, run))


def _preview(request: HttpRequest, run: ImportRun) -> dict[str, Any]:
    counts = {"refused": "refused", "warnings": "warned", "changed": "changed", "new": "new"}
    filled = [tab for tab in TABS if run.counts[counts[tab]]] or [TABS[0]]
    wanted = request.GET.get("tab", "")
    tab, topic = wanted if wanted in TABS else filled[0], request.GET.get("topic", "")
    found = listing(request.viewer, run, tab, topic)
    return {
        "cells": count_cells(run),
        "tab": tab,
        "tabs": [(name, run.counts[counts[name]]) for name in TABS],
        "topic": topic,
        "topics": found.topics,
        "rows": [issue_row(row) for row in found.rows[:_SHOWN]] if found.topics else found.rows[:_SHOWN],
        "shown": min(len(found.rows), _SHOWN),
        "listed": len(found.rows),
        "warnings": listing(request.viewer, run, "warnings").topics[:5],
        "columns": column_rows(run),
        "can_confirm": permissions.can_confirm_import(request.viewer, run),
    }


@require_safe
def import_progress(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The part of the page that is asked for again while a job is at work; then the page itself is."""
    run = import_for(request.viewer, pk)
    if not run.at_work:
        response = HttpResponse()
        response["HX-Redirect"] = reverse("registry:import_run", args=[slug, pk])
        return response
    context = _shared(slug, run) | {"progress": progress_of(run, rows_done(request.viewer, run))}
    return render(request, "registry/imports/includes/progress.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def import_columns(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Step 2: which column is which field."""
    run = import_for(request.viewer, pk)
    permissions.can_change_import(request.viewer, run).require()
    form = ColumnsForm(run, request.POST or None)
    if form.is_valid():
        try:
            imports.match_columns(
                actor=request.viewer, run=run, columns=form.chosen(), sheet=form.cleaned_data.get("sheet", "")
            )
        except UnreadableFile as error:
            form.add_error(None, str(error))
        else:
            return redirect("registry:import_run", slug, pk)
    context = _shared(slug, run) | {"form": form, "step": 2}
    return render(request, "registry/imports/columns.html", context, status=422 if form.errors else 200)


@require_POST
def import_corrected(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The refused rows with what is wrong and how to mend it."""
    run = import_for(request.viewer, pk)
    path = corrected_file(request.viewer, run)
    if path is None:
        raise OutOfScope(f"corrected file of import {pk}")
    stem = run.name.rpartition(".")[0] or run.name
    return _attachment(path.read_bytes(), _("%(name)s to mend") % {"name": stem} + ".xlsx")


@require_POST
def import_confirm(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Step 4: write what the preview showed."""
    run = import_for(request.viewer, pk)
    imports.confirm_import(actor=request.viewer, run=run)
    return redirect("registry:import_run", slug, pk)


@require_POST
def import_undo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a whole import back."""
    run = import_for(request.viewer, pk)
    decision = permissions.can_undo_import(request.viewer, run)
    if decision:
        imports.request_undo(actor=request.viewer, run=run)
    else:
        messages.error(request, decision.reason)
    return redirect("registry:import_run", slug, pk)
