from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fugong.core import clock
from fugong.record.registry import permissions
from fugong.record.registry.actions.scope import exclude_from_count, include_again
from fugong.record.registry.selectors.enterprises import enterprise_for
from fugong.record.registry.web.forms import ExclusionForm, InclusionForm


@require_http_methods(["GET", "HEAD", "POST"])
def scope_exclude(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Decide that an enterprise is not counted."""
    enterprise = enterprise_for(request.viewer, pk)
    permissions.can_decide_scope(request.viewer, enterprise).require()
    form = ExclusionForm(request.POST or None)
    if form.is_valid():
        try:
            exclude_from_count(actor=request.viewer, enterprise=enterprise, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect("registry:detail", slug, pk)
    words = {
        "title": _("Do not count an enterprise"),
        "text": _(
            "It leaves the numerator and the denominator of every figure from this day on. Opened figures "
            "and the bulletin name how many are left out, and why. Your name stands with the decision."
        ),
        "button": _("Decide"),
    }
    cancel_url = reverse("registry:detail", args=[slug, pk])
    context = {"form": form, "enterprise": enterprise, "cancel_url": cancel_url, "words": words}
    return render(request, "registry/act.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def scope_include(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Decide that an enterprise is counted again."""
    enterprise = enterprise_for(request.viewer, pk)
    permissions.can_decide_scope(request.viewer, enterprise).require()
    form = InclusionForm(request.POST or None, initial={"day": clock.today()})
    if form.is_valid():
        try:
            include_again(actor=request.viewer, enterprise=enterprise, day=form.cleaned_data["day"])
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect("registry:detail", slug, pk)
    words = {
        "title": _("Count an enterprise again"),
        "text": _("From this day on it is expected to report again. The days before stay as they were decided."),
        "button": _("Count it again"),
    }
    cancel_url = reverse("registry:detail", args=[slug, pk])
    context = {"form": form, "enterprise": enterprise, "cancel_url": cancel_url, "words": words}
    return render(request, "registry/act.html", context)
