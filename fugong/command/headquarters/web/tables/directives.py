"""Directives as pages draw them: plain dicts of words and addresses."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from fugong.command.headquarters.enums import Matter, StepKind
from fugong.command.headquarters.models import Directive, DirectivePart, DirectiveStep, DutyShift
from fugong.command.headquarters.permissions import can_see_directives
from fugong.command.headquarters.selectors.bodies import Serving
from fugong.command.headquarters.selectors.directives import Measured
from fugong.core import clock
from fugong.core.viewer import Viewer

_ICONS = {
    StepKind.ISSUED: "gavel",
    StepKind.ACKNOWLEDGED: "user-check",
    StepKind.CLAIMED: "flag",
    StepKind.SENT_BACK: "arrow-back-up",
    StepKind.EXTENDED: "calendar",
    StepKind.SUPERVISED: "alert-triangle",
    StepKind.PART_GIVEN: "users",
    StepKind.PART_DONE: "check",
    StepKind.PASSED_DOWN: "arrow-down",
    StepKind.REMINDED: "bell",
    StepKind.CLOSED: "circle-check",
    StepKind.WITHDRAWN: "x",
}
_GOOD = {StepKind.CLOSED, StepKind.PART_DONE}
_BAD = {StepKind.SUPERVISED, StepKind.SENT_BACK}


def views_of(viewer: Viewer, slug: str, current: str, query: str) -> list[dict[str, Any]]:
    """The tabs of the headquarters."""
    entries = [
        ("meetings", _("Meetings"), "headquarters:meetings"),
        ("directives", _("Directives"), "headquarters:directives"),
        ("bodies", _("Bodies and duty"), "headquarters:bodies"),
    ]
    tail = f"?{query}" if query else ""
    return [
        {"label": label, "url": reverse(name, args=[slug]) + tail, "current": key == current}
        for key, label, name in entries
        if can_see_directives(viewer)
    ]


def serving_row(one: Serving, task: str, slug: str) -> dict[str, Any]:
    """A body of an incident with its people."""
    return {
        "name": one.row.body.name,
        "place": one.row.get_place_display(),
        "task": task,
        "people": [
            {
                "name": mandate.user.name,
                "role": mandate.get_role_display(),
                "deputy_for": mandate.deputy_for.user.name if mandate.deputy_for else "",
            }
            for mandate in one.mandates
        ],
        "on_duty": [{"name": shift.user.name, "until": shift.ends_at} for shift in one.on_duty],
        "url": reverse("headquarters:directives", args=[slug]) + f"?pile=all&body={one.row.body_id}",
    }


def shift_row(shift: DutyShift, slug: str, *, may_remove: bool) -> dict[str, Any]:
    """A duty of the roster."""
    return {
        "name": shift.user.name,
        "body": str(shift.body),
        "starts_at": shift.starts_at,
        "ends_at": shift.ends_at,
        "note": shift.note,
        "is_now": shift.starts_at <= clock.now(),
        "remove_url": reverse("headquarters:duty_remove", args=[slug, shift.pk]) if may_remove else "",
    }


def directive_row(directive: Directive, slug: str, amber_hours: int) -> dict[str, Any]:
    """A row of a list. The light is a chip: shape, word and colour."""
    lit = directive.lit(clock.now(), amber_hours)
    return {
        "number": directive.number,
        "url": reverse("headquarters:directive", args=[slug, directive.pk]),
        "title": directive.title,
        "matter": matter_words(directive),
        "chip": {"state": lit.light.value, "words": lit.words},
        "body": str(directive.owner_body),
        "owner": directive.owner.name if directive.owner else "",
        "due_at": directive.due_at,
        "percent": directive.percent,
        "supervised": directive.supervised,
        "issuer": str(directive.issuer_body),
    }


def matter_words(directive: Directive) -> str:
    """On what it is, in words; empty for words alone."""
    if directive.enterprise is not None:
        return directive.enterprise.name
    if directive.request is not None:
        return f"{directive.request.number} {directive.request.title}"
    return str(directive.matter_area) if directive.matter_area is not None else ""


def matter_link(viewer: Viewer, directive: Directive, slug: str) -> dict[str, str] | None:
    """Where its matter opens, for a viewer whose own it is."""
    words = matter_words(directive)
    if directive.enterprise is not None:
        sees = viewer.covers(directive.enterprise.managing_area_id)
        return {"words": words, "url": reverse("registry:detail", args=[slug, directive.enterprise.pk]) if sees else ""}
    if directive.request is not None:
        sees = viewer.covers(directive.request.managing_area_id)
        return {"words": words, "url": reverse("desk:detail", args=[slug, directive.request.number]) if sees else ""}
    if directive.matter_area is None:
        return None
    area, url = directive.matter_area, ""
    if viewer.covers(area.pk):
        is_figure = directive.matter == Matter.FIGURE
        args = [slug, directive.figure] if is_figure else [slug]
        url = reverse("situation:figure" if is_figure else "situation:board", args=args) + f"?area={area.code}"
    return {"words": words, "url": url}


def measured_row(found: Measured | None) -> dict[str, Any] | None:
    """How far the figure has come."""
    if found is None:
        return None
    return {
        "label": found.indicator.label,
        "unit": "%" if found.indicator.is_rate else "",
        "value": found.value,
        "numerator": found.ratio.numerator,
        "denominator": found.ratio.denominator,
        "baseline": found.baseline,
        "target": found.target,
        "percent": found.percent,
        "is_reached": found.is_reached,
    }


def step_row(step: DirectiveStep) -> dict[str, Any]:
    """A step of the timeline."""
    kind = StepKind(step.kind)
    return {
        "icon": _ICONS.get(kind, "message"),
        "dot": "ok" if kind in _GOOD else "bad" if kind in _BAD else "",
        "label": kind.label,
        "text": step.text,
        "evidence": step.evidence,
        "actor": step.actor_name,
        "at": step.at,
    }


def part_row(part: DirectivePart, slug: str, *, may_finish: bool) -> dict[str, Any]:
    """What another body does of it."""
    return {
        "body": str(part.body),
        "task": part.task,
        "note": part.note,
        "done_at": part.done_at,
        "url": reverse("headquarters:directive_part", args=[slug, part.directive_id, part.pk]) if may_finish else "",
    }
