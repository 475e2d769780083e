"""What a version asks otherwise than the one before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Changes:
    """Questions that came, went, or ask otherwise, as they stand in the version that has them."""

    added: list[Mapping[str, Any]]
    removed: list[Mapping[str, Any]]
    changed: list[Mapping[str, Any]]


def changes(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> Changes:
    """`before`: the content of the newest version; None: the form is new."""
    old = {one["name"]: one for one in before["questions"]} if before else {}
    new = {one["name"]: one for one in after["questions"]}
    return Changes(
        added=[one for name, one in new.items() if name not in old],
        removed=[one for name, one in old.items() if name not in new],
        changed=[one for name, one in new.items() if name in old and _plain(one) != _plain(old[name])],
    )


def _plain(question: Mapping[str, Any]) -> dict[str, Any]:
    """Without where it stands: a group before it may have come or gone."""
    return {key: value for key, value in question.items() if key != "groups"}
