"""Root problems: gathering requests under one cause, solving it for all."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from fugong.base.accounts.selectors import body_by_id
from fugong.core import clock
from fugong.record.desk import permissions
from fugong.record.desk.actions.roots import join_root, leave_root, name_root, solve_root
from fugong.record.desk.selectors.piles import QueueFilter, page_of
from fugong.record.desk.selectors.queue import clock_of, requests_for, root_for, weights
from fugong.record.desk.selectors.rules import section_on
from fugong.record.desk.web import tables
from fugong.record.desk.web.forms import TextForm


@require_POST
def gather(request: HttpRequest, slug: str) -> HttpResponse:
    """Put the chosen requests under a root problem, an existing one or a new one, or take them from theirs."""
    viewer, incident = request.viewer, request.scope.incident
    permissions.can_see_requests(viewer).require()
    numbers = request.POST.getlist("number")[:500]
    chosen = list(requests_for(viewer, incident).filter(number__in=numbers).select_related("owner_body"))
    back = redirect("desk:queue", slug)
    if not chosen:
        messages.warning(request, _("Choose the requests first."))
        return back
    try:
        if request.POST.get("leave"):
            done = leave_root(actor=viewer, requests=chosen)
            messages.success(request, ngettext("%(n)d request left.", "%(n)d requests left.", done) % {"n": done})
            return back
        pk, title = request.POST.get("root", ""), request.POST.get("title", "").strip()[:80]
        if pk.isdecimal() and len(pk) < 19:
            root = root_for(viewer, incident, int(pk))
        else:
            body = body_by_id(min(viewer.body_ids)) if viewer.body_ids else chosen[0].owner_body
            root = name_root(actor=viewer, incident=incident, title=title, body=body or chosen[0].owner_body)
        join_root(actor=viewer, root=root, requests=chosen)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return back
    return redirect("desk:root", slug, root.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def root(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A root problem with all that waits on it; solving it answers them together."""
    viewer, incident = request.viewer, request.scope.incident
    found = root_for(viewer, incident, pk)
    form = TextForm(request.POST or None)
    if request.method == "POST":
        permissions.can_gather(viewer, found.body.area_id).require()
        if form.is_valid():
            solve_root(actor=viewer, root=found, solution=form.cleaned_data["text"])
            messages.success(request, _("All that waited are answered. Each enterprise has the last word."))
            return redirect("desk:root", slug, pk)
    section = section_on(incident, clock.today())
    page = page_of(viewer, incident, QueueFilter(pile="all", root=pk), request.GET.get("after", ""))
    weight = next((item for item in weights(viewer, incident, 1000) if item.root.pk == pk), None)
    context = {
        "root": found,
        "weight": tables.weight_row(weight, slug, weight.people) if weight else None,
        "rows": [tables.request_row(row, clock_of(row, section.risk_percent), section, slug) for row in page.rows],
        "next_url": f"?after={page.after}" if page.after else "",
        "form": form,
        "may_solve": permissions.can_gather(viewer, found.body.area_id),
        "queue_url": reverse("desk:queue", args=[slug]),
    }
    return render(request, "desk/root.html", context, status=422 if form.errors else 200)
