"""Rows of the list and facts of one enterprise, as the templates draw them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from fugong.base.spreadsheets.logic.writer import SheetData, write_xlsx
from fugong.core.viewer import Viewer
from fugong.record.registry.enums import ChangeKind, ChangeState, ImportState
from fugong.record.registry.logic.columns import NEEDED, USUAL_NAMES, label_of
from fugong.record.registry.logic.import_issues import marked
from fugong.record.registry.models import ChangeRequest, Enterprise, EnterpriseMove, ImportRun


def _capital_words(enterprise: Enterprise) -> str:
    """3,000,000 CNY; nothing for an unknown amount."""
    if enterprise.capital_amount is None:
        return ""
    return f"{enterprise.capital_amount.normalize():,f} {enterprise.capital_currency}"


def facts_of(enterprise: Enterprise) -> dict[str, Any]:
    return {
        "name": enterprise.name,
        "code": enterprise.code,
        "kind_label": enterprise.get_kind_display(),
        "managing_area": str(enterprise.managing_area),
        "registered_area": str(enterprise.registered_area or ""),
        "established_on": enterprise.established_on,
        "registered_address": enterprise.registered_address,
        "capital_words": _capital_words(enterprise),
        "closed_on": enterprise.closed_on,
    }


_CHIPS = {
    ImportState.WRITTEN: "ok",
    ImportState.FAILED: "bad",
    ImportState.UNMATCHED: "risk",
    ImportState.CHECKED: "risk",
    ImportState.UNDONE: "idle",
}


def import_row(slug: str, run: ImportRun) -> dict[str, Any]:
    return {
        "name": run.name,
        "url": reverse("registry:import_run", args=[slug, run.pk]),
        "state": run.get_state_display(),
        "chip": _CHIPS.get(ImportState(run.state), "brand"),
        "accepted": run.counts.get("accepted"),
        "refused": run.counts.get("refused"),
        "actor": run.actor_name,
        "at": run.uploaded_at,
    }


def count_cells(run: ImportRun) -> list[dict[str, Any]]:
    """The six counts; read = new + changed + same + refused, and a warned row is one of those that come in."""
    notes = {
        "read": (_("Rows in the file"), _("without heading and empty rows"), ""),
        "new": (_("New"), _("not in the register"), ""),
        "changed": (_("Changed"), _("what differs is listed"), ""),
        "same": (_("Known, unchanged"), _("nothing to write"), ""),
        "warned": (_("Warned"), _("come in; please look"), "alert-triangle"),
        "refused": (_("Refused"), _("mend and send again"), "alert-circle"),
    }
    return [
        {"key": key, "label": label, "note": note, "sign": sign, "value": run.counts[key]}
        for key, (label, note, sign) in notes.items()
        if run.counts
    ]


def issue_row(row: dict[str, Any]) -> dict[str, Any]:
    """An issue with its original text in pieces, wrong ones marked."""
    return row | {"pieces": marked(row["field"], row["value"]), "is_code": row["field"] == "uscc"}


def column_rows(run: ImportRun) -> list[tuple[str, str]]:
    """Field and the heading it was found under."""
    found = run.table.get("found", {})
    return [(label_of(field), found[field]) for field in USUAL_NAMES if field in found]


def progress_of(run: ImportRun, done: int) -> dict[str, Any]:
    """How far the job is. Before the first check nobody knows how many rows there are: total is None."""
    total = run.counts.get("read") if run.state == ImportState.WRITING else None
    share = min(100, done * 100 // total) if total else 0
    return {"done": done, "total": total, "share": share}


def template_workbook() -> bytes:
    """The blank table: the headings, and a sheet that says what each wants. Its rows can be sent as they are."""
    fields = [field for field in USUAL_NAMES if field not in ("province", "city")]
    wants = {
        "name": (_("as on the business licence"), _("Xinzhou Hengrun Plastics Ltd.")),
        "uscc": (_("18 characters; the column is text, so that no digit is lost"), "91371522MA3DK2XXXX"),
        "area": (_("where it is managed; without it the credit code decides"), _("Shen County")),
        "township": (_("if known"), _("Gucheng Town")),
        "capital": (_("with its unit and currency"), "300万元人民币"),
        "established_on": (_("year, month and day"), "2012-05-08"),
        "headcount": (_("people on the roster, a whole number"), "120"),
        "industry": (_("name or code by GB/T 4754-2017"), "C17"),
    }
    rows = [
        (label_of(field), _("needed") if field in NEEDED else _("optional"), *wants.get(field, ("", "")))
        for field in fields
    ]
    target = BytesIO()
    notes = SheetData(_("Notes"), [_("Column"), _("Needed"), _("What to write"), _("Example")], rows)
    write_xlsx(target, [SheetData(_("Enterprises"), [label_of(field) for field in fields], []), notes])
    return target.getvalue()


def register_tabs(slug: str, current: str, waiting: int | None = None) -> list[dict[str, Any]]:
    """The pages of the register; `waiting`: how many proposals wait, where the page has a statement to spare."""
    tabs = [
        ("list", _("Enterprises"), "registry:list", None),
        ("proposals", _("Proposed changes"), "registry:proposals", waiting),
        ("moves", _("Moves"), "registry:moves", None),
    ]
    return [
        {"label": label, "url": reverse(name, args=[slug]), "count": count, "current": key == current}
        for key, label, name, count in tabs
    ]


def move_row(slug: str, viewer: Viewer, move: EnterpriseMove) -> dict[str, Any]:
    """A move as both areas see it; the enterprise opens only for the area that has it now."""
    enterprise = move.enterprise
    return {
        "name": enterprise.name,
        "code": enterprise.code,
        "url": (
            reverse("registry:detail", args=[slug, enterprise.pk]) if viewer.covers(enterprise.managing_area_id) else ""
        ),
        "from_area": str(move.from_area),
        "to_area": str(move.to_area),
        "day": move.moved_on,
        "by": move.decided_by_name,
        "reason": move.reason,
    }


_STATE_CHIPS = {
    ChangeState.PROPOSED: "brand",
    ChangeState.ACCEPTED: "ok",
    ChangeState.REFUSED: "risk",
    ChangeState.WITHDRAWN: "idle",
}


def _wanted(request: ChangeRequest) -> str:
    """What it is to become, in words."""
    if request.kind == ChangeKind.CLOSING and request.day is not None:
        return _("closed from %(day)s") % {"day": f"{request.day:%Y-%m-%d}"}
    return request.text or str(request.area or "")


def _present(request: ChangeRequest) -> str:
    """What the register says of it now."""
    enterprise = request.enterprise
    if request.kind in (ChangeKind.AREA, ChangeKind.NOT_OURS):
        return str(enterprise.managing_area)
    return {ChangeKind.NAME: enterprise.name, ChangeKind.ADDRESS: enterprise.registered_address}.get(
        ChangeKind(request.kind), ""
    )


def my_proposal_row(request: ChangeRequest) -> dict[str, Any]:
    """A proposal as the enterprise sees it, with the answer."""
    waits = request.state == ChangeState.PROPOSED
    return {
        "kind_label": request.get_kind_display(),
        "wanted": _wanted(request),
        "note": request.note,
        "state_label": request.get_state_display(),
        "chip": _STATE_CHIPS[ChangeState(request.state)],
        "proposed_at": request.proposed_at,
        "answer": request.answer,
        "decided_at": request.decided_at,
        "withdraw_url": reverse("registry_my:withdraw", args=[request.enterprise_id, request.pk]) if waits else "",
    }


def proposal_row(slug: str, request: ChangeRequest) -> dict[str, Any]:
    """A proposal as the clerk sees it: beside what the register says now."""
    return my_proposal_row(request) | {
        "url": reverse("registry:proposal", args=[slug, request.pk]),
        "enterprise_name": request.enterprise.name,
        "enterprise_code": request.enterprise.code,
        "area_name": str(request.enterprise.managing_area),
        "present": _present(request),
        "decided_by": request.decided_by_name,
    }
