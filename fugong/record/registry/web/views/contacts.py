from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fugong.record.registry import permissions
from fugong.record.registry.actions.contacts import add_contact, end_contact
from fugong.record.registry.selectors.contacts import contact_for
from fugong.record.registry.selectors.enterprises import enterprise_for
from fugong.record.registry.web.forms import ContactForm


@require_http_methods(["GET", "HEAD", "POST"])
def contact_new(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Enter a person to call at an enterprise."""
    enterprise = enterprise_for(request.viewer, pk)
    permissions.can_keep_contacts(request.viewer, enterprise).require()
    form = ContactForm(request.POST or None)
    if form.is_valid():
        try:
            add_contact(actor=request.viewer, enterprise=enterprise, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect("registry:detail", slug, pk)
    words = {
        "title": _("Add a contact"),
        "text": _("The number is shown masked; whoever opens it gives a reason, and that stays on record."),
        "button": _("Save the contact"),
    }
    context = {
        "form": form,
        "enterprise": enterprise,
        "cancel_url": reverse("registry:detail", args=[slug, pk]),
        "words": words,
    }
    return render(request, "registry/act.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def contact_end(request: HttpRequest, slug: str, pk: int, contact: int) -> HttpResponse:
    """Say that a person is no longer to be called."""
    found = contact_for(request.viewer, pk, contact)
    permissions.can_keep_contacts(request.viewer, found.enterprise).require()
    if request.method == "POST":
        end_contact(actor=request.viewer, contact=found)
        return redirect("registry:detail", slug, pk)
    words = {
        "title": _("No longer a contact"),
        "text": _("%(role)s %(name)s will no longer be shown here. The history keeps that there was a contact.")
        % {"role": found.get_role_display(), "name": found.name or found.masked},
        "button": _("Remove the contact"),
    }
    context = {
        "form": forms.Form(),
        "enterprise": found.enterprise,
        "cancel_url": reverse("registry:detail", args=[slug, pk]),
        "words": words,
    }
    return render(request, "registry/act.html", context)
