"""The list of enterprises as its page draws it: filters with their choices, chips, links that keep the scope."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.registry import permissions
from fugong.record.registry.enums import (
    CodeState,
    EnterpriseKind,
    LifeState,
    ListOrder,
    ReporterState,
    ScaleState,
    SizeState,
)
from fugong.record.registry.logic.industries import industry_words, sections
from fugong.record.registry.logic.list_filter import ListFilter
from fugong.record.registry.selectors.lists import Page, enterprise_page

_KINDS = dict(EnterpriseKind.choices)
_FURTHER = ("industry", "size", "scale", "tag", "reporter", "coded")
_WORDS: dict[str, dict[str, Any]] = {
    "kind": _KINDS,
    "life": dict(LifeState.choices),
    "reporter": dict(ReporterState.choices),
    "coded": dict(CodeState.choices),
    "scale": dict(ScaleState.choices),
    "size": dict(SizeState.choices),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """A condition in force, with the address of the list without it."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Select:
    """A filter as a drop-down: (value, words, is chosen)."""

    name: str
    label: str
    choices: list[tuple[str, str, bool]]


def wanted_by(request: HttpRequest) -> ListFilter:
    """The filter of an address; its area is the one that the scope allowed."""
    return ListFilter.read({**request.GET.dict(), "area": request.scope.area_code})


def query_of(wanted: ListFilter, day: date, **more: str) -> str:
    """The part of an address behind the question mark, without what goes without saying."""
    given = wanted.as_dict() | ({} if day == clock.today() else {"day": day.isoformat()}) | more
    return f"?{urlencode(given)}" if given else ""


def list_url(slug: str, wanted: ListFilter, day: date, **more: str) -> str:
    return reverse("registry:list", args=[slug]) + query_of(wanted, day, **more)


def _select(name: str, label: str, nothing: str, choices: Iterable[tuple[str, Any]], chosen: str) -> Select:
    listed = [("", nothing), *((value, str(words)) for value, words in choices)]
    return Select(name, label, [(value, words, value == chosen) for value, words in listed])


def _area_select(viewer: Viewer, chosen: str) -> Select:
    """The way up from the chosen area, and what lies directly beneath it: any level is reached step by step."""
    tree = area_tree()
    covered = [area for area in tree.areas.values() if viewer.covers(area.pk)]
    top = min(covered, key=lambda area: (area.path.count("/"), area.code), default=None)
    here = tree.by_code(chosen) or top
    around: list[Area] = []
    if here is not None:
        inside = [area for area in covered if area.parent_id == here.pk]
        level = here if inside else tree.areas.get(here.parent_id or 0, here)
        above = [area for area in reversed(tree.ancestors(level)) if area in covered and area != top]
        around = above + [area for area in covered if area.parent_id == level.pk]
    words = [(area.code, str(area)) for area in around]
    return _select("area", _("Area"), _("all of my area"), words, chosen)


def tag_select(tags: Iterable[str], chosen: str) -> Select:
    """The tags to choose from; one that is chosen stays, in use or not."""
    listed = dict.fromkeys([*([chosen] if chosen else []), *tags])
    return _select("tag", _("Tag"), _("every tag"), [(tag, tag) for tag in sorted(listed)], chosen)


def _chip_words(name: str, value: str) -> str:
    if name == "area":
        area = area_tree().by_code(value)
        return str(area) if area else value
    if name == "industry":
        return industry_words(value)
    if name == "tag":
        return _("tag: %(tag)s") % {"tag": value}
    if name == "size" and value != SizeState.NONE:
        return _("size: %(size)s") % {"size": _WORDS[name][value]}
    return str(_WORDS[name][value])


def _chips(slug: str, wanted: ListFilter, day: date) -> list[Chip]:
    values = wanted.as_dict()
    chips = [Chip(f"“{wanted.q}”", list_url(slug, wanted.without("q"), day))] if wanted.q else []
    return chips + [
        Chip(_chip_words(name, values[name]), list_url(slug, wanted.without(name), day)) for name in wanted.conditions()
    ]


def _rows(slug: str, page: Page, query: str) -> list[dict[str, Any]]:
    return [
        {
            "name": row.name,
            "code": row.code,
            "kind_label": _KINDS[row.kind],
            "area_name": row.area_name,
            "closed_on": row.closed_on,
            "url": reverse("registry:detail", args=[slug, row.pk]) + query,
        }
        for row in page.rows
    ]


def _filters(viewer: Viewer, wanted: ListFilter) -> dict[str, Any]:
    industries = [(section, industry_words(section)) for section in sections()]
    further = [
        _select("industry", _("Industry"), _("every industry"), industries, wanted.industry),
        _select("size", _("Size class"), _("every size"), SizeState.choices, wanted.size),
        _select("scale", _("Above scale"), _("above or below scale"), ScaleState.choices, wanted.scale),
        _select("reporter", _("Reporter"), _("with or without a reporter"), ReporterState.choices, wanted.reporter),
        _select("coded", _("Credit code"), _("with or without a credit code"), CodeState.choices, wanted.coded),
    ]
    return {
        "selects": [
            _area_select(viewer, wanted.area),
            _select("kind", _("Kind"), _("every kind"), EnterpriseKind.choices, wanted.kind),
            _select("life", _("In business"), _("open or closed"), LifeState.choices, wanted.life),
        ],
        "further": further,
        "tag_select": tag_select((), wanted.tag),
        "further_used": sum(bool(getattr(wanted, name)) for name in _FURTHER),
        "order": Select(
            "sort", _("Order"), [(value, str(words), value == wanted.sort) for value, words in ListOrder.choices]
        ),
    }


def list_context(request: HttpRequest, slug: str) -> dict[str, Any]:
    """Everything that the page of the list shows. 2 queries beyond those of the scope."""
    viewer, day, wanted = request.viewer, request.scope.day, wanted_by(request)
    page = enterprise_page(
        viewer, wanted, day, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    back = page.previous_key and list_url(slug, wanted, day, before=page.previous_key)
    forth = page.next_key and list_url(slug, wanted, day, after=page.next_key)
    return {
        "page": _rows(slug, page, f"?{request.scope.query()}" if request.scope.query() else ""),
        "wanted": wanted,
        "day": "" if day == clock.today() else day,
        "total": page.count.shown,
        "more": page.count.more,
        "narrowed": bool(wanted.conditions() or wanted.q),
        "chips": _chips(slug, wanted, day),
        "all_url": list_url(slug, ListFilter(sort=wanted.sort), day),
        "first_url": list_url(slug, wanted, day) if back else "",
        "previous_url": back,
        "next_url": forth,
        "export_url": reverse("registry:export", args=[slug]) + query_of(wanted, day),
        "tags_url": reverse("registry:tags", args=[slug]) + query_of(wanted, day),
        "count_url": reverse("registry:count", args=[slug]) + query_of(wanted, day) if page.count.more else "",
        "can_export_phones": permissions.can_export_phones(viewer),
        "can_create": permissions.can_register_enterprise(viewer),
        "create_url": reverse("registry:new", args=[slug]),
    } | _filters(viewer, wanted)
