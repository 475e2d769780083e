"""The registry of what belongs into the plan of an enterprise: rooms that know facts fill it, the field book reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.utils.functional import Promise

from fugong.core.registries import Amount, Registry


@dataclass(frozen=True, slots=True)
class PlanFact:
    """Something that the facts ask to be done at an enterprise: the first draft of an item of its plan.

    `key` names it within its source for as long as it is the same thing ("people", "request:12"). `figures` is plain
    JSON: what the facts said that day, from which words and progress are made later. `body_id` and `user_id`: whose it
    is by the facts, at most one of them.
    """

    enterprise_id: int
    key: str
    figures: dict[str, Any]
    body_id: int | None = None
    user_id: int | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class PlanWords:
    """An item in the language of the request: what is to be done, the facts it rests on, and what counts as done."""

    title: str
    basis: str
    goal: str


@dataclass(frozen=True, slots=True)
class PlanProgress:
    """How far the facts have come: `percent` of the way (None: nothing measures it), and what they say now.

    `state`: "done" (reached), "over" (nothing moves it any more, and it was not reached) or "open".
    """

    percent: int | None
    state: Literal["open", "done", "over"]
    text: str


@dataclass(frozen=True, slots=True)
class PlanSource:
    """What a room knows that belongs into the plan of an enterprise. It reads for a service: the plan asks who reads.

    `facts(service, incident id, enterprise ids, day, limits)`: what asks for something on the day, in a few statements
    for all of them. `progress(service, incident id, facts kept, day)`: (enterprise id, key) → how far each has come;
    what the source no longer knows is absent. `words(key, figures)`: the item in words. `limits`: the numbers of
    `[plan]` in the playbook's `field.toml`; a number that is missing there asks for nothing.
    """

    name: str
    order: int
    label: Promise
    facts: Callable[[Any, int, frozenset[int], date, Mapping[str, int]], list[PlanFact]]
    progress: Callable[[Any, int, list[PlanFact], date], dict[tuple[int, str], PlanProgress]]
    words: Callable[[str, Mapping[str, Any]], PlanWords]


plan_sources: Registry[PlanSource] = Registry("plan_sources")


def share_of_way(start: Amount, now: Amount, target: Amount) -> int:
    """Per cent of the way from `start` to `target` that `now` has come, within 0 and 100."""
    if target == start:
        return 100
    return max(0, min(100, int((now - start) * 100 / (target - start))))
