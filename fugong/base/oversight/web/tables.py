"""The trail's page as its template draws it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from fugong.base.areas.selectors import area_tree
from fugong.base.audit.selectors.trail import areas_of_trail
from fugong.base.oversight.logic.trail_filter import TrailFilter
from fugong.core.oversight import trail_verbs
from fugong.core.viewer import Viewer

Choice = tuple[str, str, bool]


@dataclass(frozen=True, slots=True)
class Chip:
    """A condition in force, with the address of the trail without it."""

    words: str
    url: str


def trail_url(wanted: TrailFilter, **more: str) -> str:
    query = urlencode(wanted.as_dict() | more)
    return reverse("oversight:trail") + (f"?{query}" if query else "")


def verb_choices(chosen: str) -> list[Choice]:
    """Every act that has words, in the order of the words."""
    listed = sorted((str(words), verb) for verb, words in trail_verbs.items())
    return [("", _("Any act"), not chosen), *((verb, words, verb == chosen) for words, verb in listed)]


def area_choices(viewer: Viewer, chosen: str) -> list[Choice]:
    """The reporting areas of the viewer's trail, and a chosen one beneath them."""
    tree, reach = area_tree(), areas_of_trail(viewer)
    own = [area for area in tree.areas.values() if reach is None or area.pk in reach]
    listed = [area for area in own if area.is_reporting or area.code == chosen]
    return [("", _("Every area"), not chosen), *((area.code, str(area), area.code == chosen) for area in listed)]


def chips(wanted: TrailFilter) -> list[Chip]:
    """What narrows the list, each with the way back without it."""
    given = wanted.as_dict()
    area = area_tree().by_code(wanted.area)
    words = {
        "person": _("Who: %(text)s") % {"text": wanted.person},
        "verb": str(trail_verbs.get(wanted.verb) or wanted.verb),
        "subject": _("What: %(text)s") % {"text": wanted.subject},
        "area": str(area or wanted.area),
        "origin": _("From: %(text)s") % {"text": wanted.origin},
        "since": _("from %(day)s") % {"day": wanted.since},
        "until": _("until %(day)s") % {"day": wanted.until},
    }
    return [
        Chip(words[name], trail_url(TrailFilter.read({key: text for key, text in given.items() if key != name})))
        for name in given
    ]


def detail_rows(detail: dict[str, Any]) -> list[tuple[str, str]]:
    """What was kept with the act, one line per name; nested values as `name: value`."""
    return [(name, _flat(value)) for name, value in detail.items()]


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_flat(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(_flat(inner) for inner in value)
    return "—" if value is None or value == "" else str(value)
