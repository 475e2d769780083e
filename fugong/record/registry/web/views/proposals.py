"""What enterprises propose, at the desk: the list, one proposal with its answer."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fugong.record.registry import permissions
from fugong.record.registry.actions.proposals import Carrying, accept_change, refuse_change
from fugong.record.registry.enums import ChangeState
from fugong.record.registry.models import ChangeRequest
from fugong.record.registry.selectors.changes import answers_awaited, proposal_for, proposals_for
from fugong.record.registry.selectors.grants import people_waiting
from fugong.record.registry.web.forms import AnswerForm
from fugong.record.registry.web.tables import people_waiting_row, proposal_row, register_tabs


@require_safe
def proposals(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits for an answer in the viewer's areas, or the last answers."""
    answered = request.GET.get("state") == "answered"
    here = reverse("registry:proposals", args=[slug])
    people = [people_waiting_row(slug, one) for one in people_waiting(request.viewer)]
    context = {
        "rows": [proposal_row(slug, item) for item in proposals_for(request.viewer, waiting=not answered)],
        "people": [] if answered else people,
        "answered": answered,
        "waiting_url": here,
        "answered_url": f"{here}?state=answered",
        "tabs": register_tabs(slug, "proposals", answers_awaited(request.viewer)),
    }
    return render(request, "registry/proposals.html", context)


def _answer(request: HttpRequest, proposal: ChangeRequest, form: AnswerForm) -> None:
    """Refuse or carry out. Raises `ValidationError`."""
    values = form.cleaned_data
    if "refuse" in request.POST:
        refuse_change(actor=request.viewer, request=proposal, answer=values["answer"])
        messages.success(request, _("Refused. The enterprise reads your reason."))
        return
    carrying = Carrying(
        values.get("day"), values.get("to_area"), values.get("reason_code") or "", values.get("answer") or ""
    )
    accept_change(actor=request.viewer, request=proposal, carrying=carrying)
    messages.success(request, _("Accepted. The register is changed and the enterprise is told."))


@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One proposal beside what the register says now; accept or refuse."""
    found = proposal_for(request.viewer, number)
    decision = permissions.can_decide_change(request.viewer, found.enterprise)
    form = AnswerForm(found, request.POST or None)
    if request.method == "POST":
        decision.require()
        if form.is_valid():
            try:
                _answer(request, found, form)
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                return redirect("registry:proposals", slug)
    context = {
        "form": form,
        "proposal": proposal_row(slug, found),
        "is_waiting": found.state == ChangeState.PROPOSED,
        "can_decide": decision,
        "enterprise_url": reverse("registry:detail", args=[slug, found.enterprise_id]),
        "back_url": reverse("registry:proposals", args=[slug]),
    }
    return render(request, "registry/proposal.html", context)
