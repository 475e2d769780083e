"""The enterprise's measures, on its phone: what it is entitled to, two questions, why not, and what if."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from fugong.core import clock
from fugong.core.roles import Role
from fugong.record.registry.models import Enterprise
from fugong.record.registry.selectors.grants import my_enterprise, my_enterprises
from fugong.services.policies.actions.answering import answer_questions
from fugong.services.policies.actions.reading import note_opened
from fugong.services.policies.enums import Verdict
from fugong.services.policies.logic.facts import Fact, facts
from fugong.services.policies.selectors.offers import Offers, changed_by, offers_for
from fugong.services.policies.web.forms.answers import AnswersForm, SupposeForm
from fugong.services.policies.web.tables import offer_page, offer_row, worth_words

_SUPPOSED = 4


def _url(enterprise: Enterprise, code: str) -> str:
    return reverse("policies_my:measure", args=[enterprise.pk, code])


def _asked(names: Any) -> list[Fact]:
    return [facts()[name] for name in names if name in facts() and facts()[name].is_asked]


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Straight to the measures of the one enterprise, or the choice among several."""
    if not request.viewer.has(Role.REPORTER):
        return HttpResponseNotFound()
    enterprises = list(my_enterprises(request.viewer))
    if len(enterprises) == 1:
        return redirect("policies_my:measures", enterprises[0].pk)
    rows = [{"name": one.name, "url": reverse("policies_my:measures", args=[one.pk])} for one in enterprises]
    return render(request, "policies/my_choice.html", {"rows": rows})


def _list(request: HttpRequest, offers: Offers, form: AnswersForm | None, status: int = 200) -> HttpResponse:
    enterprise, questions = offers.enterprise, offers.questions
    form = form or (AnswersForm(_asked(questions.names)) if questions.names else None)
    piles = [
        {
            "key": key,
            "label": label,
            "rows": [offer_row(offer, _url(enterprise, offer.version.measure.code)) for offer in rows],
        }
        for key, label, rows in (
            ("yes", Verdict.YES.label, offers.yes),
            ("unknown", Verdict.UNKNOWN.label, offers.unknown),
            ("no", Verdict.NO.label, offers.no),
        )
    ]
    others = [
        {"label": label, "rows": [offer_row(offer, _url(enterprise, offer.version.measure.code)) for offer in rows]}
        for label, rows in ((_("Title only, text not found"), offers.titles), (_("Over"), offers.over))
        if rows
    ]
    context = {
        "enterprise": enterprise,
        "day": offers.day,
        "piles": piles,
        "others": others,
        "number": sum(len(pile["rows"]) for pile in piles),
        "form": form,
        "settles": questions.settles,
        "suppose_url": reverse("policies_my:suppose", args=[enterprise.pk]),
        "answer_url": reverse("policies_my:answer", args=[enterprise.pk]),
    }
    return render(request, "policies/my_measures.html", context, status=status)


@require_safe
def measures(request: HttpRequest, pk: int) -> HttpResponse:
    """All measures by answer, and the two questions that decide most."""
    enterprise = my_enterprise(request.viewer, pk)
    return _list(request, offers_for(request.viewer, enterprise, clock.today()), None)


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the answers, then say what they decided."""
    enterprise = my_enterprise(request.viewer, pk)
    before = offers_for(request.viewer, enterprise, clock.today())
    names = [name for name in request.POST if name in facts()]
    form = AnswersForm(_asked(names) or _asked(before.questions.names), request.POST)
    if not form.is_valid():
        return _list(request, before, form, status=422)
    try:
        answer_questions(actor=request.viewer, enterprise=enterprise, answers=form.answers())
    except ValidationError as error:
        form.add_error(None, error.messages)
        return _list(request, before, form, status=422)
    after = offers_for(request.viewer, enterprise, clock.today())
    decided = sum(
        1 for old, new in changed_by(before, after) if old.verdict is Verdict.UNKNOWN and new.verdict is not None
    )
    words = ngettext(
        "Kept. %(count)s measure was decided by it.", "Kept. %(count)s measures were decided by it.", decided
    )
    messages.success(request, words % {"count": decided} if decided else _("Kept; it is not asked again."))
    code = request.POST.get("measure", "")
    known = {offer.version.measure.code for offer in (*after.yes, *after.unknown, *after.no)}
    return redirect(_url(enterprise, code) if code in known else reverse("policies_my:measures", args=[pk]))


@require_safe
def measure(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One measure: the answer with its reasons, the money line by line, what is missing, where it is written."""
    enterprise = my_enterprise(request.viewer, pk)
    offers = offers_for(request.viewer, enterprise, clock.today())
    offer = offers.of(code)
    missing = _asked(offer.decision.missing) if offer.decision and not offer.is_over else []
    context = offer_page(offers, offer) | {
        "enterprise": enterprise,
        "form": AnswersForm(missing) if missing else None,
        "answer_url": reverse("policies_my:answer", args=[pk]),
        "opened_url": reverse("policies_my:opened", args=[pk, code]),
        "back_url": reverse("policies_my:measures", args=[pk]),
    }
    return render(request, "policies/my_measure.html", context)


@require_POST
def opened(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """The page says that somebody of the enterprise has it before them; counted once for each enterprise."""
    enterprise = my_enterprise(request.viewer, pk)
    note_opened(actor=request.viewer, enterprise=enterprise, code=code)
    return HttpResponse(status=204)


def _supposable(offers: Offers) -> list[Fact]:
    """The numbers that rules ask about, those that keep most measures from the enterprise first."""
    wanted: dict[str, int] = {}
    for offer in offers.no:
        excluding = offer.decision.excluding if offer.decision else None
        subject = getattr(getattr(excluding, "condition", None), "subject", None)
        name = getattr(subject, "fact", "")
        if name:
            wanted[name] = wanted.get(name, 0) + 1
    for name in ("new_insured", "loan_amount", "equipment_cost", "laid_off"):
        wanted.setdefault(name, 0)
    return [facts()[name] for name in sorted(wanted, key=lambda name: -wanted[name])[:_SUPPOSED]]


@require_safe
def suppose(request: HttpRequest, pk: int) -> HttpResponse:
    """What if: other values, nothing kept; which answers and amounts would change."""
    enterprise = my_enterprise(request.viewer, pk)
    before = offers_for(request.viewer, enterprise, clock.today())
    asked = _supposable(before)
    form = SupposeForm(asked, request.GET or None)
    rows: list[dict[str, Any]] = []
    if form.is_bound and form.is_valid():
        after = offers_for(request.viewer, enterprise, clock.today(), form.supposed(asked))
        rows = [
            offer_row(new, _url(enterprise, new.version.measure.code))
            | {"was": old.verdict.label if old.verdict else "", "was_worth": worth_words(old.decision)}
            for old, new in changed_by(before, after)
        ]
    context = {
        "enterprise": enterprise,
        "form": form,
        "rows": rows,
        "tried": form.is_bound and form.is_valid(),
        "back_url": reverse("policies_my:measures", args=[pk]),
    }
    return render(request, "policies/my_suppose.html", context, status=422 if form.errors else 200)
