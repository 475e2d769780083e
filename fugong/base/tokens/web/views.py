from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fugong.base.tokens.actions import make_token, revoke_token
from fugong.base.tokens.models import ApiToken
from fugong.base.tokens.selectors import areas_to_limit, last_used, token_for, tokens_of, tokens_overseen
from fugong.base.tokens.web.forms import TokenForm
from fugong.core import clock
from fugong.core.registries import api_scopes


def _row(token: ApiToken, used: dict[int, datetime]) -> dict[str, Any]:
    labels = {name: entry.label for name, entry in api_scopes.items()}
    stands = token.stands_at(clock.real_now())
    return {
        "name": token.name,
        "hint": token.hint,
        "scopes": [str(labels.get(name, name)) for name in token.scopes],
        "enterprises": None if token.enterprise_ids is None else len(token.enterprise_ids),
        "area": str(token.area) if token.area else "",
        "expires_at": token.expires_at,
        "last_used_at": used.get(token.pk),
        "state": "revoked" if token.revoked_at else "stands" if stands else "expired",
        "revoked_by": token.revoked_by_name,
        "revoke_url": reverse("tokens:revoke", args=[token.pk]) if stands else "",
    }


@require_safe
def tokens(request: HttpRequest) -> HttpResponse:
    """The person's own keys, and for an administrator those of others."""
    own, others = list(tokens_of(request.viewer)), list(tokens_overseen(request.viewer))
    used = last_used(request.viewer, own + others)
    context = {
        "rows": [_row(token, used) for token in own],
        "others": [_row(token, used) | {"owner": token.owner.name} for token in others],
        "may_make": any(entry.may(request.viewer) for entry in api_scopes.values()),
        "new_url": reverse("tokens:new"),
        "docs_url": reverse("api_docs"),
    }
    return render(request, "tokens/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make a key; it is shown once, on the answer to the form."""
    if not any(entry.may(request.viewer) for entry in api_scopes.values()):
        raise Http404
    form = TokenForm(request.viewer, areas_to_limit(request.viewer), request.POST or None)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            token, secret = make_token(
                actor=request.viewer,
                name=data["name"],
                scopes=frozenset(data["scopes"]),
                days=data["days"],
                enterprise_ids=data.get("enterprises"),
                area=data.get("area"),
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            context = {"name": token.name, "secret": secret, "expires_at": token.expires_at}
            return render(request, "tokens/made.html", context | {"back_url": reverse("tokens:list")})
    context = {"form": form, "back_url": reverse("tokens:list")}
    return render(request, "tokens/new.html", context, status=422 if form.errors else 200)


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a key at once."""
    token = token_for(request.viewer, pk)
    if token is None:
        raise Http404
    revoke_token(actor=request.viewer, token=token)
    return redirect("tokens:list")
