"""The words of an expression: numbers, texts, references, operators, names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

LONGEST = 1000
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<num>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)
    |(?P<str>'[^']*'|"[^"]*")
    |\$\{\s*(?P<ref>[A-Za-z_][A-Za-z0-9_]*)\s*\}
    |(?P<op><=|>=|!=|[-=<>+*(),])
    |(?P<name>[A-Za-z][A-Za-z0-9_]*(?:-[A-Za-z][A-Za-z0-9_]*)*)
    |(?P<self>\.(?![./]))
    )""",
    re.VERBOSE,
)
_QUOTES = "‘’“”＇＂"
_WIDE = "（），＝＞＜＋－＊≥≤≠｛｝＄"


class ExpressionError(ValueError):
    """An expression says nothing, or something outside the subset: why, and how to mend it."""

    def __init__(self, why: str, mend: str) -> None:
        super().__init__(f"{why} / {mend}")
        self.why, self.mend = why, mend


@dataclass(frozen=True, slots=True)
class Token:
    """`kind`: num, str, ref, op, name, self or end."""

    kind: str
    text: str


def _stranger(char: str) -> ExpressionError:
    why = _("“%(char)s” has no meaning in an expression") % {"char": char}
    if char in _QUOTES:
        return ExpressionError(why, _("Write straight quotation marks: 'yes'"))
    if char in _WIDE:
        return ExpressionError(why, _("Write brackets, commas and signs half-width; >=, <= and != for ≥, ≤ and ≠"))
    if char in "'\"":
        return ExpressionError(_("A quotation mark is not closed"), _("Close the text with the same mark: 'yes'"))
    if char in "/.[@|":
        return ExpressionError(why, _("Name a question as ${name}, and the question itself as ."))
    return ExpressionError(why, _("Use ${name}, numbers, 'texts', functions and the signs + - * = != < <= > >= ( )"))


def tokens_of(text: str) -> list[Token]:
    """The tokens of an expression with an `end` behind them. Raises `ExpressionError`."""
    if len(text) > LONGEST:
        raise ExpressionError(
            _("The expression is longer than %(limit)d characters") % {"limit": LONGEST},
            _("Split it over several questions"),
        )
    found: list[Token] = []
    place = 0
    end = len(text.rstrip())
    while place < end:
        match = _TOKEN.match(text, place)
        if match is None:
            raise _stranger(text[place:].lstrip()[0])
        kind = str(match.lastgroup)
        found.append(Token(kind, match[kind][1:-1] if kind == "str" else match[kind]))
        place = match.end()
    return [*found, Token("end", "")]
