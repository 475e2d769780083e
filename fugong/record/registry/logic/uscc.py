"""The unified social credit code (统一社会信用代码, GB 32100-2015): cleaned, checked, refused with the true reason."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum.cn import ric
from stdnum.cn.uscc import calc_check_digit
from stdnum.exceptions import ValidationError

from fugong.base.spreadsheets.logic.issues import Fault

LENGTH = 18
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CLEAN = re.compile(r"[0-9A-Z]*", re.ASCII)
_WELL_FORMED = re.compile(rf"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}")
# White space, every kind of dash, marks that exporting programs put before a code to keep it text, invisible ones.
_DROPPED = re.compile(r"[\s\-\u2010-\u2015\u2212\u30fb·_=\"“”'‘’`\u200b-\u200d\u2060\ufeff\u00ad]")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d{1,2}")
# Letters that the alphabet leaves out because of the digit they are mistaken for.
_MISTAKEN = {"O": "0", "I": "1", "Z": "2", "S": "5"}
_INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_OLD_NUMBER_LENGTH = 15
_EARLIEST_BIRTH = 1900
_ORGANISATION_CODE_LENGTH = 9


class CodeProblem(StrEnum):
    """Why a text is no credit code."""

    EMPTY = "empty"
    SCIENTIFIC = "scientific"
    WORDS = "words"
    OLD_NUMBER = "old_number"
    ORGANISATION_CODE = "organisation_code"
    IDENTITY_CARD = "identity_card"
    LENGTH = "length"
    CHARACTER = "character"
    DIVISION = "division"
    CHECK_CHARACTER = "check_character"


class CodeHolder(StrEnum):
    """Who holds a code, by its first two characters (registering department and class)."""

    ENTERPRISE = "enterprise"
    INDIVIDUAL = "individual"
    COOPERATIVE = "cooperative"
    PUBLIC_BODY = "public_body"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class CodeCheck:
    """A code and what is wrong with it, if anything.

    `code` is the cleaned text; `positions` (from 1) the characters that cannot stand where they stand; `expected` the
    check character that the first 17 ask for; `division` the six digits of the registering district (GB/T 2260), also
    of an old registration number.
    """

    code: str
    problem: CodeProblem | None
    positions: tuple[int, ...] = ()
    expected: str = ""
    division: str = ""
    holder: CodeHolder = CodeHolder.OTHER


def clean_code(text: str) -> str:
    """Half-width capitals without spaces, hyphens, quotation marks and invisible characters. Nothing is guessed."""
    if _CLEAN.fullmatch(text):
        return text
    return _DROPPED.sub("", unicodedata.normalize("NFKC", text).upper())


def holder_of(code: str) -> CodeHolder:
    """GB 32100-2015, table 1: 91 enterprise, 92 individual business, 93 farmers' cooperative, 11, 12 of the state."""
    match code[:2]:
        case "91":
            return CodeHolder.ENTERPRISE
        case "92":
            return CodeHolder.INDIVIDUAL
        case "93":
            return CodeHolder.COOPERATIVE
        case "11" | "12" | "13" | "19" | "21" | "29":
            return CodeHolder.PUBLIC_BODY
    return CodeHolder.OTHER


def _misshapen(code: str) -> CodeCheck | None:
    """What is wrong with a text that has not 18 characters, or None for one that has."""
    if not code:
        return CodeCheck(code, CodeProblem.EMPTY)
    if _SCIENTIFIC.fullmatch(code) and "E" in code:
        return CodeCheck(code, CodeProblem.SCIENTIFIC)
    if not any(character in ALPHABET for character in code):
        return CodeCheck(code, CodeProblem.WORDS)
    if len(code) == _OLD_NUMBER_LENGTH and code.isdecimal() and code.isascii():
        return CodeCheck(code, CodeProblem.OLD_NUMBER, division=code[:6])
    if len(code) == _ORGANISATION_CODE_LENGTH and code.isascii() and code[8] == _inner_check(code[:8]):
        return CodeCheck(code, CodeProblem.ORGANISATION_CODE)
    return CodeCheck(code, CodeProblem.LENGTH) if len(code) != LENGTH else None


def _is_identity_card(code: str) -> bool:
    """A resident's number (GB 11643): check digit and a possible birthday; the library's list of places has gaps."""
    if not code[:17].isdecimal() or ric.calc_check_digit(code) != code[17]:
        return False
    try:
        return ric.get_birth_date(code).year >= _EARLIEST_BIRTH
    except ValidationError:
        return False


def _misspelt(code: str) -> CodeCheck:
    """Which of the 18 characters cannot stand where they stand."""
    wrong = tuple(n for n, character in enumerate(code, start=1) if character not in ALPHABET)
    if wrong:
        return CodeCheck(code, CodeProblem.CHARACTER, wrong)
    letters = tuple(n for n in range(3, 9) if not code[n - 1].isdecimal())
    return CodeCheck(code, CodeProblem.DIVISION, letters)


