"""Two entries are one enterprise: find the other, see what becomes of both, merge."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fugong.core.registries import merge_panels
from fugong.core.viewer import Viewer
from fugong.record.registry import permissions
from fugong.record.registry.actions.merging import merge_enterprises
from fugong.record.registry.models import Enterprise
from fugong.record.registry.selectors.changes import belongings_of, merge_candidates
from fugong.record.registry.selectors.enterprises import enterprise_for
from fugong.record.registry.web.forms import MergeForm
from fugong.record.registry.web.tables import facts_of


@require_safe
def merge(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Look for the other entry of the same enterprise."""
    enterprise = enterprise_for(request.viewer, pk)
    permissions.can_edit_enterprise(request.viewer, enterprise).require()
    query = request.GET.get("q", "")[:100]
    rows = [
        {
            "name": other.name,
            "code": other.code,
            "area_name": str(other.managing_area),
            "url": reverse("registry:merge_preview", args=[slug, pk, other.pk]),
        }
        for other in merge_candidates(request.viewer, enterprise, query)
    ]
    context = {
        "enterprise": enterprise,
        "rows": rows,
        "query": query,
        "back_url": reverse("registry:detail", args=[slug, pk]),
    }
    return render(request, "registry/merge.html", context)


def _side(viewer: Viewer, enterprise: Enterprise) -> dict[str, Any]:
    return facts_of(enterprise) | {"belongings": belongings_of(viewer, enterprise)}


@require_http_methods(["GET", "HEAD", "POST"])
def merge_preview(request: HttpRequest, slug: str, pk: int, other: int) -> HttpResponse:
    """What stays, what is taken over and what is left with the tombstone; then the merge. `pk` stays."""
    viewer = request.viewer
    kept, dropped = enterprise_for(viewer, pk), enterprise_for(viewer, other)
    permissions.can_merge_enterprises(viewer, kept, dropped).require()
    form = MergeForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            merge_enterprises(actor=viewer, kept=kept, dropped=dropped, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Merged. The other entry leads here from now on."))
            return redirect("registry:detail", slug, pk)
    panels = sorted(merge_panels.values(), key=lambda panel: panel.order)
    context = {
        "form": form,
        "kept": _side(viewer, kept),
        "dropped": _side(viewer, dropped),
        "both_have_codes": bool(kept.uscc and dropped.uscc),
        "panels": [{"title": panel.title, "html": panel.render(viewer, kept.pk, dropped.pk)} for panel in panels],
        "swap_url": reverse("registry:merge_preview", args=[slug, other, pk]),
        "cancel_url": reverse("registry:merge", args=[slug, pk]),
    }
    return render(request, "registry/merge_preview.html", context)
