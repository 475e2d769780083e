from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
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
    context = {"form": form, "enterprise": enterprise, "cancel_url": reverse("registry:detail", args=[slug, pk])}
    return render(request, "registry/scope_exclude.html", context)


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
    context = {"form": form, "enterprise": enterprise, "cancel_url": reverse("registry:detail", args=[slug, pk])}
    return render(request, "registry/scope_include.html", context)
