from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.views.decorators.http import require_http_methods, require_safe

from fugong.core import clock
from fugong.core.registries import enterprise_panels
from fugong.record.registry import permissions, selectors
from fugong.record.registry.actions.grants import invite_reporter
from fugong.record.registry.actions.register import edit_enterprise, register_enterprise
from fugong.record.registry.models import Enterprise
from fugong.record.registry.web.forms import EnterpriseForm, ReporterForm
from fugong.record.registry.web.tables import enterprise_row, facts_of


@require_safe
def enterprise_list(request: HttpRequest, slug: str) -> HttpResponse:
    query = request.GET.get("q", "")[:100]
    page = selectors.enterprise_page(
        request.viewer, query, request.GET.get("after", ""), area_code=request.scope.area_code
    )
    here = reverse("registry:list", args=[slug])
    following = (
        urlencode({"q": query, "area": request.scope.area_code, "after": page.next_key}) if page.next_key else ""
    )
    context = {
        "page": [enterprise_row(slug, enterprise) for enterprise in page.rows],
        "query": query,
        "area": request.scope.area_code,
        "total": page.total,
        "next_url": f"{here}?{following}" if following else "",
        "can_create": permissions.can_register_enterprise(request.viewer),
        "create_url": reverse("registry:new", args=[slug]),
    }
    # htmx asks for a page that it has forgotten, too; then the whole one is wanted.
    part = request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers
    template = "registry/includes/enterprise_rows.html" if part else "registry/enterprise_list.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def enterprise_new(request: HttpRequest, slug: str) -> HttpResponse:
    permissions.can_register_enterprise(request.viewer).require()
    form = EnterpriseForm(request.viewer, data=request.POST or None)
    if form.is_valid():
        try:
            made = register_enterprise(actor=request.viewer, values=form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect("registry:detail", slug, made.pk)
    context = {"form": form, "enterprise": None, "cancel_url": reverse("registry:list", args=[slug])}
    return render(request, "registry/enterprise_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def enterprise_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    enterprise = selectors.enterprise_for(request.viewer, pk)
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


def _panels(request: HttpRequest, pk: int) -> list[dict[str, object]]:
    scope = request.scope
    panels = sorted(enterprise_panels.values(), key=lambda panel: panel.order)
    return [
        {"title": panel.title, "html": panel.render(request.viewer, pk, scope.incident.pk, scope.day)}
        for panel in panels
    ]


@require_safe
def enterprise_detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    enterprise = selectors.enterprise_for(request.viewer, pk)
    grants = selectors.reporters_of(request.viewer, enterprise, clock.today())
    context = {
        "enterprise": facts_of(enterprise),
        "panels": _panels(request, pk),
        "reporters": [
            {"name": grant.user.name, "username": grant.user.username, "since": grant.valid_from} for grant in grants
        ],
        "can_edit": permissions.can_edit_enterprise(request.viewer, enterprise),
        "can_invite": permissions.can_invite_reporter(request.viewer, enterprise),
        "edit_url": reverse("registry:edit", args=[slug, pk]),
        "invite_url": reverse("registry:invite", args=[slug, pk]),
        "back_url": reverse("registry:list", args=[slug]),
    }
    return render(request, "registry/enterprise_detail.html", context)


def _invite_page(
    request: HttpRequest, enterprise: Enterprise, form: ReporterForm, notices: Iterable[str] = ()
) -> HttpResponse:
    for notice in notices:
        messages.warning(request, notice)
    cancel_url = reverse("registry:detail", args=[request.scope.incident.slug, enterprise.pk])
    context = {"form": form, "enterprise": enterprise, "cancel_url": cancel_url}
    return render(request, "registry/reporter_invite.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def reporter_invite(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    enterprise = selectors.enterprise_for(request.viewer, pk)
    permissions.can_invite_reporter(request.viewer, enterprise).require()
    back_url = reverse("registry:detail", args=[slug, pk])
    form = ReporterForm(request.POST or None, initial={"key": uuid4()})
    if form.is_valid():
        try:
            user, password = invite_reporter(actor=request.viewer, enterprise=enterprise, **form.cleaned_data)
        except ValidationError as error:
            return _invite_page(request, enterprise, ReporterForm(initial={"key": uuid4()}), error.messages)
        shown = {"enterprise": enterprise, "username": user.username, "password": password, "back_url": back_url}
        response = render(request, "registry/reporter_invited.html", shown)
        add_never_cache_headers(response)  # the password is shown this once, also by the browser's Back
        return response
    return _invite_page(request, enterprise, form)
