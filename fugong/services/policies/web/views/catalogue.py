"""The catalogue of measures for officials: search, one measure with its funnel, writing and trying one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fugong.base.areas.selectors import area_tree, areas_for
from fugong.core import clock
from fugong.record.registry.models import Enterprise
from fugong.record.registry.selectors.enterprises import enterprises_for
from fugong.services.policies import permissions
from fugong.services.policies.actions.drafting import MeasureText, NewDocument, draft_measure, drop_draft
from fugong.services.policies.actions.matching import publish_version
from fugong.services.policies.enums import Aspect
from fugong.services.policies.logic.deciding import decide
from fugong.services.policies.logic.drafting import place_of
from fugong.services.policies.logic.parsing import read_rule
from fugong.services.policies.logic.rule import within_place
from fugong.services.policies.selectors.catalogue import (
    documents_kept,
    draft_for,
    funnel_of,
    measure_for,
    measures_found,
    versions_of,
)
from fugong.services.policies.selectors.profiles import known_of, values_of
from fugong.services.policies.web.forms.measure import MeasureForm
from fugong.services.policies.web.tables import catalogue_row, excluding_words, funnel_steps, rule_words, tried_row

_TEXT = ("title", "title_en", "aspect", "competent_body", "valid_from", "valid_to", "deadline_on", "plain", "how")


@require_safe
def catalogue(request: HttpRequest, slug: str) -> HttpResponse:
    """All measures by aspect, searched in title, explanation and document."""
    viewer = request.viewer
    text = request.GET.get("q", "").strip()[:50]
    aspect = request.GET.get("aspect", "")
    aspect = aspect if aspect in Aspect.values else ""
    found = measures_found(viewer, text, aspect)
    today = clock.today()
    context = {
        "rows": [
            catalogue_row(one, today, reverse("policies:measure", args=[slug, one.measure.code])) for one in found
        ],
        "text": text,
        "aspect": aspect,
        "aspects": Aspect.choices,
        "may_write": permissions.can_keep_measures(viewer),
        "new_url": reverse("policies:new", args=[slug]),
        "here": reverse("policies:catalogue", args=[slug]),
    }
    return render(request, "policies/catalogue.html", context)


@require_safe
def measure(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """What a measure says, its versions, and how far it has come."""
    viewer = request.viewer
    found = measure_for(viewer, code)
    versions = versions_of(viewer, found)
    today = clock.today()
    published = [one for one in versions if one.is_published]
    current = next((one for one in published if one.valid_from <= today), published[0] if published else versions[0])
    funnel = funnel_of(viewer, current)
    may_write = permissions.can_keep_measures(viewer, found.area_id)
    context = {
        "measure": found,
        "row": catalogue_row(current, today, ""),
        "version": current,
        "document": current.document,
        "words": rule_words(current),
        "steps": funnel_steps(funnel),
        "funnel": funnel,
        "excluding": excluding_words(current, funnel),
        "drafts": [
            {"version": one, "words": rule_words(one), "publish_url": reverse("policies:publish", args=[slug, one.pk]),
             "drop_url": reverse("policies:drop", args=[slug, one.pk])}
            for one in versions
            if not one.is_published
        ],
        "others": [one for one in published if one.pk != current.pk],
        "may_write": may_write,
        "catalogue_url": reverse("policies:catalogue", args=[slug]),
    }  # fmt: skip
    return render(request, "policies/measure.html", context)


def _areas(viewer: Any) -> list[tuple[str, str]]:
    kept = areas_for(viewer).valid_on(clock.today()).order_by("path")
    return [(area.code, str(area)) for area in kept if permissions.can_keep_measures(viewer, area.pk)]


def _enterprise(viewer: Any, word: str) -> Enterprise | None:
    seen = enterprises_for(viewer)
    return seen.filter(uscc=word.upper()).first() or seen.named_like(word).first()


def _tried(viewer: Any, form: MeasureForm, place: str) -> list[dict[str, Any]]:
    """The rule as it is typed, decided for each enterprise named; nothing is kept."""
    day = max(clock.today(), form.cleaned_data["valid_from"])
    rule = within_place(read_rule(form.cleaned_data["rule"]), place)
    rows = []
    for word in form.cleaned_data["firms"]:
        enterprise = _enterprise(viewer, word)
        if enterprise is None:
            form.add_error("firms", _("%(word)s: no enterprise of your areas has this name or code.") % {"word": word})
            continue
        known = known_of(viewer, enterprise, day)
        rows.append(tried_row(enterprise.name, decide(rule, values_of(known), day), known))
    return rows


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Write a measure, try it on three enterprises as often as wanted, then keep it as a draft."""
    viewer = request.viewer
    permissions.can_keep_measures(viewer).require()
    documents = {str(row.pk): row for row in documents_kept(viewer)}
    areas = _areas(viewer)
    form = MeasureForm(
        [(pk, str(row)) for pk, row in documents.items()], areas, request.POST if request.method == "POST" else None
    )
    tried: list[dict[str, Any]] = []
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        area = area_tree().by_code(values["area"])
        known = documents.get(values["document"])
        if request.POST.get("act") != "keep":
            tried = _tried(viewer, form, known.place_code if known else place_of(area.code))
        else:
            document = known or NewDocument(
                values["doc_title"],
                values["doc_number"],
                values["doc_body"],
                values["doc_issued_on"],
                values["doc_source"],
            )
            text = MeasureText(**{name: values[name] for name in _TEXT})
            try:
                made = draft_measure(actor=viewer, area=area, document=document, text=text, rule=values["rule"])
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                messages.success(request, _("Kept as a draft; nobody is told before it is published."))
                return redirect("policies:measure", slug, made.measure.code)
    context = {
        "form": form,
        "tried": tried,
        "is_tried": form.is_bound and not form.errors,
        "catalogue_url": reverse("policies:catalogue", args=[slug]),
    }
    return render(request, "policies/new.html", context, status=422 if form.errors else 200)


@require_POST
def publish(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Publish a draft; a job matches and tells the enterprises."""
    version = draft_for(request.viewer, pk)
    try:
        publish_version(actor=request.viewer, version=version)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Published. The enterprises are matched now; the entitled are told, each once."))
    return redirect("policies:measure", slug, version.measure.code)


@require_POST
def drop(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Throw a draft away."""
    version = draft_for(request.viewer, pk)
    try:
        drop_draft(actor=request.viewer, version=version)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("policies:measure", slug, version.measure.code)
    messages.success(request, _("The draft is gone."))
    return redirect("policies:catalogue", slug)
