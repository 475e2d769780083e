"""What a compiled expression gives, with XPath's meaning of empty, numbers, days and texts. Twin: expressions.js."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from fugong.base.questionnaires.logic.expression import Tree
from fugong.base.questionnaires.logic.values import days_of, number_of

Value = bool | float | str
LONGEST_MATCHED = 200  # a pattern tries no longer texts, so that none takes for ever


def truth(value: Value) -> bool:
    """Of a text: is there one; of a number: is it neither zero nor none."""
    if isinstance(value, float):
        return value != 0 and not math.isnan(value)
    return bool(value)


def _number(value: Value) -> float:
    return number_of(value) if isinstance(value, str) else float(value)


def _equal(left: Value, right: Value) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return truth(left) == truth(right)
    if isinstance(left, float) or isinstance(right, float):
        return _number(left) == _number(right)
    return left == right


def _divided(left: float, right: float) -> float:
    if right != 0:
        return left / right
    if left == 0 or math.isnan(left):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1, right)


def _rest(left: float, right: float) -> float:
    if math.isinf(left) or right == 0 or math.isnan(left) or math.isnan(right):
        return math.nan
    return math.fmod(left, right)


def _reckoned(sign: str, left: float, right: float) -> Value:
    match sign:
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "div":
            return _divided(left, right)
        case _:
            return _rest(left, right)


class Evaluator:
    """Answers by name, in their one writing ("" for none), and the day that is today at the place."""

    def __init__(self, answers: Mapping[str, str], today: str) -> None:
        self.answers, self.today = answers, today

    def is_true(self, tree: Tree) -> bool:
        return truth(self.value(tree))

    def _text(self, tree: Tree) -> str:
        return str(self.value(tree))

    def value(self, tree: Tree) -> Value:
        """The value of a tree that `compile_expression` made."""
        name, *rest = tree
        match name:
            case "num":
                return float(rest[0])
            case "str":
                return str(rest[0])
            case "n" | "d" | "s":
                answer = self.answers.get(rest[0], "")
                if name == "s" or not answer:
                    return answer
                return number_of(answer) if name == "n" else float(days_of(answer))
            case "today":
                return float(days_of(self.today))
            case "true" | "false":
                return bool(name == "true")
            case "and":
                return self.is_true(rest[0]) and self.is_true(rest[1])
            case "or":
                return self.is_true(rest[0]) or self.is_true(rest[1])
            case "=":
                return _equal(self.value(rest[0]), self.value(rest[1]))
            case "!=":
                return not _equal(self.value(rest[0]), self.value(rest[1]))
        return self._called(str(name), rest)

    def _called(self, name: str, rest: list[Tree]) -> Value:
        match name:
            case "not":
                return not self.is_true(rest[0])
            case "neg":
                return -_number(self.value(rest[0]))
            case "if":
                return self.value(rest[1] if self.is_true(rest[0]) else rest[2])
            case "selected":
                return self._text(rest[1]) in self._text(rest[0]).split(" ")
            case "count-selected":
                return float(len([part for part in self._text(rest[0]).split(" ") if part]))
            case "string-length":
                return float(len(self._text(rest[0])))
            case "regex":
                text = self._text(rest[0])
                return len(text) <= LONGEST_MATCHED and re.fullmatch(str(rest[1]), text) is not None
        return _reckoned(name, _number(self.value(rest[0])), _number(self.value(rest[1])))