def check_code(text: str) -> CodeCheck:
    """Clean a text and check it as a credit code; the first thing that is wrong is named.

    The order: empty, turned into a number by a spreadsheet program, words, length, characters outside the alphabet
    (no I, O, S, V, Z), letters among the six digits of the district, check character.
    """
    code = clean_code(text)
    if not _WELL_FORMED.fullmatch(code):
        return _misshapen(code) or _misspelt(code)
    expected = calc_check_digit(code[:17])
    if code[17] == expected:
        return CodeCheck(code, None, (), expected, code[2:8], holder_of(code))
    if _is_identity_card(code):
        return CodeCheck(code, CodeProblem.IDENTITY_CARD)
    if code.isdecimal() and code.endswith("000"):
        # Shown with all its digits, a number that lost three of them ends with three zeros.
        return CodeCheck(code, CodeProblem.SCIENTIFIC, (16, 17, 18), division=code[2:8])
    return CodeCheck(code, CodeProblem.CHECK_CHARACTER, (LENGTH,), expected, code[2:8], holder_of(code))


def _inner_check(body: str) -> str:
    """Check character of an organisation code (GB 11714-1997) from its first eight characters, empty for other text."""
    if len(body) != len(_INNER_WEIGHTS) or not (body.isascii() and body.isalnum()):
        return ""
    total = sum(int(character, 36) * weight for character, weight in zip(body, _INNER_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def compose_code(division: str, body: str, head: str = "91") -> str:
    """A valid code from its parts: `head` two characters, `division` six digits, `body` eight characters.

    Both check characters are computed. Raises ValueError for parts that cannot make a code.
    """
    code = f"{head}{division}{body}{_inner_check(body)}"
    code += calc_check_digit(code) if set(code) <= set(ALPHABET) else ""
    if not _WELL_FORMED.fullmatch(code):
        raise ValueError(f"no credit code can be made of {head!r}, {division!r}, {body!r}")
    return code


def _character_fault(check: CodeCheck) -> Fault:
    position = check.positions[0]
    character = check.code[position - 1]
    likely = _MISTAKEN.get(character)
    if "A" <= character <= "Z":
        reason = _("Character %(position)d is the letter %(character)s, which codes do not use")
    else:
        reason = _("Character %(position)d is “%(character)s”, which codes do not use")
    mend = (
        _("Probably the digit %(digit)s; compare with the business licence") % {"digit": likely}
        if likely
        else _("Compare with the business licence")
    )
    return Fault(reason % {"position": position, "character": character}, mend)


_TOPICS: dict[CodeProblem, Promise] = {
    CodeProblem.EMPTY: gettext_lazy("Code missing"),
    CodeProblem.SCIENTIFIC: gettext_lazy("Code became a number"),
    CodeProblem.WORDS: gettext_lazy("No code"),
    CodeProblem.OLD_NUMBER: gettext_lazy("Old registration number"),
    CodeProblem.ORGANISATION_CODE: gettext_lazy("Organisation code"),
    CodeProblem.IDENTITY_CARD: gettext_lazy("Identity card number"),
    CodeProblem.LENGTH: gettext_lazy("Wrong length"),
    CodeProblem.CHARACTER: gettext_lazy("Character not used"),
    CodeProblem.DIVISION: gettext_lazy("District digits"),
    CodeProblem.CHECK_CHARACTER: gettext_lazy("Check character"),
}


def explain(check: CodeCheck) -> Fault:
    """Why the code is refused and how to mend it. Only for a check that found a problem."""
    assert check.problem is not None
    return _explained(check)._replace(topic=str(_TOPICS[check.problem]))


def _explained(check: CodeCheck) -> Fault:
    compare = _("Compare with the business licence, character by character")
    match check.problem:
        case CodeProblem.EMPTY:
            return Fault(_("The credit code is missing"), _("Enter the 18 characters from the business licence"))
        case CodeProblem.SCIENTIFIC:
            return Fault(
                _("The spreadsheet program turned the code into a number; its last digits are lost"),
                _("Format the column as text and enter the code anew"),
            )
        case CodeProblem.WORDS:
            return Fault(
                _("These are words, not a code"), _("Enter the code; a shop without one gets a provisional id by hand")
            )
        case CodeProblem.OLD_NUMBER:
            return Fault(
                _("15 digits: this is an old registration number, not a credit code of 18"),
                _("Enter the 18-character code from the new business licence; format the column as text"),
            )
        case CodeProblem.ORGANISATION_CODE:
            return Fault(
                _("9 characters: this is an organisation code, which is only a part of the credit code"),
                _("Enter the 18-character code from the business licence"),
            )
        case CodeProblem.IDENTITY_CARD:
            return Fault(
                _("This is a person's identity card number"),
                _("Enter the credit code; remove the number from the file"),
            )
        case CodeProblem.LENGTH:
            return _length_fault(check)
        case CodeProblem.CHARACTER:
            return _character_fault(check)
        case CodeProblem.DIVISION:
            position = check.positions[0]
            reason = _(
                "Character %(position)d is the letter %(character)s; characters 3 to 8 are the district's digits"
            )
            return Fault(reason % {"position": position, "character": check.code[position - 1]}, compare)
    reason = _("The check character should be %(expected)s, the file has %(found)s")
    return Fault(reason % {"expected": check.expected, "found": check.code[-1]}, compare)


def _length_fault(check: CodeCheck) -> Fault:
    reason = _("%(count)d characters; a code has 18") % {"count": len(check.code)}
    if len(check.code) < LENGTH:
        return Fault(reason, _("Complete it; in a spreadsheet program, format the column as text"))
    return Fault(reason, _("Remove what does not belong to the code"))
