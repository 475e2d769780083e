from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fugong.core import clock
from fugong.record.registry import permissions
from fugong.record.registry.actions.facts import state_fact
from fugong.record.registry.selectors.enterprises import enterprise_for
from fugong.record.registry.web.forms import FactForm


@require_http_methods(["GET", "HEAD", "POST"])
def fact_new(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """State a dated fact of an enterprise."""
    enterprise = enterprise_for(request.viewer, pk)
    permissions.can_state_fact(request.viewer, enterprise).require()
    form = FactForm(request.POST or None, initial={"day": clock.today()})
    if form.is_valid():
        try:
            state_fact(actor=request.viewer, enterprise=enterprise, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect("registry:detail", slug, pk)
    words = {
        "title": _("State a fact"),
        "text": _(
            "A fact holds from its day until a later one of the same kind. Another value for the same day "
            "corrects it; the earlier one is kept."
        ),
        "button": _("Save the fact"),
    }
    cancel_url = reverse("registry:detail", args=[slug, pk])
    context = {"form": form, "enterprise": enterprise, "cancel_url": cancel_url, "words": words}
    return render(request, "registry/act.html", context)
