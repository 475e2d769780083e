"""What one enterprise is entitled to, for an official who looks after it: the same answers, asked on its behalf."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fugong.core import clock
from fugong.record.registry.selectors.enterprises import enterprise_for
from fugong.services.policies import permissions
from fugong.services.policies.actions.answering import answer_questions
from fugong.services.policies.logic.facts import facts
from fugong.services.policies.selectors.offers import Offers, offers_for
from fugong.services.policies.web.forms.answers import AnswersForm
from fugong.services.policies.web.tables import offer_row


def _page(request: HttpRequest, slug: str, found: Offers, form: AnswersForm | None, status: int = 200) -> HttpResponse:
    pk = found.enterprise.pk
    may_answer = permissions.can_answer(request.viewer, found.enterprise)
    names = found.questions.names if may_answer else ()
    form = form or (AnswersForm([facts()[name] for name in names]) if names else None)
    rows = [
        offer_row(offer, reverse("policies:measure", args=[slug, offer.version.measure.code]))
        for offer in (*found.yes, *found.unknown, *found.no)
    ]
    context = {
        "enterprise": found.enterprise,
        "day": found.day,
        "rows": rows,
        "counts": {"yes": len(found.yes), "unknown": len(found.unknown), "no": len(found.no)},
        "titles": len(found.titles),
        "form": form,
        "answer_url": reverse("policies:answer", args=[slug, pk]),
        "enterprise_url": reverse("registry:detail", args=[slug, pk]),
    }
    return render(request, "policies/offers.html", context, status=status)


@require_safe
def offers(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """All measures answered for the enterprise, and the two questions that decide most."""
    enterprise = enterprise_for(request.viewer, pk)
    return _page(request, slug, offers_for(request.viewer, enterprise, clock.today()), None)


@require_POST
def answer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Keep what the enterprise said on the phone or at the gate."""
    enterprise = enterprise_for(request.viewer, pk)
    permissions.can_answer(request.viewer, enterprise).require()
    asked = [facts()[name] for name in request.POST if name in facts() and facts()[name].is_asked]
    form = AnswersForm(asked, request.POST)
    if form.is_valid():
        try:
            answer_questions(actor=request.viewer, enterprise=enterprise, answers=form.answers())
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Kept; it is not asked again."))
            return redirect("policies:offers", slug, pk)
    return _page(request, slug, offers_for(request.viewer, enterprise, clock.today()), form, status=422)
