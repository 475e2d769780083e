"""Issuing a directive: numbered, on exactly one matter, and its owner told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from fugong.base.accounts.models import Body, User
from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree
from fugong.base.notifications.actions import queue_message
from fugong.command.headquarters import permissions
from fugong.command.headquarters.actions.held import Held
from fugong.command.headquarters.enums import Matter, StepKind
from fugong.command.headquarters.logic.words import needed
from fugong.command.headquarters.models import AgendaItem, Directive
from fugong.command.headquarters.selectors.bodies import whom_to_remind
from fugong.command.headquarters.selectors.directives import indicator_in, value_in
from fugong.command.headquarters.selectors.rules import section_on
from fugong.core import clock
from fugong.core.turns import take_turns
from fugong.core.viewer import Viewer, service_viewer
from fugong.record.desk.models import Request
from fugong.record.incidents.models import Incident
from fugong.record.registry.models import Enterprise

_TELLING = service_viewer("headquarters")
LONGEST_TITLE = 80


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done, by whom, until when, on which matter: at most one of the last five is meant.

    `target` belongs to `figure`, which is counted over `area`.
    """

    title: str
    owner_body: Body
    due_at: datetime
    text: str = ""
    owner: User | None = None
    enterprise: Enterprise | None = None
    request: Request | None = None
    area: Area | None = None
    figure: str = ""
    target: Decimal | None = None

    @property
    def matter(self) -> Matter:
        """Raises `ValidationError` for two matters at once."""
        named = [
            matter
            for matter, given in (
                (Matter.ENTERPRISE, self.enterprise),
                (Matter.REQUEST, self.request),
                (Matter.FIGURE, self.figure),
                (Matter.AREA, self.area if not self.figure else None),
            )
            if given
        ]
        if len(named) > 1:
            raise ValidationError(_("A directive is on one matter. Leave only one of them."))
        return named[0] if named else Matter.TEXT


@transaction.atomic
def issue_directive(
    *,
    actor: Viewer,
    incident: Incident,
    area: Area,
    issuer_body: Body,
    order: Order,
    parent: Directive | None = None,
    item: AgendaItem | None = None,
) -> Directive:
    """Issue a directive of an area's headquarters; its owner is told at once. Returns it with its number.

    Raises `ValidationError` for a past due time, two matters, a figure without target, or a matter outside the area.
    """
    permissions.can_issue(actor, area.pk).require()
    order = replace(order, title=needed(order.title, _("Say in a few words what is to be done."))[:LONGEST_TITLE])
    now = clock.now()
    _inside(area, order)
    section = section_on(incident, clock.today())
    directive = Directive(
        incident=incident,
        area=area,
        issued_on=clock.today(),
        sequence=_next_number(incident, area),
        parent=parent,
        item=item,
        issuer_body=issuer_body,
        owner_body=order.owner_body,
        owner=order.owner,
        title=order.title,
        text=order.text.strip(),
        **_matter(actor, incident, order, area),
        issued_at=now,
        issued_by_id=actor.id,
        issued_by_name=actor.name,
        acknowledge_by=min(now + timedelta(hours=section.acknowledge_hours), order.due_at),
        due_at=order.due_at,
    )
    directive.full_clean()
    directive.save()
    Held(actor, directive).told(StepKind.ISSUED, directive.text, body=order.owner_body.pk)
    if parent is not None:
        words = f"{directive.number} {directive.owner_body}"
        Held.of(actor, parent).told(StepKind.PASSED_DOWN, words, directive=directive.pk)
    _tell_owner(directive)
    return directive


def _inside(area: Area, order: Order) -> None:
    """Whom it is given to and what it is on lie in the headquarters' own area."""
    inside = area_tree().within(area)
    if order.owner_body.area_id not in inside:
        raise ValidationError({"owner_body": _("This body lies outside your area; its own headquarters directs it.")})
    matters = {
        "enterprise": order.enterprise.managing_area_id if order.enterprise else None,
        "request": order.request.managing_area_id if order.request else None,
        "area": order.area.pk if order.area else None,
    }
    for field, found in matters.items():
        if found is not None and found not in inside:
            raise ValidationError({field: _("This lies outside the area of your headquarters.")})


def _matter(actor: Viewer, incident: Incident, order: Order, area: Area) -> dict[str, Any]:
    """The columns of the matter; a figure is counted over the whole area unless a part of it is named."""
    matter = order.matter
    is_figure = matter == Matter.FIGURE
    return {
        "matter": matter,
        "enterprise": order.enterprise,
        "request": order.request,
        "matter_area": (order.area or area) if is_figure else order.area,
        "figure": order.figure,
        "target": order.target if is_figure else None,
        "baseline": _baseline(actor, incident, order, area) if is_figure else None,
    }


def _baseline(actor: Viewer, incident: Incident, order: Order, area: Area) -> Decimal | None:
    if order.target is None:
        raise ValidationError({"target": _("Give the value that the figure is to reach.")})
    indicator = indicator_in(actor, incident, order.figure)
    if indicator is None:
        raise ValidationError({"figure": _("This figure does not exist today. Choose one of the list.")})
    return value_in(actor, incident, indicator, order.area or area)[1]


def _next_number(incident: Incident, area: Area) -> int:
    """The next number of the day. Two that issue at once wait for each other."""
    take_turns(alone=f"headquarters.directive:{incident.pk}:{area.pk}:{clock.today()}")
    today = Directive.objects.filter(incident=incident, area=area, issued_on=clock.today()).order_by("-sequence")
    last = today.first()
    return last.sequence + 1 if last is not None else 1


def _tell_owner(directive: Directive) -> None:
    people = whom_to_remind(_TELLING, directive.incident, directive.owner_body, directive.owner)
    with translation.override(settings.LANGUAGE_CODE):
        text = _("Directive %(number)s of %(issuer)s: %(title)s. Due %(due)s, to be acknowledged by %(by)s.") % {
            "number": directive.number,
            "issuer": directive.issuer_body,
            "title": directive.title,
            "due": f"{clock.local(directive.due_at):%m-%d %H:%M}",
            "by": f"{clock.local(directive.acknowledge_by):%m-%d %H:%M}",
        }
    for user in people:
        queue_message(
            actor=_TELLING,
            to=user,
            kind="headquarters.directive",
            text=text,
            incident_id=directive.incident_id,
            drill=directive.incident.is_drill,
        )
