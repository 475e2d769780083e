"""Refusals and warnings of an import as a clerk reads them: under which heading they are counted, what is marked."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fugong.base.spreadsheets.logic.damage import damaged
from fugong.base.spreadsheets.logic.values import FORMULA_ERRORS
from fugong.record.registry.logic.uscc import CodeProblem, check_code, clean_code

_CODE_TOPICS: dict[CodeProblem, Promise] = {
    CodeProblem.EMPTY: _("Code missing"),
    CodeProblem.SCIENTIFIC: _("Code became a number"),
    CodeProblem.WORDS: _("No code"),
    CodeProblem.OLD_NUMBER: _("Old registration number"),
    CodeProblem.ORGANISATION_CODE: _("Organisation code"),
    CodeProblem.IDENTITY_CARD: _("Identity card number"),
    CodeProblem.LENGTH: _("Wrong length"),
    CodeProblem.CHARACTER: _("Character not used"),
    CodeProblem.DIVISION: _("District digits"),
    CodeProblem.CHECK_CHARACTER: _("Check character"),
}
_REPEATED = _("Twice in the file")
_DAMAGED = _("Damaged text")
_FORMULA = _("Formula without result")


def topic(field: str, label: str, value: str) -> str:
    """Under which heading an issue is counted: what is wrong with a code, else the column it stands in."""
    if value in FORMULA_ERRORS:
        return str(_FORMULA)
    if field == "uscc":
        problem = check_code(value).problem
        return str(_REPEATED if problem is None else _CODE_TOPICS[problem])
    return str(_DAMAGED) if damaged(value) else label


def marked(field: str, value: str) -> list[tuple[str, bool]]:
    """The original text in pieces, each with whether it is wrong: single characters of a code, else all of it."""
    if field != "uscc":
        return [(value, True)]
    check = check_code(value)
    if not check.positions or clean_code(value) != value:
        return [(value, True)]
    pieces: list[tuple[str, bool]] = []
    for position, character in enumerate(value, start=1):
        wrong = position in check.positions
        if pieces and pieces[-1][1] == wrong:
            pieces[-1] = (pieces[-1][0] + character, wrong)
        else:
            pieces.append((character, wrong))
    return pieces
