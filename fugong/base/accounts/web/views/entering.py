"""Getting in: account and secret, one-time code, short message, second factor. Works without JavaScript."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from typing import Any

from allauth.account.utils import get_next_redirect_url, perform_login
from allauth.account.views import LogoutView
from allauth.mfa.base.views import AuthenticateView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from fugong.base.accounts.actions.entering import ADDRESS, check_secret
from fugong.base.accounts.actions.refusals import note_wrong_code
from fugong.base.accounts.actions.secrets import ask_for_message_code, check_message_code, redeem_code
from fugong.base.accounts.actions.throttle import Limit, count_attempt
from fugong.base.accounts.enums import SecretKind
from fugong.base.accounts.logic.secrets import keyed, login_key, plain_phone
from fugong.base.accounts.models import EntryCode
from fugong.base.accounts.selectors import code_for_entry, code_presented
from fugong.base.accounts.web.forms.entering import (
    CodeForm,
    DigitsForm,
    FactorForm,
    LoginForm,
    PhoneForm,
    SecretForm,
    waiting_words,
)
from fugong.core.viewer import service_viewer

_DOOR = service_viewer("sign-in")
_NO_CODE = gettext_lazy(
    "This code was used, replaced or is too old, or has a slip of the pen. "
    "Compare it letter by letter, or ask the office that gave it for another."
)
_DEVICE, _DEVICE_AGE, _ACCOUNTS_OF_A_DEVICE = "fu_device", 365 * 24 * 3600, 5
_CODE, _MESSAGE = "fu_code", "fu_message"
_ASKED = Limit(1, timedelta(minutes=1)), Limit(5, timedelta(hours=1))
logout = LogoutView.as_view()


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def _device(request: HttpRequest) -> dict[str, Any]:
    """What this browser was told: its id, and the accounts that signed in here before (as keyed hashes)."""
    try:
        return dict(json.loads(signing.Signer(salt=_DEVICE).unsign(request.COOKIES.get(_DEVICE, ""))))
    except (signing.BadSignature, ValueError):
        return {"id": secrets.token_hex(8), "accounts": []}


def _known_device(request: HttpRequest, login: str) -> str:
    device = _device(request)
    return str(device["id"]) if login_key(settings.SECRET_KEY, login) in device["accounts"] else ""


def _remember_device(request: HttpRequest, response: HttpResponse, login: str) -> None:
    device = _device(request)
    key = login_key(settings.SECRET_KEY, login)
    device["accounts"] = [key, *(one for one in device["accounts"] if one != key)][:_ACCOUNTS_OF_A_DEVICE]
    response.set_cookie(
        _DEVICE,
        signing.Signer(salt=_DEVICE).sign(json.dumps(device)),
        max_age=_DEVICE_AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _enter(request: HttpRequest, user: Any, login: str) -> HttpResponse:
    """Let the person in: by way of the second factor where there is one; a fresh session either way."""
    response: HttpResponse = perform_login(
        request, user, email_verification="none", redirect_url=get_next_redirect_url(request)
    )
    _remember_device(request, response, login)
    return response


@sensitive_post_parameters("password")
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Account or phone with password or PIN. The two tabs differ in words only."""
    if request.user.is_authenticated:
        return redirect(get_next_redirect_url(request) or "home")
    for_enterprises = request.GET.get("for") == "enterprise"
    form = LoginForm(request.POST if request.method == "POST" else None, with_pin=for_enterprises)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["login"]
        entry = check_secret(
            actor=_DOOR,
            login=name,
            secret=form.cleaned_data["password"],
            device=_known_device(request, name),
            address=_address(request),
        )
        if entry.user is not None:
            return _enter(request, entry.user, name)
        form.add_error(None, waiting_words(entry.wait) if entry.wait else _wrong(for_enterprises))
    context = {
        "form": form,
        "for_enterprises": for_enterprises,
        "next": get_next_redirect_url(request) or "",
        "has_messages": not settings.SMS_ADAPTER.endswith(".Outbox"),
    }
    return render(request, "accounts/login.html", context)


