"""The subset of XLSForm's expressions that Fugong takes: parsed and typed once, into a tree that is stored as JSON.

A tree is a list: ["num", 5], ["str", "yes"], ["n" | "d" | "s", name] for the answer of a question as number, day or
text, ["today"], ["true"], ["false"], [operator, left, right], [function, argument, …]. Types are checked here, so that
whatever is stored has one meaning; `evaluate.py` and `expressions.js` give it. ADR 0031 says what is in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from fugong.base.questionnaires.logic.patterns import safe_pattern
from fugong.base.questionnaires.logic.tokens import ExpressionError, Token, tokens_of
from fugong.base.questionnaires.logic.values import MOST_DIGITS, days_of, is_day, number_of

Tree = list[Any]
DEEPEST = 25
# Weakest first, as in XPath 1.0; all of them take the left one first.
_LEVELS = (("or",), ("and",), ("=", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "div", "mod"))
_KINDS = {"integer": "num", "decimal": "num", "date": "date"}
_ARGUMENTS = {
    "not": 1, "if": 3, "selected": 2, "count-selected": 1, "string-length": 1, "regex": 2, "today": 0, "date": 1,
    "true": 0, "false": 0,
}  # fmt: skip
_NAMES = ", ".join(f"{name}()" for name in _ARGUMENTS)


@dataclass(frozen=True, slots=True)
class Question:
    """What an expression has to know of a question: its type, and the values of its choices."""

    type: str
    choices: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Part:
    """A tree and what it gives: num, str, date or bool. `ref`: the question that it reads, if it is nothing else."""

    tree: Tree
    kind: str
    ref: str = ""

    @property
    def literal(self) -> str | None:
        return self.tree[1] if self.tree[0] == "str" else None


def _mixed(left: str, right: str) -> ExpressionError:
    words = {"num": _("a number"), "str": _("a text"), "date": _("a day"), "bool": _("yes or no")}
    if {left, right} == {"date", "str"}:
        mend = _("Write a day as date('2020-03-24')")
    else:
        mend = _("Compare numbers with numbers, days with days, texts with texts")
    return ExpressionError(
        _("%(left)s and %(right)s cannot be put together") % {"left": words[left], "right": words[right]}, mend
    )


def _condition(part: _Part) -> Tree:
    """The part where yes or no is asked. A day that is known is yes, also the one that is reckoned as zero."""
    return ["!=", part.tree, ["str", ""]] if part.kind == "date" else part.tree


class _Parser:
    def __init__(self, tokens: list[Token], questions: Mapping[str, Question], own: str) -> None:
        self.tokens, self.questions, self.own = tokens, questions, own
        self.place = self.depth = 0

    def peek(self) -> Token:
        return self.tokens[self.place]

    def take(self) -> Token:
        self.place += 1
        return self.tokens[self.place - 1]

    def whole(self) -> Tree:
        part = self.level(0)
        tree = _condition(part)
        if self.peek().kind != "end":
            raise ExpressionError(
                _("“%(text)s” stands where the expression should end") % {"text": self.peek().text},
                _("Put an operator before it, such as and, or, ="),
            )
        return tree

    def level(self, number: int) -> _Part:
        if number == len(_LEVELS):
            return self.signed()
        left = self.level(number + 1)
        while self.peek().kind in ("op", "name") and self.peek().text in _LEVELS[number]:
            sign = self.take().text
            left = self.joined(sign, left, self.level(number + 1))
        return left

    def signed(self) -> _Part:
        minus = 0
        while (self.peek().kind, self.peek().text) == ("op", "-"):
            self.take()
            minus += 1
        part = self.atom()
        return _Part(["neg", self.number(part)], "num") if minus % 2 else part

    def atom(self) -> _Part:
        token = self.take()
        if token.kind == "num":
            return self.figure(token.text)
        if token.kind == "str":
            return _Part(["str", token.text], "str")
        if token.kind in ("ref", "self"):
            return self.reference(token)
        if token.kind == "name" and (self.peek().kind, self.peek().text) == ("op", "("):
            return self.function(token.text)
        if (token.kind, token.text) == ("op", "("):
            return self.bracket()
        raise ExpressionError(
            _("The expression breaks off")
            if token.kind == "end"
            else _("“%(text)s” is not a value") % {"text": token.text},
            _("Write ${name} for an answer, 'text' for a text, %(names)s") % {"names": _NAMES},
        )

    def figure(self, text: str) -> _Part:
        if len(text) > MOST_DIGITS:
            raise ExpressionError(
                _("A number has more than %(limit)d digits") % {"limit": MOST_DIGITS}, _("Write fewer digits")
            )
        return _Part(["num", float(text)], "num")

    def bracket(self) -> _Part:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ExpressionError(_("The brackets are nested too deep"), _("Split it over several questions"))
        part = self.level(0)
        self.close()
        self.depth -= 1
        return _Part(part.tree, part.kind)

    def close(self) -> None:
        if (self.peek().kind, self.peek().text) != ("op", ")"):
            raise ExpressionError(_("A bracket is not closed"), _("Write ) behind it"))
        self.take()

    def reference(self, token: Token) -> _Part:
        name = token.text if token.kind == "ref" else self.own
        if not name:
            raise ExpressionError(_("“.” means nothing here"), _("Name the question as ${name}"))
        question = self.questions.get(name)
        if question is None:
            raise ExpressionError(
                _("“%(name)s” is no question that can be asked here") % {"name": name},
                _("Name a question of the sheet survey; whether one is shown depends on questions above it only"),
            )
        kind = _KINDS.get(question.type, "str")
        return _Part([{"num": "n", "date": "d", "str": "s"}[kind], name], kind, name)

    def function(self, name: str) -> _Part:
        if name not in _ARGUMENTS:
            raise ExpressionError(
                _("The function %(name)s() is outside the subset") % {"name": name},
                _("These are known: %(names)s") % {"names": _NAMES},
            )
        self.take()
        arguments: list[_Part] = []
        self.depth += 1
        if self.depth > DEEPEST:
            raise ExpressionError(_("The brackets are nested too deep"), _("Split it over several questions"))
        while (self.peek().kind, self.peek().text) != ("op", ")"):
            if arguments:
                if (self.peek().kind, self.peek().text) != ("op", ","):
                    raise ExpressionError(_("A bracket is not closed"), _("Write ) behind it"))
                self.take()
            arguments.append(self.level(0))
        self.close()
        self.depth -= 1
        if len(arguments) != _ARGUMENTS[name]:
            raise ExpressionError(
                _("%(name)s() takes %(wanted)d values, not %(given)d")
                % {"name": name, "wanted": _ARGUMENTS[name], "given": len(arguments)},
                _("Give each value, parted by commas"),
            )
        return self.called(name, arguments)

    def called(self, name: str, arguments: list[_Part]) -> _Part:
        if name in ("true", "false", "today"):
            return _Part([name], "date" if name == "today" else "bool")
        if name == "not":
            return _Part(["not", _condition(arguments[0])], "bool")
        if name == "if":
            asked, yes, no = arguments
            if yes.kind != no.kind:
                raise _mixed(yes.kind, no.kind)
            return _Part(["if", _condition(asked), yes.tree, no.tree], yes.kind)
        if name == "date":
            return self.day(arguments[0])
        if name == "regex":
            return _Part(["regex", self.text(arguments[0]), self.pattern(arguments[1])], "bool")
        if name == "selected":
            self.known_choice(arguments[0], arguments[1])
            return _Part(["selected", self.text(arguments[0]), self.text(arguments[1])], "bool")
        return _Part([name, self.text(arguments[0])], "num")

    def day(self, part: _Part) -> _Part:
        if part.literal is None or not is_day(part.literal):
            raise ExpressionError(_("date() takes a day that is written out"), _("Write a day as date('2020-03-24')"))
        return _Part(["num", float(days_of(part.literal))], "date")

    def pattern(self, part: _Part) -> str:
        if part.literal is None:
            raise ExpressionError(_("The pattern of regex() has to be written out"), _("Write it as a text: '[0-9]+'"))
        return safe_pattern(part.literal)

    def text(self, part: _Part) -> Tree:
        """The part as a text: an answer of any type as it was given, no reckoned number."""
        if part.kind == "str":
            return part.tree
        if part.ref:
            return ["s", part.ref]
        raise ExpressionError(_("A reckoned value is not a text"), _("Name the answer itself as ${name}"))

    def number(self, part: _Part) -> Tree:
        if part.kind == "bool" or part.kind == "date":
            raise _mixed(part.kind, "num")
        if part.literal is not None and number_of(part.literal) != number_of(part.literal):
            raise _mixed("str", "num")
        return part.tree

    def known_choice(self, answer: _Part, wanted: _Part) -> None:
        """A text that no choice has would never be chosen: a slip of the pen."""
        question = self.questions.get(answer.ref)
        if question and question.choices and wanted.literal and wanted.literal not in question.choices:
            raise ExpressionError(
                _("“%(name)s” has no choice “%(value)s”") % {"name": answer.ref, "value": wanted.literal},
                _("Use the name of a choice, not its label: %(names)s")
                % {"names": ", ".join(sorted(question.choices))},
            )

    def joined(self, sign: str, left: _Part, right: _Part) -> _Part:
        if sign in ("and", "or"):
            return _Part([sign, _condition(left), _condition(right)], "bool")
        if sign in ("=", "!="):
            return self.equal(sign, left, right)
        kinds = (left.kind, right.kind)
        if sign in ("<", "<=", ">", ">="):
            if kinds == ("date", "date"):
                return _Part([sign, left.tree, right.tree], "bool")
            return _Part([sign, self.number(left), self.number(right)], "bool")
        if sign == "-" and kinds == ("date", "date"):
            return _Part([sign, left.tree, right.tree], "num")
        if sign in ("+", "-") and kinds == ("date", "num"):
            return _Part([sign, left.tree, right.tree], "date")
        return _Part([sign, self.number(left), self.number(right)], "num")

    def equal(self, sign: str, left: _Part, right: _Part) -> _Part:
        is_empty = "" in (left.literal, right.literal)
        kinds = {left.kind, right.kind}
        if len(kinds) > 1 and kinds != {"num", "str"} and not (is_empty and "date" in kinds):
            raise _mixed(left.kind, right.kind)
        for one, other in ((left, right), (right, left)):
            if one.kind == "num" and other.literal:
                self.number(other)
            if self.questions.get(one.ref, Question("")).type == "select_one":
                self.known_choice(one, other)
        return _Part([sign, left.tree, right.tree], "bool")


def compile_expression(text: str, questions: Mapping[str, Question], own: str = "") -> Tree:
    """The tree of an expression. `questions`: those it may name; `own`: what “.” means. Raises `ExpressionError`."""
    return _Parser(tokens_of(text), questions, own).whole()


_NAMED = re.compile(r"\$\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}")


def names_in(text: str) -> list[str]:
    """The questions that an expression names."""
    return _NAMED.findall(text)


__all__ = ["ExpressionError", "Question", "Tree", "compile_expression", "names_in"]
