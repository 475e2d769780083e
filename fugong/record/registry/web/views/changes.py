"""Acts on one enterprise by hand: close, reopen, move, give a code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fugong.core import clock
from fugong.record.registry import permissions
from fugong.record.registry.actions.closing import close_enterprise, reopen_enterprise
from fugong.record.registry.actions.codes import give_code
from fugong.record.registry.actions.moving import move_enterprise
from fugong.record.registry.models import Enterprise
from fugong.record.registry.selectors.changes import answers_awaited, moves_for
from fugong.record.registry.selectors.enterprises import enterprise_for
from fugong.record.registry.web.forms import CloseForm, CodeForm, MoveForm, ReopenForm
from fugong.record.registry.web.tables import move_row, register_tabs


def _act(
    request: HttpRequest,
    slug: str,
    enterprise: Enterprise,
    form: forms.Form,
    act: Callable[[dict[str, Any]], object],
    words: dict[str, str],
) -> HttpResponse:
    """Show the form of an act, or do it and go back to the enterprise with a word about it.

    `words`: title, text, button, done; link_url and link_words lead to what may be meant instead.
    """
    back_url = reverse("registry:detail", args=[slug, enterprise.pk])
    if form.is_bound and form.is_valid():
        try:
            act(form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, words["done"])
            # Whoever gave an enterprise away may not see it any more.
            gone = not request.viewer.covers(enterprise.managing_area_id)
            return redirect(reverse("registry:list", args=[slug]) if gone else back_url)
    context = {"form": form, "enterprise": enterprise, "cancel_url": back_url, "words": words}
    return render(request, "registry/act.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Close an enterprise for good."""
    enterprise = enterprise_for(request.viewer, pk)
    permissions.can_close_enterprise(request.viewer, enterprise).require()
    words = {
        "title": _("Close for good"),
        "text": _(
            "For an enterprise that no longer exists. One that stands still for some days reports “closed” itself."
        ),
        "button": _("Close the enterprise for good"),
        "done": _("The enterprise is closed for good."),
    }
    form = CloseForm(request.POST or None, initial={"closed_on": clock.today()})
    return _act(
        request,
        slug,
        enterprise,
        form,
        lambda values: close_enterprise(actor=request.viewer, enterprise=enterprise, **values),
        words,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take back a closing."""
    enterprise = enterprise_for(request.viewer, pk)
    permissions.can_reopen_enterprise(request.viewer, enterprise).require()
    words = {
        "title": _("Reopen"),
        "text": _("The enterprise is expected to report again from this day on."),
        "button": _("Reopen the enterprise"),
        "done": _("The enterprise is in the register again."),
    }
    form = ReopenForm(request.POST or None, initial={"reopened_on": clock.today()})
    return _act(
        request,
        slug,
        enterprise,
        form,
        lambda values: reopen_enterprise(actor=request.viewer, enterprise=enterprise, **values),
        words,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Give an enterprise to another managing area."""
    enterprise = enterprise_for(request.viewer, pk)
    permissions.can_move_enterprise(request.viewer, enterprise).require()
    words = {
        "title": _("Move to another area"),
        "text": _(
            "Managed by %(area)s now. The new area sees the move in its list of moves and manages it from then on."
        )
        % {"area": enterprise.managing_area},
        "button": _("Move the enterprise"),
        "done": _("The enterprise is moved."),
    }
    form = MoveForm(request.POST or None, initial={"moved_on": clock.today()})

    def act(values: dict[str, Any]) -> None:
        move_enterprise(actor=request.viewer, enterprise=enterprise, **values)
        enterprise.managing_area = values["to_area"]

    return _act(request, slug, enterprise, form, act, words)


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Give its credit code to an enterprise with a provisional id."""
    enterprise = enterprise_for(request.viewer, pk)
    permissions.can_give_code(request.viewer, enterprise).require()
    words = {
        "title": _("Give a credit code"),
        "text": _("Known as %(id)s so far; this stays in its history. The registered area follows the code.")
        % {"id": enterprise.provisional_id},
        "button": _("Save the code"),
        "done": _("The enterprise has its credit code."),
        "link_url": reverse("registry:merge", args=[slug, pk]),
        "link_words": _("Is it in the register under its code already? Merge the two"),
    }
    form = CodeForm(request.POST or None)
    return _act(
        request,
        slug,
        enterprise,
        form,
        lambda values: give_code(actor=request.viewer, enterprise=enterprise, code=values["code"]),
        words,
    )


@require_safe
def moves(request: HttpRequest, slug: str) -> HttpResponse:
    """Moves out of and into the viewer's areas."""
    context = {
        "rows": [move_row(slug, request.viewer, move) for move in moves_for(request.viewer)],
        "tabs": register_tabs(slug, "moves", answers_awaited(request.viewer)),
    }
    return render(request, "registry/moves.html", context)
