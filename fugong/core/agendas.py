"""What rooms have for the meetings of a headquarters, which lies above them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from django.utils.functional import Promise

from fugong.core.registries import Registry


@dataclass(frozen=True, slots=True)
class SeenFigure:
    """A number that an item of an agenda was made from, frozen: what it is, its value, its base, where it opens.

    `path` is an address of this site, or "".
    """

    label: str
    value: str
    base: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A matter that belongs on the agenda of a headquarters, and why, in the language of the moment.

    `key` names the matter within its source: the same one tomorrow has the same key. The heavier comes first.
    `matter` prefills the directive that may follow (`figure`, `area`, `target`, `request`, `enterprise`).
    """

    key: str
    title: str
    why: str
    weight: float
    figures: tuple[SeenFigure, ...] = ()
    matter: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AgendaSource:
    """What a room has for the meeting of an area's headquarters.

    `proposals(viewer, incident id, area id, day, thresholds)`: what is past the playbook's thresholds, in any order.
    The heaviest are taken first, as many as the playbook says; sources follow each other by `order`.
    """

    name: str
    order: int
    label: Promise
    proposals: Callable[[Any, int, int, date, Mapping[str, float]], list[Proposal]]


agenda_sources: Registry[AgendaSource] = Registry("agenda_sources")


@dataclass(frozen=True, slots=True)
class WallLine:
    """One line on the screen of a headquarters: no person, no enterprise. `state` is that of its chip."""

    title: str
    below: str
    state: Literal["ok", "risk", "bad", "brand", "idle"]
    words: str


@dataclass(frozen=True, slots=True)
class WallList:
    """A list on the screen of a headquarters.

    `lines(viewer, incident id, area id)`: at most three, the most urgent first, and how many there are in all.
    """

    name: str
    order: int
    title: Promise
    lines: Callable[[Any, int, int], tuple[list[WallLine], int]]


wall_lists: Registry[WallList] = Registry("wall_lists")
