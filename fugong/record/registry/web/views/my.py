"""The enterprise's own pages about its entry in the register, on the phone."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fugong.base.accounts.actions.refusals import note_wrong_code
from fugong.base.accounts.actions.secrets import count_claim
from fugong.base.accounts.selectors import code_presented
from fugong.record.registry import permissions
from fugong.record.registry.actions.grant_proposals import claim_enterprise, propose_colleague
from fugong.record.registry.actions.proposals import propose_change, withdraw_change
from fugong.record.registry.enums import ChangeKind
from fugong.record.registry.selectors.changes import my_proposal, my_proposals
from fugong.record.registry.selectors.grants import (
    my_claims,
    my_colleagues,
    my_enterprise,
    my_enterprises,
    my_people_proposals,
)
from fugong.record.registry.web.forms import ClaimForm, ColleagueForm, ProposalForm
from fugong.record.registry.web.tables import facts_of, grant_proposal_row, grant_row, my_proposal_row


@require_safe
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    """What the register says of the enterprise, what it proposed, and the answers."""
    enterprise = my_enterprise(request.viewer, pk)
    decision = permissions.can_propose_change(request.viewer, enterprise)
    context = {
        "enterprise": facts_of(enterprise),
        "rows": [my_proposal_row(item) for item in my_proposals(request.viewer, pk)],
        "can_propose": decision,
        "kinds": [
            {"label": label, "url": reverse("registry_my:propose", args=[pk, kind])}
            for kind, label in ChangeKind.choices
        ],
        "home_url": reverse("home"),
    }
    return render(request, "registry/my_changes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Propose one change."""
    enterprise = my_enterprise(request.viewer, pk)
    permissions.can_propose_change(request.viewer, enterprise).require()
    if kind not in ChangeKind.values:
        raise Http404
    form = ProposalForm(ChangeKind(kind), enterprise, request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            propose_change(actor=request.viewer, enterprise=enterprise, kind=kind, values=form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Sent. The office that looks after you answers here."))
            return redirect("registry_my:changes", pk)
    context = {
        "form": form,
        "title": ChangeKind(kind).label,
        "enterprise": facts_of(enterprise),
        "back_url": reverse("registry_my:changes", args=[pk]),
    }
    return render(request, "registry/my_propose.html", context)


@require_POST
def withdraw(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Take a proposal back that was not answered yet."""
    found = my_proposal(request.viewer, pk, number)
    try:
        withdraw_change(actor=request.viewer, request=found)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, _("Withdrawn."))
    return redirect("registry_my:changes", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Who reports for my enterprise; name a colleague who shall report too."""
    enterprise = my_enterprise(request.viewer, pk)
    decision = permissions.can_propose_colleague(request.viewer, enterprise)
    form = ColleagueForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        decision.require()
    if form.is_bound and form.is_valid():
        try:
            propose_colleague(actor=request.viewer, enterprise=enterprise, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Sent. The office that looks after you confirms and hands a code over."))
            return redirect("registry_my:people", pk)
    context = {
        "enterprise": enterprise,
        "rows": [grant_row(grant) for grant in my_colleagues(request.viewer, enterprise)],
        "waiting": [grant_proposal_row(one) for one in my_people_proposals(request.viewer, enterprise)],
        "may": decision,
        "form": form,
    }
    return render(request, "registry/my_people.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def enterprises(request: HttpRequest) -> HttpResponse:
    """The enterprises I report for; add one by the code of its sheet."""
    permissions.can_claim_enterprise(request.viewer).require()
    form = ClaimForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and count_claim(actor=request.viewer):
        form.add_error("code", _("Too many codes in one hour. Wait an hour, or ask the office that gave the code."))
    elif form.is_valid():
        try:
            claim_enterprise(actor=request.viewer, text=form.cleaned_data["code"])
        except ValidationError as error:
            if code_presented(request.viewer, form.cleaned_data["code"]) is None:
                note_wrong_code(actor=request.viewer, user=request.user)
            form.add_error("code" if not hasattr(error, "error_dict") else None, error.messages)
        else:
            messages.success(request, _("Sent. The office that looks after the enterprise confirms."))
            return redirect("registry_my:enterprises")
    context = {
        "rows": [
            {"pk": one.pk, "name": one.name, "code": one.code, "area": str(one.managing_area)}
            for one in my_enterprises(request.viewer)
        ],
        "claims": [grant_proposal_row(one) | {"enterprise": one.enterprise.name} for one in my_claims(request.viewer)],
        "form": form,
    }
    return render(request, "registry/my_enterprises.html", context, status=422 if form.errors else 200)
