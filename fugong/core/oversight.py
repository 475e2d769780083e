"""What rooms tell the room that watches: words for their acts, names of their things, where personal data lies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from fugong.core.decision import Decision
from fugong.core.registries import Registry
from fugong.core.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Named:
    """A thing as the trail shows it: its name, what tells it from its namesakes, its page for those who may open it."""

    name: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class TrailSubject:
    """A kind of thing that acts are about, registered under the first part of its subject (`registry.enterprise`).

    `describe(viewer, ids)` names things, one statement for all; `find(viewer, text)` gives the ids that a text means.
    """

    kind: Promise
    describe: Callable[[Viewer, list[str]], dict[str, Named]]
    find: Callable[[Viewer, str], list[str]]


@dataclass(frozen=True, slots=True)
class PersonalValue:
    """A personal datum: whose, what, under which subject and area its opening is recorded, may the viewer open it."""

    owner: str
    value: str
    subject: str
    area_id: int | None
    may: Decision


@dataclass(frozen=True, slots=True)
class PersonalField:
    """A kind of personal data. `find(viewer, id)` raises `OutOfScope` for what the viewer may not know of."""

    label: Promise
    find: Callable[[Viewer, int], PersonalValue]


# (viewer, arguments of the address) -> (subject, id of its area); None: nothing to watch there.
Watched = Callable[[Viewer, Mapping[str, Any]], tuple[str, int | None] | None]

# Verb -> what was done, in words; subject's kind -> TrailSubject; name in addresses -> PersonalField.
trail_verbs: Registry[Promise] = Registry("trail_verbs")
trail_subjects: Registry[TrailSubject] = Registry("trail_subjects")
personal_fields: Registry[PersonalField] = Registry("personal_fields")
# Name of an address -> whose entry its page shows.
watched_pages: Registry[Watched] = Registry("watched_pages")
