"""Forms that a person has begun: seen by that person alone."""

from __future__ import annotations

from datetime import date

from fugong.core.viewer import Viewer
from fugong.record.reporting.models import ReportDraft
from fugong.record.reporting.selectors.duties import Duty


def drafts_of(viewer: Viewer, day: date) -> dict[tuple[int, int], ReportDraft]:
    """(enterprise id, incident id) → the viewer's draft of a day. One query."""
    rows = ReportDraft.objects.filter(person_id=viewer.id, day=day)
    return {(draft.enterprise_id, draft.incident_id): draft for draft in rows}


def draft_for(viewer: Viewer, duty: Duty) -> ReportDraft | None:
    """What the viewer has begun for a duty; None once a report came after it."""
    return standing(duty, drafts_of(viewer, duty.day))


def standing(duty: Duty, drafts: dict[tuple[int, int], ReportDraft]) -> ReportDraft | None:
    """The draft of a duty that is newer than what was sent, and not of the same filling-in."""
    draft = drafts.get((duty.enterprise.pk, duty.incident.pk))
    if draft is None or duty.report is None:
        return draft
    (key, *_more) = draft.fields.get("client_key") or [""]
    return None if duty.report.submitted_at >= draft.saved_at or is_of_report(duty, key) else draft


def is_of_report(duty: Duty, key: str) -> bool:
    """Whether the report of a duty was sent under this key of the device."""
    return duty.report is not None and duty.report.client_key is not None and str(duty.report.client_key) == key
