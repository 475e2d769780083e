"""What the field book itself puts into the plan of an enterprise: the visits and calls that are overdue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from fugong.core import clock
from fugong.core.decision import OutOfScope
from fugong.core.memo import once_per_request
from fugong.core.plans import PlanFact, PlanProgress
from fugong.core.viewer import Viewer
from fugong.record.incidents.selectors import incident_by_id
from fugong.record.liaison.enums import Way
from fugong.record.liaison.logic.duties import Seen, owed
from fugong.record.liaison.models import Assignment, Visit
from fugong.record.liaison.selectors.section import field_section


@once_per_request
def _last_seen(incident_id: int, enterprise_ids: frozenset[int]) -> dict[int, Seen]:
    """Enterprise id → when it was last seen and spoken with. One statement."""
    rows = Visit.objects.filter(incident=incident_id, enterprise__in=enterprise_ids).order_by()
    grouped = rows.values("enterprise_id").annotate(
        visit=Max("happened_at", filter=Q(way=Way.VISIT)), call=Max("happened_at")
    )
    return {
        row["enterprise_id"]: Seen(*(clock.day_of(row[name]) if row[name] else None for name in ("visit", "call")))
        for row in grouped
    }


def plan_facts(
    viewer: Viewer, incident_id: int, enterprise_ids: frozenset[int], day: date, limits: Mapping[str, int]
) -> list[PlanFact]:
    """Each duty that is overdue, with the officer whose it is. Two statements, for a service."""
    if not viewer.is_service:
        raise OutOfScope("visit duties")
    section = field_section(incident_by_id(incident_id), day)
    held = Assignment.objects.held_on(day).lasting().filter(incident=incident_id, enterprise__in=enterprise_ids)
    rows = list(held.filter(kind__in={duty.kind for duty in section.duties}).order_by("pk"))
    seen = _last_seen(incident_id, enterprise_ids) if rows else {}
    found: dict[tuple[int, str], PlanFact] = {}
    for row in rows:
        last = seen.get(row.enterprise_id or 0, Seen(None, None))
        for duty in section.duties:
            late = owed(duty, last, row.valid_from, day) if duty.kind == row.kind else None
            if late is not None and late > 0:
                figures = {"late": late, "on": day.isoformat()}
                fact = PlanFact(row.enterprise_id or 0, duty.way, figures, user_id=row.user_id, due_on=day)
                found.setdefault((fact.enterprise_id, fact.key), fact)
    return list(found.values())


def plan_progress(
    viewer: Viewer, incident_id: int, kept: list[PlanFact], day: date
) -> dict[tuple[int, str], PlanProgress]:
    """Whether somebody came, or called, since it was overdue. One statement, for a service."""
    if not viewer.is_service:
        raise OutOfScope("visit duties")
    seen = _last_seen(incident_id, frozenset(fact.enterprise_id for fact in kept))
    found = {}
    for fact in kept:
        last = seen.get(fact.enterprise_id, Seen(None, None))
        on = last.visit if fact.key == Way.VISIT else last.call
        if on is not None and on >= date.fromisoformat(fact.figures["on"]):
            progress = PlanProgress(100, "done", _("there on %(day)s") % {"day": on.isoformat()})
        else:
            progress = PlanProgress(0, "open", _("nobody since"))
        found[fact.enterprise_id, fact.key] = progress
    return found
