"""Patterns of regex(): only what Python and the browser read alike, and nothing that can take for ever."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from fugong.base.questionnaires.logic.tokens import ExpressionError

LONGEST = 200
MOST_REPEATS = 1000
# A match tries one way after the other: their product is bounded, an open repeat counting as this many.
MOST_TRIES, OPEN_REPEAT = 1_000_000, 50
_CLASSES = {"d": "[0-9]", "w": "[A-Za-z0-9_]", "s": "[ \\t\\n]"}
_INSIDE = {"d": "0-9", "w": "A-Za-z0-9_", "s": " \\t\\n"}
_ANY = "[^\\n\\r\\u2028\\u2029]"
_PUNCTUATION = set("\\^$.|?*+()[]{}/-'\"#,:;!%&=<>@_~` ")
_SYNTAX = set("\\^$.|?*+()[]{}/")
_QUANTIFIER = re.compile(r"[?*+]|\{([0-9]{1,4})(?:(,)([0-9]{0,4}))?\}")


def _outside(piece: str) -> ExpressionError:
    return ExpressionError(
        _("“%(piece)s” in a pattern is outside the subset") % {"piece": piece},
        _("Use characters, [sets], \\d \\w \\s, groups ( ), |, and ? * + {n} {n,m}; nothing nested is repeated"),
    )


def _literal(char: str) -> str:
    return "\\" + char if char in _SYNTAX else char


class _Pattern:
    def __init__(self, text: str) -> None:
        self.text, self.place, self.tries = text, 0, 1

    def costs(self, ways: int) -> None:
        self.tries *= ways
        if self.tries > MOST_TRIES:
            raise ExpressionError(
                _("The pattern repeats or chooses too often"),
                _("Use fewer of ? * + {n,m} and |, at most three open repeats"),
            )

    def peek(self) -> str:
        return self.text[self.place : self.place + 1]

    def take(self) -> str:
        char = self.peek()
        self.place += 1
        return char

    def branches(self) -> tuple[str, bool]:
        """Alternatives up to a closing bracket or the end; whether anything in them is repeated or alternative."""
        parts, is_moving = [], False
        while True:
            part, moves = self.sequence()
            parts.append(part)
            is_moving = is_moving or moves
            if self.peek() != "|":
                self.costs(len(parts))
                return "|".join(parts), is_moving or len(parts) > 1
            self.take()

    def sequence(self) -> tuple[str, bool]:
        said, is_moving = "", False
        while self.peek() and self.peek() not in "|)":
            piece, moves = self.atom()
            repeat = self.quantifier()
            if repeat and moves:
                raise _outside(self.text[: self.place])
            is_moving = is_moving or moves or bool(repeat)
            said += piece + repeat
        return said, is_moving

    def atom(self) -> tuple[str, bool]:
        char = self.take()
        if char == "(":
            if self.peek() == "?":
                raise _outside("(?")
            inner, moves = self.branches()
            if self.take() != ")":
                raise _outside("(")
            return f"(?:{inner})", moves
        if char == "[":
            return self.set(), False
        if char == ".":
            return _ANY, False
        if char == "\\":
            return self.escape(_CLASSES), False
        if char in "^$?*+{}]":
            raise _outside(char)
        return _literal(char), False

    def escape(self, classes: dict[str, str]) -> str:
        char = self.take()
        if char in classes:
            return classes[char]
        if char and char in _PUNCTUATION:
            return "\\-" if char == "-" and classes is _INSIDE else _literal(char)
        raise _outside("\\" + char)

    def set(self) -> str:
        said = "^" if self.peek() == "^" else ""
        self.place += len(said)
        empty = said
        while self.peek() != "]":
            char = self.take()
            if not char or char in "[^":
                raise _outside(char or "[")
            if char == "\\":
                said += self.escape(_INSIDE)
            elif self.peek() == "-" and self.text[self.place + 1 : self.place + 2] not in ("]", ""):
                self.take()
                last = self.take()
                if not (char.isalnum() and last.isalnum() and char <= last):
                    raise _outside(f"{char}-{last}")
                said += f"{char}-{last}"
            else:
                said += "\\-" if char == "-" else _literal(char)
        self.take()
        if said == empty or "&&" in said or "~~" in said:
            raise _outside(f"[{said}]")
        return f"[{said}]"

    def quantifier(self) -> str:
        match = _QUANTIFIER.match(self.text, self.place)
        if match is None:
            return ""
        self.place = match.end()
        if self.peek() in ("?", "+", "*", "{"):
            raise _outside(match[0] + self.peek())
        least, comma, most = match[1], match[2], match[3]
        if least is None:
            self.costs(2 if match[0] == "?" else OPEN_REPEAT)
            return match[0]
        if int(most or least) > MOST_REPEATS or (most and int(most) < int(least)):
            raise _outside(match[0])
        self.costs(min(int(most) - int(least) + 1, OPEN_REPEAT) if most else OPEN_REPEAT if comma else 1)
        return f"{{{int(least)}{comma or ''}{int(most) if most else ''}}}"


def safe_pattern(text: str) -> str:
    """The pattern, rewritten so that Python and a browser match the same whole texts. Raises `ExpressionError`.

    As in ODK the whole text has to match; ^ at the beginning and $ at the end may be written.
    """
    if len(text) > LONGEST:
        raise ExpressionError(
            _("The pattern is longer than %(limit)d characters") % {"limit": LONGEST}, _("Write a shorter one")
        )
    bare = text.removeprefix("^")
    if bare.endswith("$") and not bare.endswith("\\$"):
        bare = bare[:-1]
    pattern = _Pattern(bare)
    said, _moves = pattern.branches()
    if pattern.place < len(bare):
        raise _outside(pattern.peek())
    re.compile(said)
    return said
