"""Bureaus, headquarters, working groups, teams, townships, villages: who people serve in."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fugong.base.accounts import permissions
from fugong.base.accounts.actions.handing import issue_codes_in
from fugong.base.accounts.actions.people import found_body, rename_body
from fugong.base.accounts.models import Body
from fugong.base.accounts.selectors import bodies_for, bodies_with_people
from fugong.base.accounts.web.forms.people import BodyForm, NewBodyForm
from fugong.base.areas.selectors import areas_administered
from fugong.core.decision import OutOfScope


def _act(request: HttpRequest, form: BodyForm, **words: str) -> HttpResponse:
    context = {"form": form, "back_url": reverse("people:bodies"), "back": _("Bodies"), "words": words}
    return render(request, "accounts/act.html", context, status=422 if form.errors else 200)


@require_safe
def body_list(request: HttpRequest) -> HttpResponse:
    permissions.can_administer(request.viewer).require()
    return render(request, "accounts/bodies.html", {"rows": bodies_with_people(request.viewer)})


@require_http_methods(["GET", "HEAD", "POST"])
def body_new(request: HttpRequest) -> HttpResponse:
    permissions.can_administer(request.viewer).require()
    form = NewBodyForm(areas_administered(request.viewer), request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            found_body(actor=request.viewer, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect("people:bodies")
    return _act(request, form, title=_("Set up a body"), text="", button=_("Set it up"))


def _body(request: HttpRequest, pk: int) -> Body:
    permissions.can_administer(request.viewer).require()
    body = bodies_for(request.viewer).filter(pk=pk).first()
    if body is None:
        raise OutOfScope(f"body {pk}")
    return body


@require_POST
def body_codes(request: HttpRequest, pk: int) -> HttpResponse:
    """One-time codes for those of a body who have never signed in: cards to print, shown this once."""
    body = _body(request, pk)
    cards = issue_codes_in(actor=request.viewer, body=body)
    if not cards:
        messages.info(request, _("Nobody of %(body)s waits for a code that you may give.") % {"body": body.name})
        return redirect("people:bodies")
    context = {"body": body, "cards": cards, "address": request.build_absolute_uri(reverse("account_code"))}
    response = render(request, "accounts/body_codes.html", context)
    add_never_cache_headers(response)  # also by the browser's Back
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def body_edit(request: HttpRequest, pk: int) -> HttpResponse:
    body = _body(request, pk)
    form = BodyForm(
        request.POST if request.method == "POST" else None, initial={"name": body.name, "short_name": body.short_name}
    )
    if form.is_valid():
        try:
            rename_body(actor=request.viewer, body=body, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect("people:bodies")
    return _act(request, form, title=_("Rename a body"), text=_("Its people and mandates stay."), button=_("Save"))
