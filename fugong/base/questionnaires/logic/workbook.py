"""A stored form as the XLSForm that it is: whatever reads XLSForm reads it, Fugong too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fugong.base.spreadsheets.logic.writer import Cell, SheetData

_LANGUAGES = {"zh": "中文 (zh)", "en": "English (en)"}
_SURVEY = (
    "type", "name", *(f"label::{name}" for name in _LANGUAGES.values()),
    *(f"hint::{name}" for name in _LANGUAGES.values()), "required", "relevant", "constraint",
    *(f"constraint_message::{name}" for name in _LANGUAGES.values()), "fugong::fail",
)  # fmt: skip
_SETTINGS = ("form_id", "form_title", "version", "default_language", "fugong::title_en", "fugong::source")


def _texts(texts: Mapping[str, str]) -> list[str]:
    return [texts.get(code, "") for code in _LANGUAGES]


def _said(expression: Mapping[str, Any] | None) -> str:
    return str(expression["text"]) if expression else ""


def _survey(content: Mapping[str, Any]) -> Iterator[list[Cell]]:
    groups = content["groups"]
    inside: list[int] = []
    for question in content["questions"]:
        while inside != question["groups"][: len(inside)]:
            inside.pop()
            yield ["end group"]
        for place in question["groups"][len(inside) :]:
            group = groups[place]
            yield ["begin group", group["name"], *_texts(group["label"]), "", "", "", _said(group["relevant"])]
            inside.append(place)
        yield [
            f"{question['type']} {question['list']}".strip(),
            question["name"],
            *_texts(question["label"]),
            *_texts(question["hint"]),
            _said(question["required"]),
            question["condition"],
            _said(question["constraint"]),
            *_texts(question["message"]),
            _said(question["fail"]),
        ]
    for _place in inside:
        yield ["end group"]


def _choices(content: Mapping[str, Any]) -> Iterator[list[Cell]]:
    written: set[str] = set()
    for question in content["questions"]:
        if question["list"] and question["list"] not in written:
            written.add(question["list"])
            for choice in question["choices"]:
                yield [question["list"], choice["value"], *_texts(choice["label"])]


def form_sheets(code: str, number: int, content: Mapping[str, Any]) -> list[SheetData]:
    """The three sheets of a version. Lists that nobody chooses from and groups without a question are left out."""
    title = content["title"]
    labels = [f"label::{name}" for name in _LANGUAGES.values()]
    settings = [code, title["zh"], str(number), _LANGUAGES["zh"], title.get("en", ""), content["source"]]
    return [
        SheetData("survey", _SURVEY, _survey(content)),
        SheetData("choices", ("list_name", "name", *labels), _choices(content)),
        SheetData("settings", _SETTINGS, [settings]),
    ]
