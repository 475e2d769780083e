"""What is wrong with an answer, in the words of whoever fills the form in: where, why, how to mend."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from fugong.base.questionnaires.logic.values import FIRST_YEAR, LAST_YEAR, LONGEST_TEXT, MOST_DIGITS
from fugong.core.text import in_language


def wrong_words() -> dict[str, str]:
    """A sentence for each code of `values.canonical` and `answers.judge`."""
    return {
        "required": _("This has to be answered."),
        "constraint": _("This answer is not allowed here."),
        "number": _("Write a number with digits only, such as 12 or 36.5."),
        "whole": _("Write a whole number, without a point."),
        "digits": _("The number has more than %(limit)d digits. Write fewer.") % {"limit": MOST_DIGITS},
        "date": _("Write a day such as 2020-03-24, between %(first)d and %(last)d.")
        % {"first": FIRST_YEAR, "last": LAST_YEAR},
        "choice": _("Choose one of those offered; this one is not among them."),
        "long": _("The text is longer than %(limit)d characters. Shorten it.") % {"limit": LONGEST_TEXT},
        "signs": _("The text has signs that cannot be kept. Type it anew."),
    }


def wrong_word(question: Mapping[str, Any], code: str) -> str:
    """What is wrong with one answer; a form may have its own sentence for what it does not allow."""
    own = in_language(question["message"]) if code == "constraint" else ""
    return own or wrong_words()[code]
