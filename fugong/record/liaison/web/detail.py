"""Rows of plans as their pages and papers show them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fugong.record.liaison.logic.plan_document import PrintedItem
from fugong.record.liaison.models import PlanItem
from fugong.record.liaison.selectors.plans import Line, PlanSheet, Proposal

# So many days before it is due an item is at risk.
_SOON = 2


def owner_of(item: PlanItem) -> str:
    if item.is_enterprises:
        return _("the enterprise itself")
    return str(item.body) if item.body else item.user.name if item.user else ""


def _chip(line: Line, today: date) -> dict[str, str]:
    if line.is_done:
        return {"state": "ok", "words": _("done")}
    if line.is_over:
        return {"state": "idle", "words": _("not reached")}
    left = line.days_left(today)
    if left is None:
        return {"state": "none", "words": _("no day set")}
    if left < 0:
        words = ngettext("%(days)d day overdue", "%(days)d days overdue", -left) % {"days": -left}
        return {"state": "bad", "words": words}
    if left == 0:
        return {"state": "risk", "words": _("due today")}
    words = ngettext("%(days)d day left", "%(days)d days left", left) % {"days": left}
    return {"state": "risk" if left <= _SOON else "brand", "words": words}


def line_row(line: Line, today: date, url: str = "") -> dict[str, Any]:
    """One item."""
    item = line.item
    return {
        "title": line.words.title,
        "basis": line.words.basis or _("written by %(name)s") % {"name": item.added_by_name},
        "goal": line.words.goal,
        "owner": owner_of(item),
        "due_on": item.due_on,
        "note": item.note,
        "percent": line.percent,
        "now": _now(line),
        "chip": _chip(line, today),
        "dropped_reason": item.dropped_reason,
        "dropped_by": item.dropped_by_name,
        "url": url,
    }


def _now(line: Line) -> str:
    if line.item.source:
        return line.progress.text if line.progress else _("The fact behind it is no longer known.")
    if line.item.settled_at is None:
        return ""
    return _("%(name)s says so") % {"name": line.item.settled_by_name}


def proposal_row(one: Proposal) -> dict[str, Any]:
    return {
        "source": one.source,
        "key": one.fact.key,
        "label": one.label,
        "title": one.words.title,
        "basis": one.words.basis,
    }


def printed_item(line: Line) -> PrintedItem:
    """One item on paper."""
    percent = line.percent
    progress = "" if percent is None else f"{percent}%"
    if line.is_done or line.is_over:
        progress = _("done") if line.is_done else _("not reached")
    due = line.item.due_on.isoformat() if line.item.due_on else ""
    words = line.words
    return PrintedItem(words.title, words.basis, words.goal, owner_of(line.item), due, progress)


def sheet_row(sheet: PlanSheet, slug: str, today: date) -> dict[str, Any]:
    """One plan in the list."""
    plan = sheet.plan
    return {
        "name": plan.enterprise.name,
        "area": str(plan.enterprise.managing_area),
        "url": reverse("liaison:plan_sheet", args=[slug, plan.enterprise_id]),
        "total": len(sheet.lines),
        "done": sheet.done,
        "percent": sheet.done * 100 // len(sheet.lines) if sheet.lines else None,
        "late": sheet.late(today),
        "next_due": sheet.next_due,
        "agreed": plan.agreed_at is not None,
    }
