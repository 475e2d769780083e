from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from fugong.core.text import in_language, listed


def _types() -> dict[str, str]:
    return {
        "select_one": _("one of"),
        "select_multiple": _("several of"),
        "integer": _("whole number"),
        "decimal": _("number"),
        "date": _("day"),
        "text": _("text"),
        "note": _("note"),
    }


def question_rows(content: Mapping[str, Any]) -> list[dict[str, str]]:
    """What a version asks, a row for each question, conditions as they were written."""
    types = _types()
    rows = []
    for one in content["questions"]:
        choices = listed(in_language(choice["label"]) for choice in one["choices"])
        rows.append(
            {
                "name": one["name"],
                "group": " · ".join(in_language(content["groups"][place]["label"]) for place in one["groups"]),
                "label": in_language(one["label"]),
                "hint": in_language(one["hint"]),
                "type": f"{types[one['type']]} {choices}".strip(),
                "relevant": " and ".join(each["text"] for each in one["relevant"]),
                "required": one["required"]["text"] if one["required"] else "",
                "constraint": one["constraint"]["text"] if one["constraint"] else "",
                "fail": one["fail"]["text"] if one["fail"] else "",
            }
        )
    return rows
