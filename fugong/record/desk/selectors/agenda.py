"""What the desk has for the meeting of a headquarters: bodies with broken promises, root problems by weight."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import ceil

from django.db.models import Count, Min, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from fugong.base.accounts.selectors import body_by_id
from fugong.base.areas.selectors import area_tree
from fugong.core import clock
from fugong.core.agendas import Proposal, SeenFigure
from fugong.core.viewer import Viewer
from fugong.record.desk.models import Request
from fugong.record.desk.permissions import can_see_requests
from fugong.record.desk.selectors.queue import weights
from fugong.record.incidents.models import Incident
from fugong.record.incidents.selectors import incident_by_id

_ROOTS = 20


def agenda_of_desk(
    viewer: Viewer, incident_id: int, area_id: int, day: date, thresholds: Mapping[str, float]
) -> list[Proposal]:
    """Bodies of the area with as many overdue requests as the threshold says, and root problems that hold up as many
    people. Root problems weigh what a solution frees, for the whole of the incident."""
    can_see_requests(viewer).require()
    incident = incident_by_id(incident_id)
    return _overdue(incident, area_id, thresholds["overdue_requests"]) + _roots(
        viewer, incident, thresholds["root_people"]
    )


def _overdue(incident: Incident, area_id: int, most: float) -> list[Proposal]:
    inside = area_tree().within(area_tree().areas[area_id])
    late = Request.objects.running().filter(incident=incident, managing_area__in=inside, next_due_at__lt=clock.now())
    counted = (
        late.order_by()
        .values("owner_body")
        .annotate(n=Count("pk"), people=Sum("people_waiting"), first=Min("next_due_at"))
        .filter(n__gte=ceil(most))
    )
    found = []
    for row in counted:
        body = body_by_id(row["owner_body"])
        words = {"body": body, "count": row["n"]}
        found.append(
            Proposal(
                key=f"overdue:{row['owner_body']}",
                title=_("%(body)s: %(count)d requests are overdue") % words,
                why=_("threshold: %(count)s overdue requests of one body") % {"count": f"{most:g}"},
                weight=float(row["n"]),
                figures=(
                    SeenFigure(
                        _("Overdue requests"),
                        str(row["n"]),
                        _("oldest due %(time)s") % {"time": f"{clock.local(row['first']):%m-%d %H:%M}"},
                        reverse("desk:service", args=[incident.slug]),
                    ),
                    SeenFigure(_("People held up"), str(row["people"] or 0)),
                ),
            )
        )
    return found


def _roots(viewer: Viewer, incident: Incident, people: float) -> list[Proposal]:
    found = []
    for weight in weights(viewer, incident, _ROOTS):
        if weight.people < people:
            continue
        path = reverse("desk:root", args=[incident.slug, weight.root.pk])
        found.append(
            Proposal(
                key=f"root:{weight.root.pk}",
                title=weight.root.title,
                why=_("root problem: a solution frees %(people)d people") % {"people": weight.people},
                weight=float(weight.people),
                figures=(
                    SeenFigure(_("Enterprises that wait"), str(weight.enterprises), "", path),
                    SeenFigure(_("People held up"), str(weight.people), "", path),
                    SeenFigure(_("Open requests"), str(weight.requests), str(weight.root.body), path),
                ),
            )
        )
    return found
