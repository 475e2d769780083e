"""Requests as pages draw them: plain dicts of words and addresses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fugong.core import clock
from fugong.core.registries import request_kinds
from fugong.record.desk.enums import ClockState, EntryKind, PartState, RequestEnd, RequestState
from fugong.record.desk.enums import Promise as Promised
from fugong.record.desk.logic.curve import curve
from fugong.record.desk.logic.section import DeskSection
from fugong.record.desk.logic.watching import METRICS
from fugong.record.desk.models import Entry, Part, Request
from fugong.record.desk.selectors.queue import Clock, Weight, Whole

_HOUR = 60
_CHIPS = {
    ClockState.ON_TRACK: "brand",
    ClockState.AT_RISK: "risk",
    ClockState.BREACHED: "bad",
    ClockState.PAUSED: "idle",
    ClockState.STOPPED: "none",
}
_ICONS = {
    EntryKind.OPENED: "inbox",
    EntryKind.REPEATED: "repeat",
    EntryKind.ROUTED: "arrow-right",
    EntryKind.OFFERED: "arrow-right",
    EntryKind.DECLINED: "arrow-back-up",
    EntryKind.ACCEPTED: "user-check",
    EntryKind.CONTACTED: "phone",
    EntryKind.TRIED: "phone-off",
    EntryKind.PAUSED: "player-pause",
    EntryKind.RESUMED: "player-play",
    EntryKind.ESCALATED: "arrow-up",
    EntryKind.CONFIRMED: "check",
    EntryKind.MOVED: "trending-up",
    EntryKind.ENDED: "circle-check",
}
_GOOD = {EntryKind.CONTACTED, EntryKind.CONFIRMED, EntryKind.MOVED}
_BAD = {EntryKind.DENIED, EntryKind.NOT_MOVED, EntryKind.ESCALATED}
_PART_MARKS = {PartState.TO_DO: "", PartState.IN_WORK: "half", PartState.DONE: "ok", PartState.REFUSED: "bad"}


def span_words(clock: Clock) -> str:
    """How much is left or over: 6 hours, 2 days."""
    if clock.working_days_left:
        return ngettext("%(n)d day", "%(n)d days", clock.working_days_left) % {"n": clock.working_days_left}
    if clock.minutes_left >= _HOUR:
        hours = int(clock.minutes_left // _HOUR)
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    minutes = int(clock.minutes_left)
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}


def clock_words(request: Request, clock: Clock) -> str:
    """The chip of a clock: what is left, what is over, or why none runs."""
    if clock.state == ClockState.BREACHED:
        return _("overdue by %(span)s") % {"span": span_words(clock)}
    if clock.state == ClockState.PAUSED:
        return _("paused")
    if clock.state == ClockState.STOPPED:
        return _state_words(request)
    return _("%(span)s left") % {"span": span_words(clock)}


def _state_words(request: Request) -> str:
    if request.state == RequestState.ENDED:
        return str(RequestEnd(request.end).label)
    return str(RequestState(request.state).label)


def clock_chip(request: Request, clock: Clock) -> dict[str, str]:
    """Chip state and words."""
    chip = _CHIPS[clock.state]
    if request.state == RequestState.ENDED:
        chip = "ok" if request.end == RequestEnd.SOLVED else "idle"
    elif request.state in (RequestState.ANSWERED, RequestState.WATCHING):
        chip = "brand"
    return {"state": chip, "words": clock_words(request, clock)}


def request_row(request: Request, clock: Clock, section: DeskSection, slug: str) -> dict[str, Any]:
    """A row of the queue."""
    return {
        "number": request.number,
        "url": reverse("desk:detail", args=[slug, request.number]),
        "title": request.title,
        "enterprise": request.enterprise.name,
        "category": section.label(request.category),
        "chip": clock_chip(request, clock),
        "body": str(request.owner_body),
        "offered_to": str(request.offered_to) if request.offered_to else "",
        "owner": request.owner.name if request.owner else "",
        "people": request.people_waiting,
        "channel": request.get_channel_display(),
        "level": request.level,
        "is_green": bool(request.green_reason),
        "root": request.root.title if request.root else "",
    }


def open_rows(requests: Sequence[Request], section: DeskSection, slug: str) -> list[dict[str, Any]]:
    """Requests of one enterprise in short: what it is, who has it, how it stands."""
    return [
        {
            "number": request.number,
            "url": reverse("desk:detail", args=[slug, request.number]),
            "title": request.title,
            "category": section.label(request.category),
            "body": str(request.owner_body),
            "state": _state_words(request),
            "opened_at": request.opened_at,
        }
        for request in requests
    ]


def entry_row(entry: Entry) -> dict[str, Any]:
    """A step of the timeline."""
    kind = EntryKind(entry.kind)
    return {
        "icon": _ICONS.get(kind, "message"),
        "dot": "ok" if kind in _GOOD else "bad" if kind in _BAD else "",
        "label": kind.label,
        "text": entry.text,
        "actor": entry.actor_name if entry.actor_name != "desk" else _("by itself"),
        "at": entry.at,
        "is_public": entry.is_public,
    }


def part_row(part: Part, *, may_move: bool) -> dict[str, Any]:
    return {
        "pk": part.pk,
        "body": str(part.body),
        "task": part.task,
        "state": part.state,
        "state_label": part.get_state_display(),
        "mark": _PART_MARKS[PartState(part.state)],
        "note": part.note,
        "due_at": part.due_at,
        "may_move": may_move,
    }


def weight_row(weight: Weight, slug: str, heaviest: int) -> dict[str, Any]:
    return {
        "title": weight.root.title,
        "url": reverse("desk:root", args=[slug, weight.root.pk]),
        "body": str(weight.root.body),
        "enterprises": weight.enterprises,
        "requests": weight.requests,
        "people": weight.people,
        "width": round(weight.people * 100 / heaviest) if heaviest else 0,
    }


def promise_rows(request: Request) -> list[dict[str, Any]]:
    """What is promised, until when, and whether it was kept."""
    rows = []
    for promise, due, kept in (
        (Promised.CONTACT, request.contact_due_at, request.contacted_at),
        (Promised.PLAN, request.plan_due_at, request.planned_at),
        (Promised.CLOSE, request.close_due_at, request.answered_at),
    ):
        rows.append({"label": promise.label, "due_at": due, "kept_at": kept, "is_late": bool(kept and kept > due)})
    return rows


def detail_words(request: Request) -> str:
    """The details of the request’s kind in one line."""
    kind = request_kinds.get(request.kind)
    return kind.summary(request.detail) if kind and request.detail else ""


def watched_words(request: Request) -> str:
    """What its reports must show before it counts as closed, in one line; "" where nothing is watched."""
    if not request.watch_metric or request.watch_target is None:
        return ""
    words = {
        "label": METRICS[request.watch_metric].label,
        "baseline": f"{request.watch_baseline:f}".removesuffix(".0"),
        "target": f"{request.watch_target:f}".removesuffix(".0"),
        "until": f"{request.watch_until:%m-%d}" if request.watch_until else "",
    }
    if request.state == RequestState.WATCHING:
        return _("%(label)s %(baseline)s → %(target)s, watched until %(until)s") % words
    if request.state == RequestState.ENDED:
        solved = request.end == RequestEnd.SOLVED
        return _("%(label)s %(baseline)s → %(target)s, it moved") % words if solved else ""
    return _("%(label)s %(baseline)s → %(target)s closes it") % words


def watch_words(
    request: Request, values: Sequence[tuple[date, Decimal]], section: DeskSection
) -> dict[str, Any] | None:
    """The value that must move: its name, then, to reach, and its curve; None when nothing is watched."""
    if request.watch_target is None:
        return None
    return {
        "label": METRICS[request.watch_metric].label,
        "baseline": request.watch_baseline,
        "target": request.watch_target,
        "since": request.watch_from,
        "until": request.watch_until,
        "curve": curve(
            values,
            request.watch_target,
            request.opened_on,
            (request.watch_from, request.watch_until) if request.watch_from and request.watch_until else None,
            clock.today(),
        ),
        "values": values,
        "days": section.watch_days,
        "within": section.watch_within_days,
    }


def request_page(whole: Whole, section: DeskSection) -> dict[str, Any]:
    """What both pages of a request show: head, clock, timeline."""
    request = whole.request
    return {
        "asked": request,
        "category": section.label(request.category),
        "chip": clock_chip(request, whole.clock),
        "promises": promise_rows(request),
        "entries": [entry_row(entry) for entry in whole.entries],
        "detail": detail_words(request),
        "watch": watch_words(request, whole.values, section),
    }
