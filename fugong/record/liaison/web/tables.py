"""Rows of the field book as its pages show them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from fugong.record.liaison.actions.exporting import LISTS
from fugong.record.liaison.logic.section import FieldSection
from fugong.record.liaison.models import Assignment, Visit
from fugong.record.liaison.selectors.coverage import AreaCoverage, Coverage
from fugong.record.liaison.selectors.officers import Officer


def field_tabs(slug: str, current: str) -> list[dict[str, Any]]:
    """The pages of the field book."""
    pages = [
        ("coverage", _("Coverage")),
        ("uncovered", _("Without an officer")),
        ("officers", _("Officers")),
        ("visits", _("Visits")),
        ("planned", _("Planned visits")),
        ("plans", _("Plans")),
    ]
    return [
        {
            "label": label,
            "url": reverse(f"liaison:{name}", args=[slug]),
            "current": name == current,
            "export_url": reverse("liaison:export", args=[slug, name]) if name == current and name in LISTS else "",
        }
        for name, label in pages
    ]


def _team_chip(row: AreaCoverage) -> dict[str, str] | None:
    if row.teams is None:
        return None
    if not row.teams:
        return {"state": "bad", "words": _("no team")}
    if any(duty.others for duty in row.teams):
        return {"state": "risk", "words": _("double duty")}
    return {"state": "ok", "words": _("one team") if len(row.teams) == 1 else _("several teams")}


def area_row(row: AreaCoverage, slug: str, top_id: int) -> dict[str, Any]:
    """One area of the board; the one that the board is of stands for what hangs on it directly."""
    whole = row.area.pk == top_id
    query = urlencode({"area": row.area.code})
    return {
        "name": _("%(area)s itself") % {"area": row.area} if whole else str(row.area),
        "url": "" if whole else f"{reverse('liaison:coverage', args=[slug])}?{query}",
        "open_url": f"{reverse('liaison:uncovered', args=[slug])}?{query}",
        "enterprises": row.enterprises,
        "covered": row.covered,
        "open": row.open,
        "officers": row.officers,
        "per_officer": round(row.covered / row.officers, 1) if row.officers else None,
        "share": row.covered / row.enterprises * 100 if row.enterprises else None,
        "teams": [
            {
                "name": duty.name,
                "others": duty.others,
                "end_url": reverse("liaison:team_end", args=[slug, duty.assignment.pk]),
                "area_id": duty.assignment.area_id,
            }
            for duty in row.teams or ()
        ],
        "chip": _team_chip(row),
    }


def holes(board: Coverage) -> list[dict[str, str]]:
    """What is wrong with the teams, in one line each."""
    lines = [
        {"state": "bad", "words": _("no team"), "text": _("%(area)s has no team.") % {"area": row.area}}
        for row in board.without_team
    ]
    for duty in board.double:
        home = str(duty.assignment.area)
        areas = _(", ").join(sorted({home, *duty.others}))
        lines.append(
            {
                "state": "risk",
                "words": _("double duty"),
                "text": _("%(team)s looks after %(number)d areas: %(areas)s.")
                % {"team": duty.name, "number": len({home, *duty.others}), "areas": areas},
            }
        )
    return lines


def officer_row(officer: Officer, section: FieldSection, slug: str) -> dict[str, Any]:
    return {
        "name": officer.name,
        "username": officer.username,
        "kinds": [section.label(kind) for kind in officer.kinds],
        "load": officer.load,
        "acting": officer.acting,
        "away_until": officer.away_until,
        "acting_name": officer.acting_name,
        "url": reverse("liaison:officer", args=[slug, officer.pk]),
    }


def held_row(row: Assignment, section: FieldSection, slug: str) -> dict[str, Any]:
    """One enterprise that an officer looks after."""
    assert row.enterprise is not None
    return {
        "pk": row.pk,
        "name": row.enterprise.name,
        "area": str(row.enterprise.managing_area),
        "kind": section.label(row.kind),
        "since": row.valid_from,
        "until": row.valid_to,
        "acting_for": row.acting_for.user.name if row.acting_for and row.acting_for.user else "",
        "url": reverse("registry:detail", args=[slug, row.enterprise_id]),
    }


def visit_rows(visits: list[Visit], photos: dict[int, list[int]], name: str, *start: object) -> list[dict[str, Any]]:
    """Visits with the addresses of their photos, which are `name` with the arguments of `start` and the photo's id."""
    return [
        {"visit": visit, "photos": [reverse(name, args=[*start, pk]) for pk in photos.get(visit.pk, ())]}
        for visit in visits
    ]
