"""Root problems: many requests, one cause, one solution."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.accounts.models import Body
from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.desk import permissions
from fugong.record.desk.actions.case import Case
from fugong.record.desk.enums import RUNNING, EntryKind
from fugong.record.desk.logic.words import needed
from fugong.record.desk.models import Request, RootProblem
from fugong.record.incidents.models import Incident


@transaction.atomic
def name_root(*, actor: Viewer, incident: Incident, title: str, body: Body) -> RootProblem:
    """Name an upstream cause and the body that is to solve it."""
    permissions.can_gather(actor, body.area_id).require()
    root = RootProblem(
        incident=incident,
        title=needed(title, _("Say in a few words what blocks them all.")),
        body=body,
        opened_at=clock.now(),
        opened_by_name=actor.name,
    )
    root.full_clean()
    root.save()
    record(
        actor=actor,
        verb="desk.root.named",
        subject=f"desk.root:{root.pk}",
        area_id=body.area_id,
        detail={"title": root.title, "body": body.pk},
    )
    return root


@transaction.atomic
def join_root(*, actor: Viewer, root: RootProblem, requests: Iterable[Request]) -> int:
    """Put open requests under a root problem; those that are there already stay. Returns how many came to it."""
    root = RootProblem.objects.select_for_update().get(pk=root.pk)
    if root.solved_at is not None:
        raise ValidationError(_("This root problem is solved. Name a new one."))
    joined = 0
    for request in sorted(requests, key=lambda request: request.pk):  # one order: two clerks at once do not block
        permissions.can_gather(actor, request.managing_area_id).require()
        case = Case.held(actor, request)
        row = case.row
        if not row.is_open or row.incident_id != root.incident_id or row.root_id == root.pk:
            continue
        row.root = root
        case.told(EntryKind.JOINED, root.title, root=root.pk)
        case.saved()
        joined += 1
    return joined


@transaction.atomic
def leave_root(*, actor: Viewer, requests: Iterable[Request]) -> int:
    """Take requests from their root problem. Returns how many left."""
    left = 0
    for request in sorted(requests, key=lambda request: request.pk):
        permissions.can_gather(actor, request.managing_area_id).require()
        case = Case.held(actor, request)
        row = case.row
        if row.root is None or not row.is_open:
            continue
        title, row.root = row.root.title, None
        case.told(EntryKind.LEFT, title)
        case.saved()
        left += 1
    return left


@transaction.atomic
def solve_root(*, actor: Viewer, root: RootProblem, solution: str) -> RootProblem:
    """One solution answers all that wait under it; each enterprise still has the last word on its own request."""
    permissions.can_gather(actor, root.body.area_id).require()
    row = RootProblem.objects.select_for_update().get(pk=root.pk)
    if row.solved_at is not None:
        return row
    row.solution, row.solved_at = needed(solution, _("Say how the root problem was solved.")), clock.now()
    row.full_clean()
    row.save()
    record(
        actor=actor,
        verb="desk.root.solved",
        subject=f"desk.root:{row.pk}",
        area_id=row.body.area_id,
        detail={"title": row.title},
    )
    for request in Request.objects.filter(root=row, state__in=RUNNING).order_by("pk"):
        case = Case.held(actor, request)
        if case.row.state in RUNNING:
            case.answer(row.solution)
            case.saved()
    return row
