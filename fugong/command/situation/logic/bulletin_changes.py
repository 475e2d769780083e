"""A list of differences between member files, as it is kept in a file. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fugong.command.situation.logic.bulletin_members import Changed, Difference, MemberLine, amount
from fugong.command.situation.logic.figures import Ratio


def changes_as_json(changes: Iterable[Changed]) -> list[dict[str, Any]]:
    """The differences as JSON."""
    return [
        {"what": str(change.what), "before": _plain(change.before), "after": _plain(change.after)} for change in changes
    ]


def _plain(line: MemberLine | None) -> dict[str, Any] | None:
    if line is None:
        return None
    pairs = {code: [str(pair.numerator), str(pair.denominator)] for code, pair in line.adds.items()}
    names = ("code", "enterprise", "area", "state", "excluded_because", "above_scale", "tags")
    return {name: getattr(line, name) for name in names} | {"adds": pairs}


def changes_from(kept: Iterable[Mapping[str, Any]]) -> list[Changed]:
    """The same from what `changes_as_json` gave."""
    return [Changed(Difference(item["what"]), _line(item["before"]), _line(item["after"])) for item in kept]


def _line(item: Mapping[str, Any] | None) -> MemberLine | None:
    if item is None:
        return None
    adds = {code: Ratio(*map(amount, pair)) for code, pair in item["adds"].items()}
    return MemberLine(**{**item, "tags": tuple(item["tags"]), "adds": adds})
