"""Setting up the bodies of an incident, and who is on duty when."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.accounts.actions.people import found_body
from fugong.base.accounts.enums import BodyKind
from fugong.base.accounts.models import Body, User
from fugong.base.accounts.selectors import body_named, headquarters_of, people_of
from fugong.base.areas.models import Area
from fugong.base.audit.actions import record
from fugong.command.headquarters import permissions
from fugong.command.headquarters.enums import Place
from fugong.command.headquarters.models import DutyShift, IncidentBody
from fugong.command.headquarters.selectors.rules import section_on
from fugong.core import clock
from fugong.core.turns import held, take_turns
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident


@transaction.atomic
def set_up_bodies(*, actor: Viewer, incident: Incident, area: Area) -> list[IncidentBody]:
    """Give an area its headquarters, office and working groups for an incident, by the playbook; what is there stays.

    A headquarters of the area that exists already is taken, and groups of the same name. Returns what was added.
    """
    permissions.can_set_up(actor, area.pk).require()
    section = section_on(incident, clock.today())
    known = {(row.place, row.code) for row in IncidentBody.objects.filter(incident=incident, area=area)}
    head = headquarters_of(area) or found_body(
        actor=actor, name=section.name_of("headquarters", area.name), kind=BodyKind.HEADQUARTERS, area=area
    )
    wanted = [(Place.HEADQUARTERS, "", head.name), (Place.OFFICE, "", section.name_of("office", area.name))]
    wanted += [(Place.GROUP, group.code, group.name["zh"]) for group in section.groups]
    added = []
    for order, (place, code, name) in enumerate(wanted):
        if (place, code) in known:
            continue
        kind = BodyKind.HEADQUARTERS if place == Place.OFFICE else BodyKind.WORKING_GROUP
        body = head if place == Place.HEADQUARTERS else body_named(area, name)
        body = body or found_body(actor=actor, name=name, kind=kind, area=area, parent=head)
        row = IncidentBody(
            incident=incident, area=area, body=body, place=place, code=code, order=order, set_up_at=clock.now()
        )
        row.full_clean()
        row.save()
        added.append(row)
    if added:
        record(
            actor=actor,
            verb="headquarters.bodies.set_up",
            subject=f"incidents.incident:{incident.pk}",
            area_id=area.pk,
            detail={"bodies": [row.body_id for row in added]},
        )
    return added


@transaction.atomic
def enter_duty(
    *,
    actor: Viewer,
    incident: Incident,
    body: Body,
    user: User,
    starts_at: datetime,
    ends_at: datetime,
    note: str = "",
) -> DutyShift:
    """Put a person of a body on duty for a time. Raises `ValidationError` for a stranger, a past or a double duty."""
    permissions.can_keep_roster(actor, body.area_id).require()
    # Two that enter the same person at once wait for each other.
    take_turns(alone=f"headquarters.duty:{user.pk}")
    if not IncidentBody.objects.filter(incident=incident, body=body).exists():
        raise ValidationError({"body": _("This body does not serve the incident. Set up its bodies first.")})
    if not people_of(actor, body, clock.day_of(starts_at)).filter(pk=user.pk).exists():
        raise ValidationError({"person": _("%(name)s does not serve in this body.") % {"name": user.name}})
    if ends_at <= clock.now():
        raise ValidationError({"ends_at": _("This duty is over already. Give a later end.")})
    shift = DutyShift(
        incident=incident,
        body=body,
        user=user,
        starts_at=starts_at,
        ends_at=ends_at,
        note=note.strip(),
        entered_by_name=actor.name,
    )
    shift.full_clean()
    other = DutyShift.objects.filter(user=user, starts_at__lt=ends_at, ends_at__gt=starts_at).first()
    if other is not None:
        raise ValidationError(
            _("%(name)s is on duty from %(start)s to %(end)s already.")
            % {
                "name": user.name,
                "start": f"{clock.local(other.starts_at):%m-%d %H:%M}",
                "end": f"{clock.local(other.ends_at):%m-%d %H:%M}",
            }
        )
    shift.save()
    _recorded(actor, shift, "headquarters.duty.entered")
    return shift


@transaction.atomic
def remove_duty(*, actor: Viewer, shift: DutyShift) -> None:
    """Take a duty off the roster: one to come is dropped, one that runs ends now. What is over stays."""
    permissions.can_keep_roster(actor, shift.body.area_id).require()
    shift = held(DutyShift.objects.select_related("body"), shift.pk)
    now = clock.now()
    if shift.ends_at <= now:
        raise ValidationError(_("This duty is over; it stays on record."))
    _recorded(actor, shift, "headquarters.duty.removed")
    if shift.starts_at >= now:
        shift.delete()
    else:
        shift.ends_at = now
        shift.save(update_fields=["ends_at"])


def _recorded(actor: Viewer, shift: DutyShift, verb: str) -> None:
    record(
        actor=actor,
        verb=verb,
        subject=f"accounts.user:{shift.user_id}",
        area_id=shift.body.area_id,
        detail={"body": shift.body_id, "from": shift.starts_at.isoformat(), "to": shift.ends_at.isoformat()},
    )
