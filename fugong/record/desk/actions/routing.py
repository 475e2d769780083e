from __future__ import annotations

from datetime import date, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.accounts.models import Body
from fugong.base.areas.models import Area
from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.desk import permissions
from fugong.record.desk.models import RouteRule, ServiceHours
from fugong.record.desk.selectors.rules import section_on
from fugong.record.incidents.models import Incident


@transaction.atomic
def set_route(
    *,
    actor: Viewer,
    incident: Incident,
    area: Area,
    body: Body,
    category: str = "",
    size: str = "",
    tag: str = "",
    valid_from: date | None = None,
) -> RouteRule:
    """Send requests to a body from a day on; an earlier rule with the same conditions ends the day before.

    Requests that are open stay where they are. Raises `ValidationError`.
    """
    permissions.can_route(actor, area.pk).require()
    since = valid_from or clock.today()
    if category and section_on(incident, since).category(category) is None:
        raise ValidationError(_("Choose what it is about."))
    same = {"incident": incident, "area": area, "category": category, "size": size, "tag": tag.strip()}
    RouteRule.objects.filter(**same, valid_from=since).delete()
    RouteRule.objects.in_force_on(since).filter(**same).update(valid_to=date.fromordinal(since.toordinal() - 1))
    rule = RouteRule(**same, body=body, valid_from=since)
    rule.full_clean()
    rule.save()
    record(
        actor=actor,
        verb="desk.route.set",
        subject=f"desk.route:{rule.pk}",
        area_id=area.pk,
        detail={"area": area.code, "category": category, "size": size, "tag": rule.tag, "body": body.pk},
    )
    return rule


@transaction.atomic
def end_route(*, actor: Viewer, rule: RouteRule) -> None:
    """Let a rule end today; from now on the next best one or the fallback takes its requests."""
    permissions.can_route(actor, rule.area_id).require()
    today = clock.today()
    if rule.valid_from >= today:
        rule.delete()
    else:
        RouteRule.objects.filter(pk=rule.pk).update(valid_to=date.fromordinal(today.toordinal() - 1))
    record(
        actor=actor,
        verb="desk.route.ended",
        subject=f"desk.route:{rule.pk}",
        area_id=rule.area_id,
        detail={"category": rule.category},
    )


@transaction.atomic
def set_service_hours(
    *, actor: Viewer, body: Body, opens: time, closes: time, valid_from: date, source: str
) -> ServiceHours:
    """Say when a body answers on working days, from a day on. Clocks that run keep the dues they have promised."""
    permissions.can_route(actor, body.area_id).require()
    hours = ServiceHours.objects.filter(body=body, valid_from=valid_from).first()
    hours = hours or ServiceHours(body=body, valid_from=valid_from)
    hours.opens, hours.closes, hours.source = opens, closes, source.strip()
    hours.full_clean()
    hours.save()
    record(
        actor=actor,
        verb="desk.hours.set",
        subject=f"accounts.body:{body.pk}",
        area_id=body.area_id,
        detail={"opens": f"{opens:%H:%M}", "closes": f"{closes:%H:%M}", "from": valid_from.isoformat()},
        reason=hours.source,
    )
    return hours
