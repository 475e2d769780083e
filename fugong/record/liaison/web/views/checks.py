"""The checklists within the page of a visit: as they are asked, and as they come back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from fugong.base.questionnaires.actions.responses import AnswersRefused
from fugong.base.questionnaires.logic.asking import asked_form, begun_forms, sent_answers
from fugong.base.questionnaires.logic.words import wrong_word
from fugong.base.questionnaires.selectors import numbered_version
from fugong.core import clock
from fugong.core.text import in_language
from fugong.record.liaison.actions.checks import Filled
from fugong.record.liaison.selectors.checks import checklists, own_checks
from fugong.record.liaison.selectors.day_sheet import Card
from fugong.record.liaison.web.forms import VisitForm

# Code of a form -> what is wrong with its answers: question and code of the fault.
Wrong = Mapping[str, Sequence[tuple[str, str]]]


def filled_in(request: HttpRequest, form: VisitForm) -> tuple[Filled, ...]:
    """The checklists that were begun in what was sent, each with the version that it showed; the form is told."""
    sent = dict(request.POST.lists())
    found = []
    for code in begun_forms(sent):
        number, raw = sent_answers(code, sent)
        version = numbered_version(request.viewer, code, number)
        if version is None:
            form.lost_check = True
        else:
            found.append(Filled(version, raw))
    form.has_checks = bool(found)
    return tuple(found)


def asked_lists(request: HttpRequest, card: Card, wrong: Wrong) -> list[dict[str, Any]]:
    """The checklists of a visit with what was answered so far, and how each stood the last time."""
    assert card.incident is not None
    today = clock.today()
    sent = dict(request.POST.lists())
    last = {one.code: one for one in own_checks(request.viewer, card.enterprise.pk)}
    lists = []
    for rule, newest in checklists(request.viewer, card.incident, card.enterprise.managing_area, today):
        code = rule.form
        number, raw = sent_answers(code, sent)
        # What was answered by an older version is mended by it.
        version = (numbered_version(request.viewer, code, number) if number else None) or newest
        faults = wrong.get(code, ())
        lists.append(
            {
                "asked": asked_form(code, version.number, version.content, today.isoformat(), raw, faults),
                "ways": " ".join(rule.ways),
                "purposes": " ".join(rule.purposes),
                "last": last.get(code),
            }
        )
    return lists


def refusal_words(error: AnswersRefused) -> str:
    """Which questions of a checklist are wrong, and why, in one line for the list of what waits."""
    questions = {one["name"]: one for one in error.version.questions}
    said = [
        _("%(question)s: %(why)s")
        % {"question": in_language(questions[name]["label"]), "why": wrong_word(questions[name], code)}
        for name, code in error.outcome.wrong
    ]
    return _("%(form)s: %(faults)s") % {"form": error.version.label, "faults": " ".join(said)}
