"""The answers to a form in the official's areas: the list, one of them, all of them as a workbook."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fugong.base.questionnaires.actions.responses import export_answers
from fugong.base.questionnaires.logic.table import in_words
from fugong.base.questionnaires.selectors import (
    MOST_EXPORTED,
    PAGE,
    form_for,
    newest_of,
    response_for,
    responses_page,
)
from fugong.base.questionnaires.web.views.forms import XLSX
from fugong.core import clock
from fugong.core.text import in_language


@require_safe
def answers(request: HttpRequest, code: str) -> HttpResponse:
    """Who answered what, newest first; `failed=1`: only those in which a check failed."""
    viewer = request.viewer
    form = form_for(viewer, code)
    newest = newest_of(viewer, code)
    after, only_failed = request.GET.get("after", ""), request.GET.get("failed") == "1"
    key = int(after) if after.isdecimal() and len(after) < 19 else None
    rows = responses_page(viewer, form, key, only_failed)
    url = reverse("questionnaires:answers", args=[code])
    query = "failed=1&" if only_failed else ""
    context = {
        "title": newest.label if newest else code,
        "rows": [(row, reverse("questionnaires:answer", args=[code, row.pk])) for row in rows[:PAGE]],
        "only_failed": only_failed,
        "first_url": f"{url}?{query}" if after else "",
        "next_url": f"{url}?{query}after={rows[PAGE - 1].pk}" if len(rows) > PAGE else "",
        "all_url": url,
        "failed_url": f"{url}?failed=1",
        "form_url": reverse("questionnaires:form", args=[code]),
        "export_url": reverse("questionnaires:export", args=[code]),
        "most": MOST_EXPORTED,
    }
    return render(request, "questionnaires/answers.html", context)


@require_safe
def answer(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One set of answers, read by the version that was answered."""
    form = form_for(request.viewer, code)
    found = response_for(request.viewer, form, pk)
    failed = {one["name"] for one in found.failed}
    rows = [
        {
            "label": in_language(question["label"]),
            "answer": in_words(question, found.answers[question["name"]]),
            "failed": question["name"] in failed,
        }
        for question in found.version.questions
        if question["name"] in found.answers
    ]
    context = {"response": found, "rows": rows, "answers_url": reverse("questionnaires:answers", args=[code])}
    return render(request, "questionnaires/answer.html", context)


@require_POST
def export(request: HttpRequest, code: str) -> HttpResponse:
    """The answers as .xlsx, a sheet for each version; on record."""
    form = form_for(request.viewer, code)
    content = export_answers(actor=request.viewer, form=form)
    name = quote(_("answers-%(code)s-%(day)s.xlsx") % {"code": code, "day": clock.today().isoformat()})
    headers = {"Content-Disposition": f"attachment; filename*=utf-8''{name}"}
    return HttpResponse(content, content_type=XLSX, headers=headers)
