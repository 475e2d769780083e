"""What a set of answers amounts to: which were asked, what is wrong, what failed. Twin: expressions.js."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fugong.base.questionnaires.logic.evaluate import Evaluator
from fugong.base.questionnaires.logic.values import canonical

Raw = Mapping[str, str | Sequence[str]]


@dataclass(slots=True)
class Outcome:
    """`answers`: in their one writing, only what was asked and answered; `shown`: names of those asked; `wrong`: name
    and code of what cannot be kept so; `failed`: names of the checks that failed.
    """

    answers: dict[str, str] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)
    wrong: list[tuple[str, str]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return not self.wrong


def judge(questions: Sequence[Mapping[str, Any]], raw: Raw, today: str) -> Outcome:
    """Judge raw answers by the questions of a version.

    `questions` as `Definition` stores them; `today` as 2020-03-24, the day at the place on which they were answered. An
    answer to a question that was not asked counts as none and is not kept, as in ODK.
    """
    outcome = Outcome()
    reckon = Evaluator(outcome.answers, today)
    asked = []
    for question in questions:
        name = question["name"]
        if not all(reckon.is_true(one["tree"]) for one in question["relevant"]):
            continue
        outcome.shown.append(name)
        if question["type"] == "note":
            continue
        asked.append(question)
        values = [choice["value"] for choice in question["choices"]]
        text, code = canonical(question["type"], raw.get(name, ""), values)
        if code:
            outcome.wrong.append((name, code))
        elif text:
            outcome.answers[name] = text
    _judge_answers(asked, outcome, reckon)
    return outcome


def _judge_answers(asked: list[Mapping[str, Any]], outcome: Outcome, reckon: Evaluator) -> None:
    """Once all are known: what is required, out of bounds, failed."""
    unreadable = dict(outcome.wrong)
    for question in asked:
        name = question["name"]
        if name in unreadable:
            continue
        if name not in outcome.answers:
            if question["required"] and reckon.is_true(question["required"]["tree"]):
                outcome.wrong.append((name, "required"))
        elif question["constraint"] and not reckon.is_true(question["constraint"]["tree"]):
            outcome.wrong.append((name, "constraint"))
        elif question["fail"] and reckon.is_true(question["fail"]["tree"]):
            outcome.failed.append(name)
    order = {question["name"]: place for place, question in enumerate(asked)}
    outcome.wrong.sort(key=lambda one: order[one[0]])
