from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fugong.core.decision import allowed_if
from fugong.core.registries import enterprise_panels
from fugong.record.registry.selectors.enterprises import enterprise_for
from fugong.record.registry.web.detail import drawn


@require_safe
def panel(request: HttpRequest, slug: str, pk: int, name: str) -> HttpResponse:
    """One panel: as a part of the enterprise page for htmx, else as a page of its own."""
    enterprise = enterprise_for(request.viewer, pk)
    entry = enterprise_panels.get(name)
    if entry is None:
        raise Http404(name)
    allowed_if(entry.may(request.viewer), _("This part of the page is not for your role.")).require()
    context = {"panel": drawn(request, entry, pk)}
    if request.headers.get("HX-Request") == "true":
        return render(request, "registry/includes/panel.html", context)
    context |= {"enterprise": enterprise, "back_url": reverse("registry:detail", args=[slug, pk])}
    return render(request, "registry/enterprise_panel.html", context)
