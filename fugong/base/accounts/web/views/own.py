"""One's own account: name and mandates, password or PIN, second factor, devices."""

from __future__ import annotations

import base64
from datetime import timedelta

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fugong.base.accounts import permissions
from fugong.base.accounts.actions.entering import check_secret
from fugong.base.accounts.actions.factors import activate_factor, remove_factor, renew_recovery_codes
from fugong.base.accounts.actions.mandates import name_deputy
from fugong.base.accounts.actions.secrets import change_own_secret
from fugong.base.accounts.actions.sessions import end_all_sessions, end_session, follow_session
from fugong.base.accounts.enums import FACTOR_IN_SESSION, SecretKind
from fugong.base.accounts.selectors import (
    colleagues_of,
    deputies_of,
    mandates_of,
    own_mandate,
    own_sign_in,
    own_sign_ins,
)
from fugong.base.accounts.web.forms.entering import ActivateForm, OldSecretForm, SecretForm, waiting_words
from fugong.base.accounts.web.forms.people import OwnDeputyForm
from fugong.base.accounts.web.tables import mandate_row, sign_in_row
from fugong.core.viewer import service_viewer

_SEED = "fu_factor_seed"
_DOOR = service_viewer("sign-in")


@never_cache
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    user, key = request.user, request.session.session_key
    context = {
        "person": user,
        "is_pin": user.secret_kind == SecretKind.PIN,
        "mandates": [mandate_row(mandate) for mandate in mandates_of(request.viewer, user)],
        "sign_ins": [sign_in_row(sign_in, key) for sign_in in own_sign_ins(request.viewer)],
        "has_factor": bool(request.session.get(FACTOR_IN_SESSION)),
        "factor_due_on": _due_on(request),
    }
    return render(request, "accounts/me.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def deputy(request: HttpRequest, mandate: int) -> HttpResponse:
    """Before one goes away: who acts in one's place, from when to when."""
    own = own_mandate(request.viewer, mandate)
    permissions.can_name_deputy(request.viewer, own).require()
    form = OwnDeputyForm(colleagues_of(request.viewer, own), request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            name_deputy(actor=request.viewer, mandate=own, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            words = {"name": form.cleaned_data["user"].name, "until": form.cleaned_data["valid_to"].isoformat()}
            messages.success(request, _("%(name)s acts in your place until %(until)s.") % words)
            return redirect("account_me")
    context = {
        "form": form,
        "mandate": own,
        "deputies": [mandate_row(one) | {"name": one.user.name} for one in deputies_of(request.viewer, own)],
    }
    return render(request, "accounts/deputy.html", context, status=422 if form.errors else 200)


def _due_on(request: HttpRequest):
    """The day from which a second factor is asked for; None where it is not."""
    if not settings.SECOND_FACTOR or not request.viewer.mandates:
        return None
    return (request.user.created_at + timedelta(days=settings.SECOND_FACTOR_GRACE_DAYS)).date()


@sensitive_post_parameters("old", "secret", "again")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def secret(request: HttpRequest) -> HttpResponse:
    """Another password or PIN. Asks for the present one, unless somebody else has chosen it."""
    user = request.user
    form = SecretForm(user, request.POST if request.method == "POST" else None, asks_old=not user.must_change)
    if request.method == "POST" and form.is_valid():
        old_key = request.session.session_key
        wrong = "" if user.must_change else _wrong_old(request, form.cleaned_data["old"])
        if wrong:
            form.add_error("old", wrong)
        else:
            change_own_secret(actor=request.viewer, user=user, secret=form.cleaned_data["secret"], session_key=old_key)
            update_session_auth_hash(request, user)
            follow_session(actor=request.viewer, user=user, before=old_key, after=request.session.session_key)
            messages.success(request, _("Changed. Other devices were signed out."))
            return redirect("home" if form.fields.get("old") is None else "account_me")
    context = {"form": form, "is_pin": user.secret_kind == SecretKind.PIN, "is_first": user.must_change}
    return render(request, "accounts/secret.html", context, status=422 if form.errors else 200)


def _wrong_old(request: HttpRequest, old: str) -> str:
    """Why the present secret is not accepted; "" when it is right. Limited like signing in."""
    entry = check_secret(actor=_DOOR, login=request.user.username, secret=old, device="own page")
    if entry.user is not None and entry.user.pk == request.user.pk:
        return ""
    return waiting_words(entry.wait) if entry.wait else _("This is not the present one.")


@require_POST
def end_one(request: HttpRequest, pk: int) -> HttpResponse:
    end_session(actor=request.viewer, sign_in=own_sign_in(request.viewer, pk))
    messages.success(request, _("That device is signed out."))
    return redirect("account_me")


@require_POST
def end_all(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere else; this device stays."""
    end_all_sessions(actor=request.viewer, user=request.user, but=request.session.session_key)
    messages.success(request, _("Every other device is signed out."))
    return redirect("account_me")


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def factor(request: HttpRequest) -> HttpResponse:
    """Set up the second factor: scan, type one code, keep the recovery codes."""
    user = request.user
    if is_mfa_enabled(user, [Authenticator.Type.TOTP]):
        return render(request, "accounts/factor_on.html", {"form": OldSecretForm(user)})
    if request.method != "POST" or not request.session.get(_SEED):
        request.session[_SEED] = request.session.get(_SEED) or generate_totp_secret()
    form = ActivateForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = activate_factor(
                actor=request.viewer, user=user, seed=request.session[_SEED], code=form.cleaned_data["code"]
            )
        except ValidationError as error:
            form.add_error("code", error.messages)
        else:
            del request.session[_SEED]
            request.session[FACTOR_IN_SESSION] = True
            return _shown_once(request, codes)
    adapter = get_adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(user, request.session[_SEED]))
    context = {
        "form": form,
        "picture": "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode(),
        "seed": request.session[_SEED],
        "due_on": _due_on(request),
    }
    return render(request, "accounts/factor_new.html", context, status=422 if form.errors else 200)


def _shown_once(request: HttpRequest, codes: list[str]) -> HttpResponse:
    response = render(request, "accounts/factor_codes.html", {"codes": codes})
    add_never_cache_headers(response)
    return response


@sensitive_post_parameters("old")
@require_POST
def factor_renew(request: HttpRequest) -> HttpResponse:
    """New recovery codes; the old ones are void."""
    form = OldSecretForm(request.user, request.POST)
    if form.is_valid() and not (wrong := _wrong_old(request, form.cleaned_data["old"])):
        return _shown_once(request, renew_recovery_codes(actor=request.viewer, user=request.user))
    if form.is_valid():
        form.add_error("old", wrong)
    return render(request, "accounts/factor_on.html", {"form": form}, status=422)


@sensitive_post_parameters("old")
@require_POST
def factor_remove(request: HttpRequest) -> HttpResponse:
    """Take the second factor off, such as for a new phone."""
    form = OldSecretForm(request.user, request.POST)
    if form.is_valid() and not (wrong := _wrong_old(request, form.cleaned_data["old"])):
        remove_factor(actor=request.viewer, user=request.user)
        request.session[FACTOR_IN_SESSION] = False
        messages.success(request, _("The second factor is off. Set up the new phone now."))
        return redirect("account_factor")
    if form.is_valid():
        form.add_error("old", wrong)
    return render(request, "accounts/factor_on.html", {"form": form}, status=422)
