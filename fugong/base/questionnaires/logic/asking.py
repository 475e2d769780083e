"""A version as it is asked: one card for each question, what stands in it, and what the phone needs to judge it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fugong.base.questionnaires.logic.answers import Raw
from fugong.base.questionnaires.logic.words import wrong_word, wrong_words
from fugong.core.text import in_language

PREFIX = "check"
_LIVE = ("name", "type", "required", "constraint", "fail")


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a question; `pk` is its id in the page."""

    value: str
    label: str
    pk: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One question. `field` is its name in what is sent, `pk` its id in the page, `wrong` what is wrong with it now."""

    name: str
    field: str
    pk: str
    type: str
    group: str
    label: str
    hint: str
    value: str
    choices: tuple[Choice, ...]
    is_required: bool
    wrong: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A version of a form as it stands in a page. `live` and `words` are JSON for forms.js, `today` a day as text."""

    code: str
    number: int
    title: str
    source: str
    cards: tuple[Card, ...]
    live: str
    words: str
    today: str
    is_begun: bool

    @property
    def field(self) -> str:
        """The field that names the version."""
        return f"{PREFIX}.{self.code}"

    @property
    def asking(self) -> int:
        """How many questions there are, without notes."""
        return sum(1 for card in self.cards if card.type != "note")

    @property
    def is_wrong(self) -> bool:
        return any(card.wrong for card in self.cards)


def _group(content: Mapping[str, Any], question: Mapping[str, Any]) -> str:
    return " · ".join(in_language(content["groups"][place]["label"]) for place in question["groups"])


def _card(content: Mapping[str, Any], question: Mapping[str, Any], code: str, raw: Raw, wrong: str) -> Card:
    given = raw.get(question["name"], "")
    values = [given] if isinstance(given, str) else list(given)
    pk = f"{PREFIX}-{code}-{question['name']}"
    chosen = set(" ".join(values).split(" ")) if question["type"] == "select_multiple" else set(values)
    choices = tuple(
        Choice(one["value"], in_language(one["label"]), f"{pk}-{place}", one["value"] in chosen)
        for place, one in enumerate(question["choices"])
    )
    return Card(
        name=question["name"],
        field=f"{PREFIX}.{code}.{question['name']}",
        pk=pk,
        type=question["type"],
        group=_group(content, question),
        label=in_language(question["label"]),
        hint=in_language(question["hint"]),
        value=next(iter(values), ""),
        choices=choices,
        is_required=bool(question["required"]),
        wrong=wrong_word(question, wrong) if wrong else "",
    )


def _live(question: Mapping[str, Any]) -> dict[str, Any]:
    """What the phone judges by: trees without their texts."""
    trees = {key: {"tree": one["tree"]} if isinstance(one := question[key], dict) else one for key in _LIVE}
    return trees | {
        "relevant": [{"tree": one["tree"]} for one in question["relevant"]],
        "choices": [{"value": one["value"]} for one in question["choices"]],
        "message": in_language(question["message"]),
    }


def asked_form(
    code: str, number: int, content: Mapping[str, Any], today: str, raw: Raw, wrong: Sequence[tuple[str, str]] = ()
) -> Asked:
    """A version with what was answered so far, and what is wrong with it (question, code)."""
    faults = dict(wrong)
    questions = content["questions"]
    return Asked(
        code=code,
        number=number,
        title=in_language(content["title"]),
        source=content["source"],
        cards=tuple(_card(content, one, code, raw, faults.get(one["name"], "")) for one in questions),
        live=json.dumps([_live(one) for one in questions], ensure_ascii=False),
        words=json.dumps(wrong_words(), ensure_ascii=False),
        today=today,
        is_begun=is_begun(raw),
    )


def is_begun(raw: Raw) -> bool:
    """Whether anything was answered at all; a list that nobody touched is not sent empty."""
    return any(part.strip() for given in raw.values() for part in ([given] if isinstance(given, str) else given))


def begun_forms(sent: Mapping[str, list[str]]) -> list[str]:
    """The codes of the forms to which a page has sent any answer, in the order in which they stood there."""
    codes = [name.removeprefix(f"{PREFIX}.") for name in sent if name.startswith(f"{PREFIX}.") and name.count(".") == 1]
    return [code for code in codes if is_begun(sent_answers(code, sent)[1])]


def sent_answers(code: str, sent: Mapping[str, list[str]]) -> tuple[int, dict[str, list[str]]]:
    """What a page has sent for a form: the number of the version that it showed (0: none), and the raw answers."""
    number = next(iter(sent.get(f"{PREFIX}.{code}", [])), "")
    start = f"{PREFIX}.{code}."
    raw = {name.removeprefix(start): values for name, values in sent.items() if name.startswith(start)}
    return (int(number) if number.isdecimal() and len(number) < 6 else 0), raw
