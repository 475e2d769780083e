"""People and their mandates, for the administrator of their area. No incident is needed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fugong.base.accounts import permissions
from fugong.base.accounts.actions.entering import unlock_account
from fugong.base.accounts.actions.factors import remove_factor
from fugong.base.accounts.actions.mandates import end_mandate, end_person, give_mandate, name_deputy, take_on
from fugong.base.accounts.actions.people import edit_person
from fugong.base.accounts.actions.secrets import issue_code
from fugong.base.accounts.actions.sessions import end_all_sessions
from fugong.base.accounts.enums import CodePurpose
from fugong.base.accounts.models import Mandate, User
from fugong.base.accounts.selectors import (
    bodies_for,
    mandate_for,
    mandates_of,
    open_mandate_areas,
    people_page,
    person_for,
    sign_ins_of,
    user_named,
)
from fugong.base.accounts.web.forms.people import DeputyForm, MandateForm, NewPersonForm, PersonForm, ReasonForm
from fugong.base.accounts.web.tables import mandate_row, person_row, sign_in_row
from fugong.base.areas.selectors import areas_administered
from fugong.core.decision import OutOfScope
from fugong.core.registries import person_panels

_SIZE = 50
_LOGIN_ACTS = ("unlock", "devices_end", "factor_remove")


def _person(request: HttpRequest, pk: int) -> User:
    permissions.can_administer(request.viewer).require()
    found = person_for(request.viewer, pk)
    if found is None:
        raise OutOfScope(f"person {pk}")
    return found


def _mandate(request: HttpRequest, pk: int, number: int) -> Mandate:
    found = mandate_for(request.viewer, pk, number)
    if found is None:
        raise OutOfScope(f"mandate {number}")
    return found


@require_safe
def people_list(request: HttpRequest) -> HttpResponse:
    """The officials that the administrator looks after, by account."""
    permissions.can_administer(request.viewer).require()
    wanted, after = request.GET.get("q", "").strip()[:100], request.GET.get("after", "")[:64]
    gone = request.GET.get("gone") == "1"
    found = people_page(request.viewer, wanted, after, _SIZE, gone=gone)
    more = len(found) > _SIZE
    query = {"q": wanted, "gone": "1" if gone else "", "after": found[_SIZE - 1].username if more else ""}
    context = {
        "rows": [person_row(user) for user in found[:_SIZE]],
        "q": wanted,
        "gone": gone,
        "is_paged": bool(after),
        "next_url": f"{request.path}?{urlencode({k: v for k, v in query.items() if v})}" if more else "",
    }
    return render(request, "accounts/people.html", context)


def _act(request: HttpRequest, form: Any, back_url: str, back: str, **words: str) -> HttpResponse:
    context = {"form": form, "back_url": back_url, "back": back, "words": words}
    return render(request, "accounts/act.html", context, status=422 if form.errors else 200)


def _code_given(request: HttpRequest, user: User, code: str, url: str) -> HttpResponse:
    link = request.build_absolute_uri(f"{reverse('account_code')}?{urlencode({'c': code})}")
    context = {"owner": user.name, "username": user.username, "code": code, "link": link, "back_url": url}
    response = render(request, "accounts/code_given.html", context)
    add_never_cache_headers(response)  # shown this once, also by the browser's Back
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def person_new(request: HttpRequest) -> HttpResponse:
    """A new official: account, mandate and one-time code."""
    permissions.can_administer(request.viewer).require()
    form = NewPersonForm(
        bodies_for(request.viewer),
        areas_administered(request.viewer),
        request.POST if request.method == "POST" else None,
    )
    if form.is_valid():
        try:
            user, code = take_on(actor=request.viewer, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return _code_given(request, user, code, reverse("people:person", args=[user.pk]))
    return _act(
        request,
        form,
        reverse("people:list"),
        _("People"),
        title=_("Add a person"),
        text=_("You get a one-time code to hand over; the person then chooses a password."),
        button=_("Open the account"),
    )


@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: account, mandates, devices, and what other rooms know."""
    found = _person(request, pk)
    areas = open_mandate_areas(request.viewer, found)
    mandates = mandates_of(request.viewer, found)
    context = {
        "person": found,
        "mandates": [
            mandate_row(one) | {"may_end": bool(permissions.can_end_mandate(request.viewer, one))} for one in mandates
        ],
        "sign_ins": [sign_in_row(one, "") for one in sign_ins_of(request.viewer, found)],
        "has_factor": found.authenticator_set.exists(),  # type: ignore[attr-defined]  # allauth's own
        "may": permissions.can_look_after(request.viewer, found, areas),
        "panels": [
            {"title": panel.title, "html": html}
            for panel in sorted(person_panels.values(), key=lambda panel: panel.order)
            if (html := panel.render(request.viewer, found.pk))
        ],
    }
    return render(request, "accounts/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = _person(request, pk)
    permissions.can_look_after(request.viewer, found, open_mandate_areas(request.viewer, found)).require()
    back_url = reverse("people:person", args=[pk])
    form = PersonForm(request.POST if request.method == "POST" else None, initial={"name": found.name})
    if form.is_valid():
        values = form.cleaned_data
        try:
            # The number is not shown in full: an empty field keeps it.
            edit_person(actor=request.viewer, user=found, name=values["name"], phone=values["phone"] or found.phone)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect(back_url)
    form.fields["phone"].help_text = _("Empty: the number stays as it is.")
    return _act(request, form, back_url, found.name, title=_("Correct name or phone"), text="", button=_("Save"))


@require_http_methods(["GET", "HEAD", "POST"])
def mandate_new(request: HttpRequest, pk: int) -> HttpResponse:
    found = _person(request, pk)
    back_url = reverse("people:person", args=[pk])
    form = MandateForm(
        bodies_for(request.viewer),
        areas_administered(request.viewer),
        request.POST if request.method == "POST" else None,
    )
    if form.is_valid():
        try:
            give_mandate(actor=request.viewer, user=found, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect(back_url)
    text = _("The person holds the role from the first to the last day. Who gave it goes on record.")
    return _act(request, form, back_url, found.name, title=_("Give a mandate"), text=text, button=_("Give it"))


@require_http_methods(["GET", "HEAD", "POST"])
def mandate_end(request: HttpRequest, pk: int, mandate: int) -> HttpResponse:
    found, one = _person(request, pk), _mandate(request, pk, mandate)
    permissions.can_end_mandate(request.viewer, one).require()
    back_url = reverse("people:person", args=[pk])
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        end_mandate(actor=request.viewer, mandate=one, reason=form.cleaned_data["reason"])
        return redirect(back_url)
    text = _("%(role)s, %(body)s: taken away at once, with its deputies. What was done stays on record.") % {
        "role": one.get_role_display(),
        "body": one.body.name,
    }
    return _act(request, form, back_url, found.name, title=_("End a mandate"), text=text, button=_("End it"))


@require_http_methods(["GET", "HEAD", "POST"])
def deputy_new(request: HttpRequest, pk: int, mandate: int) -> HttpResponse:
    found, one = _person(request, pk), _mandate(request, pk, mandate)
    permissions.can_name_deputy(request.viewer, one).require()
    back_url = reverse("people:person", args=[pk])
    form = DeputyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        values = form.cleaned_data
        deputy = user_named(values["username"].strip().lower())
        try:
            if deputy is None or person_for(request.viewer, deputy.pk) is None:
                raise ValidationError({"username": _("There is no such account among your people.")})
            days = {"valid_from": values["valid_from"], "valid_to": values["valid_to"]}
            name_deputy(actor=request.viewer, mandate=one, user=deputy, **days)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("people:person", deputy.pk)
    text = _("The deputy acts as %(role)s of %(body)s for these days, beside the own mandates.") % {
        "role": one.get_role_display(),
        "body": one.body.name,
    }
    return _act(request, form, back_url, found.name, title=_("Name a deputy"), text=text, button=_("Name the deputy"))


@require_POST
def code_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A one-time code for a forgotten password; earlier codes are void."""
    found = _person(request, pk)
    code = issue_code(actor=request.viewer, user=found, purpose=CodePurpose.RESET)
    return _code_given(request, found, code, reverse("people:person", args=[pk]))


@require_POST
def unlock(request: HttpRequest, pk: int) -> HttpResponse:
    unlock_account(actor=request.viewer, user=_person(request, pk))
    messages.success(request, _("Unlocked: the person can try again at once."))
    return redirect("people:person", pk)


@require_POST
def devices_end(request: HttpRequest, pk: int) -> HttpResponse:
    end_all_sessions(actor=request.viewer, user=_person(request, pk))
    messages.success(request, _("Signed out everywhere."))
    return redirect("people:person", pk)


@require_POST
def factor_remove(request: HttpRequest, pk: int) -> HttpResponse:
    found = _person(request, pk)
    remove_factor(actor=request.viewer, user=found)
    messages.success(request, _("The second factor is off; the person sets up a new one."))
    return redirect("people:person", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """The person ends everywhere."""
    found = _person(request, pk)
    permissions.can_look_after(request.viewer, found, open_mandate_areas(request.viewer, found)).require()
    back_url = reverse("people:person", args=[pk])
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            end_person(actor=request.viewer, user=found, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("%(name)s has left: everything ended at once.") % {"name": found.name})
            return redirect(back_url)
    text = _(
        "Every mandate, grant, key, code and session of this person ends at once. What the person did stays on "
        "record. It cannot be taken back; whoever returns gets a new account."
    )
    return _act(
        request, form, back_url, found.name, title=_("The person leaves"), text=text, button=_("End everything")
    )
