"""What the acts of this room are called in the trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.core.oversight import Named, TrailSubject, trail_subjects, trail_verbs
from fugong.core.viewer import Viewer
from fugong.record.liaison.models import Absence, Assignment

_VERBS = {
    "liaison.assignment.given": _("gave enterprises or an area to look after"),
    "liaison.assignment.ended": _("took enterprises or an area away"),
    "liaison.assignment.handed_over": _("handed over enterprises"),
    "liaison.assignment.moved": _("moved assignments of a merged entry"),
    "liaison.assignment.imported": _("imported assignments from a file"),
    "liaison.list.exported": _("exported a list of the field book"),
    "liaison.visit.recorded": _("recorded a visit or call"),
    "liaison.visit.photographed": _("added a photo to a visit"),
    "liaison.visit.planned": _("planned a visit"),
    "liaison.visit.cancelled": _("cancelled a planned visit"),
    "liaison.plan.drafted": _("drafted the plan of an enterprise"),
    "liaison.plan.agreed": _("agreed to the plan of an enterprise"),
    "liaison.plan.taken": _("took the plan of an enterprise along as a file"),
    "liaison.plan.moved": _("moved the plan of a merged entry"),
    "liaison.plan_item.added": _("added to the plan of an enterprise"),
    "liaison.plan_item.declined": _("left a fact out of the plan of an enterprise"),
    "liaison.plan_item.changed": _("changed the plan of an enterprise"),
    "liaison.plan_item.settled": _("settled an item of the plan of an enterprise"),
    "liaison.plan_item.dropped": _("took an item out of the plan of an enterprise"),
    "liaison.absence.entered": _("entered an absence"),
    "liaison.absence.ended": _("ended an absence"),
}
for _verb, _words in _VERBS.items():
    trail_verbs.register(_verb, _words)


def _assignments(viewer: Viewer, ids: list[str]) -> dict[str, Named]:
    rows = Assignment.objects.filter(pk__in=ids).select_related("user", "body", "enterprise", "area").order_by("pk")
    return {str(row.pk): Named(f"{row.user or row.body} · {row.enterprise or row.area}", str(row.pk)) for row in rows}


def _absences(viewer: Viewer, ids: list[str]) -> dict[str, Named]:
    rows = Absence.objects.filter(pk__in=ids).select_related("user").order_by("pk")
    return {str(row.pk): Named(f"{row.user.name} {row.first_on}", str(row.pk)) for row in rows}


def _none(viewer: Viewer, text: str) -> list[str]:
    return []


trail_subjects.register("liaison.assignment", TrailSubject(_("assignment"), _assignments, _none))
trail_subjects.register("liaison.absence", TrailSubject(_("absence"), _absences, _none))