def _wrong(for_enterprises: bool) -> str:
    if for_enterprises:
        return _("Phone or account and PIN do not fit. Five wrong attempts close the account for 15 minutes.")
    return _("Account and password do not fit. Five wrong attempts close the account for 15 minutes.")


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """A one-time code, typed or carried by the address of a QR code. Looking at the page uses nothing up."""
    form = CodeForm(request.POST if request.method == "POST" else None, initial={"code": request.GET.get("c", "")[:40]})
    if request.method == "POST" and form.is_valid():
        wait = count_attempt(
            actor=_DOOR, key=keyed(settings.SECRET_KEY, "code address", _address(request)), limit=ADDRESS
        )
        found = code_presented(_DOOR, form.cleaned_data["code"]) if not wait else None
        if wait:
            form.add_error(None, waiting_words(wait))
        elif found is None:
            note_wrong_code(actor=_DOOR)
            form.add_error("code", _NO_CODE)
        elif request.user.is_authenticated and request.user.pk != found.user_id:
            return _claim(request, found)
        else:
            request.session[_CODE] = found.pk
            return redirect("account_code_secret")
    return render(request, "accounts/code.html", {"form": form}, status=422 if form.errors else 200)


def _claim(request: HttpRequest, found: EntryCode) -> HttpResponse:
    """Somebody else is signed in here: say so, and offer both ways."""
    return render(request, "accounts/code_other.html", {"name": request.user.name, "label": found.label})


@sensitive_post_parameters("secret", "again")
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def code_secret(request: HttpRequest) -> HttpResponse:
    """Whose account it is, and the new password or PIN; only this uses the code up."""
    found = code_for_entry(_DOOR, request.session.get(_CODE))
    if found is None or found.user is None:
        return redirect("account_code")
    form = SecretForm(found.user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            user = redeem_code(actor=_DOOR, code_id=found.pk, secret=form.cleaned_data["secret"])
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            del request.session[_CODE]
            return _enter(request, user, user.username)
    context = {
        "form": form,
        "person": found.user,
        "label": found.label,
        "is_pin": found.user.secret_kind == SecretKind.PIN,
        "by_phone": bool(found.user.phone),
    }
    return render(request, "accounts/code_secret.html", context, status=422 if form.errors else 200)


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def message(request: HttpRequest) -> HttpResponse:
    """Have a code sent by short message. Known and unknown numbers get the same answer."""
    form = PhoneForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        phone = plain_phone(form.cleaned_data["phone"])
        key = keyed(settings.SECRET_KEY, "message", phone)
        waits = [count_attempt(actor=_DOOR, key=f"{key} {limit.most}", limit=limit) for limit in _ASKED]
        waits.append(
            count_attempt(actor=_DOOR, key=keyed(settings.SECRET_KEY, "message from", _address(request)), limit=ADDRESS)
        )
        if max(waits):
            form.add_error(None, _("A code was asked for a moment ago. Wait a minute, then ask for another."))
        else:
            request.session[_MESSAGE] = ask_for_message_code(actor=_DOOR, phone=phone).pk
            request.session["fu_message_phone"] = phone
            return redirect("account_message_code")
    return render(request, "accounts/message.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def message_code(request: HttpRequest) -> HttpResponse:
    """The six digits of the short message."""
    pending = request.session.get(_MESSAGE)
    if pending is None:
        return redirect("account_message")
    form = DigitsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        user = check_message_code(actor=_DOOR, code_id=pending, digits=form.cleaned_data["digits"])
        if user is not None:
            del request.session[_MESSAGE]
            return _enter(request, user, request.session.pop("fu_message_phone", user.username))
        form.add_error("digits", _("Wrong or too old (valid 5 minutes). Type the newest code, or ask for another."))
    return render(request, "accounts/message_code.html", {"form": form}, status=422 if form.errors else 200)


class Factor(AuthenticateView):  # type: ignore[misc]
    """The second factor, asked between password and page."""

    form_class = FactorForm
    template_name = "accounts/factor.html"

    def get_form_class(self) -> type[FactorForm]:
        return FactorForm

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().render_to_response(context, **kwargs)
        add_never_cache_headers(response)
        return response


factor = login_not_required(Factor.as_view())


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Who helps when a password, PIN or phone is lost."""
    return render(request, "accounts/forgotten.html", {"code_url": reverse("account_code")})
