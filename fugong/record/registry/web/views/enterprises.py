from __future__ import annotations

from collections.abc import Iterable
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fugong.core import clock
from fugong.record.registry import permissions
from fugong.record.registry.actions.grants import invite_reporter
from fugong.record.registry.actions.register import edit_enterprise, register_enterprise
from fugong.record.registry.models import Enterprise
from fugong.record.registry.selectors.changes import merged_into
from fugong.record.registry.selectors.enterprises import enterprise_for
from fugong.record.registry.selectors.grants import reporters_of
from fugong.record.registry.web.detail import panels_of
from fugong.record.registry.web.forms import EnterpriseForm, ReporterForm
from fugong.record.registry.web.tables import facts_of
from fugong.record.registry.web.views.people import code_given


@require_http_methods(["GET", "HEAD", "POST"])
def enterprise_new(request: HttpRequest, slug: str) -> HttpResponse:
    permissions.can_register_enterprise(request.viewer).require()
    form = EnterpriseForm(request.viewer, data=request.POST or None)
    if form.is_valid():
        try:
            key = form.cleaned_data["key"]
            made = register_enterprise(actor=request.viewer, values=form.cleaned_data, key=key)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect("registry:detail", slug, made.pk)
    context = {"form": form, "enterprise": None, "cancel_url": reverse("registry:list", args=[slug])}
    return render(request, "registry/enterprise_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def enterprise_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    enterprise = enterprise_for(request.viewer, pk)
    permissions.can_edit_enterprise(request.viewer, enterprise).require()
    form = EnterpriseForm(request.viewer, enterprise, data=request.POST or None)
    if form.is_valid():
        try:
            edit_enterprise(actor=request.viewer, enterprise=enterprise, values=form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect("registry:detail", slug, pk)
    context = {"form": form, "enterprise": enterprise, "cancel_url": reverse("registry:detail", args=[slug, pk])}
    return render(request, "registry/enterprise_form.html", context, status=422 if form.errors else 200)


def _acts(request: HttpRequest, slug: str, enterprise: Enterprise) -> list[dict[str, str]]:
    """The rarer acts on an enterprise that the viewer may do."""
    viewer, args = request.viewer, [slug, enterprise.pk]
    offered = [
        (permissions.can_give_code(viewer, enterprise), _("Give a credit code"), "registry:code"),
        (permissions.can_move_enterprise(viewer, enterprise), _("Move to another area"), "registry:move"),
        (permissions.can_move_enterprise(viewer, enterprise), _("Merge with another entry"), "registry:merge"),
        (permissions.can_close_enterprise(viewer, enterprise), _("Close for good"), "registry:close"),
        (permissions.can_reopen_enterprise(viewer, enterprise), _("Reopen"), "registry:reopen"),
    ]
    return [{"label": label, "url": reverse(name, args=args)} for may, label, name in offered if may]


@require_safe
def enterprise_detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    enterprise = enterprise_for(request.viewer, pk)
    if enterprise.merged_into_id is not None and "history" not in request.GET:
        # A reference leads to the one that stays; its own history opens from there.
        return redirect("registry:detail", slug, enterprise.merged_into_id)
    grants = reporters_of(request.viewer, enterprise, clock.today())
    context = {
        "enterprise": facts_of(enterprise),
        "panels": panels_of(request, pk),
        "reporters": [
            {"name": grant.user.name, "username": grant.user.username, "since": grant.valid_from} for grant in grants
        ],
        "acts": _acts(request, slug, enterprise),
        "references": [
            {"name": old.name, "code": old.code, "url": reverse("registry:detail", args=[slug, old.pk]) + "?history=1"}
            for old in merged_into(request.viewer, enterprise)
        ],
        "kept_url": (
            reverse("registry:detail", args=[slug, enterprise.merged_into_id]) if enterprise.merged_into_id else ""
        ),
        "can_edit": permissions.can_edit_enterprise(request.viewer, enterprise),
        "can_invite": permissions.can_invite_reporter(request.viewer, enterprise),
        "edit_url": reverse("registry:edit", args=[slug, pk]),
        "invite_url": reverse("registry:invite", args=[slug, pk]),
        "people_url": reverse("registry:people", args=[slug, pk]),
        "back_url": reverse("registry:list", args=[slug]),
    }
    return render(request, "registry/enterprise_detail.html", context)


def _invite_page(
    request: HttpRequest, enterprise: Enterprise, form: ReporterForm, notices: Iterable[str] = ()
) -> HttpResponse:
    for notice in notices:
        messages.warning(request, notice)
    cancel_url = reverse("registry:detail", args=[request.scope.incident.slug, enterprise.pk])
    words = {
        "title": _("Invite a reporter"),
        "text": _(
            "This person sends the daily report of this enterprise and sees nothing else. You get an account"
            " name and a one-time code to hand over; the person then chooses a PIN."
        ),
        "button": _("Open the account"),
    }
    context = {"form": form, "enterprise": enterprise, "cancel_url": cancel_url, "words": words}
    return render(request, "registry/act.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def reporter_invite(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    enterprise = enterprise_for(request.viewer, pk)
    permissions.can_invite_reporter(request.viewer, enterprise).require()
    back_url = reverse("registry:detail", args=[slug, pk])
    form = ReporterForm(request.POST or None, initial={"key": uuid4()})
    if form.is_valid():
        try:
            user, code = invite_reporter(actor=request.viewer, enterprise=enterprise, **form.cleaned_data)
        except ValidationError as error:
            return _invite_page(request, enterprise, ReporterForm(initial={"key": uuid4()}), error.messages)
        if not code:
            messages.success(
                request,
                _("%(name)s has an account and now reports here too.") % {"name": user.name},
            )
            return redirect(back_url)
        return code_given(request, enterprise, user.username, code, back_url)
    return _invite_page(request, enterprise, form)
