"""Forms for officials: the list, loading a version with a preview, its questions, trying it, taking it along."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fugong.base.questionnaires import permissions
from fugong.base.questionnaires.actions.forms import ask_form, load_form, stop_asking
from fugong.base.questionnaires.logic.answers import judge
from fugong.base.questionnaires.logic.asking import asked_form, sent_answers
from fugong.base.questionnaires.logic.changes import changes
from fugong.base.questionnaires.logic.sheets import FormRefused
from fugong.base.questionnaires.logic.workbook import form_sheets
from fugong.base.questionnaires.logic.xlsform import Definition, read_form
from fugong.base.questionnaires.models import FormVersion
from fugong.base.questionnaires.selectors import (
    areas_to_load_for,
    form_coded,
    form_for,
    forms_for,
    newest_of,
    version_for,
    versions_of,
)
from fugong.base.questionnaires.web.forms import ConfirmForm, LoadForm
from fugong.base.questionnaires.web.tables import question_rows
from fugong.base.spreadsheets.logic.unreadable import UnreadableFile
from fugong.base.spreadsheets.logic.writer import write_xlsx
from fugong.core import clock
from fugong.core.files import keep, kept_path
from fugong.core.text import in_language

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def forms(request: HttpRequest) -> HttpResponse:
    """The forms that the viewer knows of, each with its newest version."""
    rows = [
        {
            "title": one.newest.label,
            "code": one.form.code,
            "area": str(one.form.area) if one.form.area else "",
            "number": one.newest.number,
            "loaded_at": one.newest.loaded_at,
            "loaded_by": one.newest.loaded_by_name,
            "responses": one.responses,
            "url": reverse("questionnaires:form", args=[one.form.code]),
            "answers_url": reverse("questionnaires:answers", args=[one.form.code]),
        }
        for one in forms_for(request.viewer)
    ]
    load_url = reverse("questionnaires:load") if permissions.can_load_forms(request.viewer) else ""
    return render(request, "questionnaires/forms.html", {"rows": rows, "load_url": load_url})


def _load_page(request: HttpRequest, form: LoadForm, issues: Any = (), status: int = 200) -> HttpResponse:
    context = {"form": form, "issues": issues, "forms_url": reverse("questionnaires:forms")}
    return render(request, "questionnaires/load.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def load(request: HttpRequest) -> HttpResponse:
    """Send a form; what is wrong with it, or what it would change, is shown before anything is kept as a version."""
    permissions.can_load_forms(request.viewer).require()
    areas = areas_to_load_for(request.viewer)
    if request.method != "POST":
        return _load_page(request, LoadForm(areas))
    form = LoadForm(areas, request.POST, request.FILES)
    if not form.is_valid():
        return _load_page(request, form, status=422)
    sent = form.cleaned_data["file"]
    kept = keep(sent.chunks())
    try:
        definition = read_form(kept_path(kept.sha256))
        known = form_coded(request.viewer, definition.code)
        area_id = known.area_id if known else form.area_id()
        permissions.can_load_form(request.viewer, area_id).require()
    except UnreadableFile as error:
        form.add_error("file", str(error))
        return _load_page(request, form, status=422)
    except FormRefused as error:
        return _load_page(request, form, error.issues, status=422)
    sealed = ConfirmForm.sealed(kept.sha256, sent.name, area_id, known is None)
    return render(request, "questionnaires/preview.html", _preview(request, definition, sealed, sent.name))


def _preview(request: HttpRequest, definition: Definition, sealed: str, name: str) -> dict[str, Any]:
    newest = newest_of(request.viewer, definition.code)
    found = changes(newest.content if newest else None, definition.content)
    return {
        "title": in_language(definition.content["title"]),
        "code": definition.code,
        "file": name,
        "number": newest.number + 1 if newest else 1,
        "is_same": newest is not None and newest.digest == definition.digest,
        "is_first": newest is None,
        "added": [in_language(one["label"]) for one in found.added],
        "removed": [in_language(one["label"]) for one in found.removed],
        "changed": [in_language(one["label"]) for one in found.changed],
        "rows": question_rows(definition.content),
        "form": ConfirmForm(initial={"checked": sealed}),
        "forms_url": reverse("questionnaires:forms"),
        "load_url": reverse("questionnaires:load"),
    }


@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Keep the checked file as the next version."""
    permissions.can_load_forms(request.viewer).require()
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(text for texts in form.errors.values() for text in texts))
        return redirect("questionnaires:load")
    sha256, name, area_id, is_new = form.cleaned_data["checked"]
    path = kept_path(sha256)
    try:
        version = load_form(
            actor=request.viewer,
            definition=read_form(path),
            path=path,
            file_name=Path(name).name,
            area_id=area_id,
            is_new=is_new,
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("questionnaires:load")
    messages.success(request, _asked_words(version))
    return redirect("questionnaires:form", version.form.code)


def _asked_words(version: FormVersion) -> str:
    if version.form.area is None:
        words = _("Kept as version %(number)d. Visits ask it where the playbook names it.")
    elif version.form.is_asked:
        words = _("Kept as version %(number)d. Every visit in the area asks it from now on.")
    else:
        words = _("Kept as version %(number)d. Visits do not ask it at present.")
    return words % {"number": version.number}


@require_POST
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Have it asked in the visits of its area."""
    ask_form(actor=request.viewer, form=form_for(request.viewer, code))
    messages.success(request, _("Every visit in the area asks it from now on."))
    return redirect("questionnaires:form", code)


@require_POST
def stop(request: HttpRequest, code: str) -> HttpResponse:
    """Have it asked no more."""
    stop_asking(actor=request.viewer, form=form_for(request.viewer, code))
    messages.success(request, _("Visits do not ask it any more. What was answered stays."))
    return redirect("questionnaires:form", code)


@require_safe
def form(request: HttpRequest, code: str) -> HttpResponse:
    """A form: its versions, and what the newest asks."""
    viewer = request.viewer
    found = form_for(viewer, code)
    versions = versions_of(viewer, found)
    newest = version_for(viewer, found, versions[0].number)
    context = {
        "form": found,
        "newest": newest,
        "rows": question_rows(newest.content),
        "versions": [
            {
                "version": one,
                "answered": answered,
                "file_url": reverse("questionnaires:file", args=[code, one.number]),
                "try_url": reverse("questionnaires:try", args=[code, one.number]),
            }
            for one, answered in ((one, getattr(one, "answered", 0)) for one in versions)
        ],
        "ask_url": reverse("questionnaires:stop" if found.is_asked else "questionnaires:ask", args=[code])
        if permissions.can_ask_form(viewer, found)
        else "",
        "forms_url": reverse("questionnaires:forms"),
        "try_url": reverse("questionnaires:try", args=[code, newest.number]),
        "answers_url": reverse("questionnaires:answers", args=[code]),
        "load_url": reverse("questionnaires:load") if permissions.can_load_version(viewer, found) else "",
    }
    return render(request, "questionnaires/form.html", context)


@require_safe
def file(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A version as an XLSForm."""
    version = version_for(request.viewer, form_for(request.viewer, code), number)
    target = BytesIO()
    write_xlsx(target, form_sheets(code, number, version.content))
    headers = {"Content-Disposition": f'attachment; filename="form-{code}.xlsx"'}
    return HttpResponse(target.getvalue(), content_type=XLSX, headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
def try_out(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Fill a version in as an officer would; nothing is kept."""
    version = version_for(request.viewer, form_for(request.viewer, code), number)
    today = clock.today().isoformat()
    sent: Mapping[str, list[str]] = dict(request.POST.lists())
    _number, raw = sent_answers(code, sent)
    outcome = judge(version.questions, raw, today) if request.method == "POST" else None
    wrong = outcome.wrong if outcome else []
    labels = {one["name"]: in_language(one["label"]) for one in version.questions}
    context = {
        "asked": asked_form(code, number, version.content, today, raw, wrong),
        "failed": [labels[name] for name in outcome.failed] if outcome else [],
        "is_sound": outcome is not None and outcome.is_sound,
        "answered": len(outcome.answers) if outcome else 0,
        "form_url": reverse("questionnaires:form", args=[code]),
        "title": version.label,
    }
    return render(request, "questionnaires/try.html", context, status=422 if wrong else 200)
