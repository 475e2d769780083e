from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree
from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.decision import OutOfScope
from fugong.core.events import announce
from fugong.core.turns import take_turns
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.reporting import permissions
from fugong.record.reporting.events import AreaTotalStated
from fugong.record.reporting.logic.checks import Finding
from fugong.record.reporting.logic.names import turn_of_day, turn_of_totals
from fugong.record.reporting.logic.totals import TotalValues, check_total
from fugong.record.reporting.models import AreaTotal, SupersededAreaTotal
from fugong.record.reporting.selectors.locks import day_rules
from fugong.record.reporting.selectors.totals import single_reports

_NUMBERS = tuple(field.name for field in fields(TotalValues))
# Exceptions for a single enterprise open no total.
_NO_ENTERPRISE = 0
_SAID = (*_NUMBERS, "as_of", "source", "remark", "counts")


class TotalRefused(ValueError):
    """The total has errors, or contradicts itself without a remark; nothing was written."""

    def __init__(self, errors: Sequence[Finding], warnings: Sequence[Finding] = ()) -> None:
        super().__init__("; ".join(finding.text for finding in (*errors, *warnings)))
        self.errors, self.warnings = tuple(errors), tuple(warnings)


@dataclass(frozen=True, slots=True)
class Stated:
    """What stands beside the numbers of a total.

    `source`: document, number and date, or who said it; `as_of`: the hour it holds for; `counts`: whether figures take
    it instead of single reports (None: as on the day before, else where nobody reported singly). `is_read` is true for
    a document read in as it stands: a contradiction is kept and flagged without asking for a remark.
    """

    source: str
    scope: str = ""
    as_of: time | None = None
    remark: str = ""
    counts: bool | None = None
    is_read: bool = False


def _require_unlocked(incident: Incident, area: Area, day: date) -> None:
    """Raise `TotalRefused` for a day that is locked for the area as a whole."""
    if locked := day_rules(incident, day).locked(area.pk, _NO_ENTERPRISE, day):
        raise TotalRefused([Finding("error", "day", locked.words, _("Ask the duty officer to open it"))])


def _in_the_way(incident: Incident, area: Area, day: date, scope: str) -> Area | None:
    """The area above or beneath whose total counts already."""
    tree = area_tree()
    others = AreaTotal.objects.filter(incident=incident, day=day, scope=scope, counts=True).exclude(area=area)
    for other in others.order_by("area__code").values_list("area_id", flat=True):
        found = tree.areas[other]
        if found.path.startswith(area.path) or area.path.startswith(found.path):
            return found
    return None


def _counts(actor: Viewer, incident: Incident, area: Area, day: date, stated: Stated) -> bool:
    """Whether the total counts. Raises `TotalRefused` when it shall, but another one of the same places does."""
    blocking = _in_the_way(incident, area, day, stated.scope)
    if stated.counts is not None:
        if stated.counts and blocking is not None:
            reason = _("A total of %(area)s counts already, and lies above or beneath this area") % {"area": blocking}
            raise TotalRefused([Finding("error", "counts", reason, _("Let only one of the two count"))])
        return stated.counts
    if blocking is not None:
        return False
    before = AreaTotal.objects.filter(incident=incident, area=area, scope=stated.scope, day__lte=day)
    last = before.order_by("-day").values_list("counts", flat=True).first()
    return single_reports(actor, incident, area, day) == 0 if last is None else last


def _plain(total: AreaTotal) -> dict[str, Any]:
    values = {name: getattr(total, name) for name in _SAID}
    return values | {"as_of": total.as_of.isoformat() if total.as_of else None}


@transaction.atomic
def state_total(
    *, actor: Viewer, incident: Incident, area: Area, day: date, values: TotalValues, stated: Stated
) -> AreaTotal:
    """State or correct the total of an area for a day and scope; a correction keeps what stood before.

    The same again changes nothing. Raises `OutOfScope`, `Denied`, and `TotalRefused` for errors or for a typed rate
    that contradicts its counts without a remark.
    """
    if not actor.covers(area.pk) or not area.path.startswith(incident.area.path):
        raise OutOfScope(f"area {area.code}")
    permissions.can_state_total(actor, area.pk).require()
    permissions.can_state_total_of_day(actor, incident, day).require()
    errors, warnings = check_total(values)
    if not stated.source.strip():
        missing = Finding("error", "source", _("The source is missing"), _("Name the document or who said it"))
        errors = (*errors, missing)
    if errors or (warnings and not stated.remark.strip() and not stated.is_read):
        raise TotalRefused(errors, warnings)
    scope = " ".join(stated.scope.split())
    take_turns(shared=turn_of_day(incident.pk, day), alone=turn_of_totals(incident.pk, day, scope))
    _require_unlocked(incident, area, day)
    key = {"incident": incident, "area": area, "day": day, "scope": scope}
    total = AreaTotal.objects.select_for_update().filter(**key).first()
    said = {name: getattr(values, name) for name in _NUMBERS} | {
        "as_of": stated.as_of,
        "source": stated.source.strip(),
        "remark": stated.remark.strip(),
        "counts": _counts(actor, incident, area, day, stated),
    }
    if total is None:
        total = AreaTotal(**key, revision=0)
    elif all(getattr(total, name) == value for name, value in said.items()):
        return total
    else:
        _keep_history(total)
    for name, value in said.items():
        setattr(total, name, value)
    total.revision += 1
    total.entered_by_id, total.entered_by_name, total.entered_at = actor.id, actor.name, clock.now()
    total.save()
    record(
        actor=actor,
        verb="reporting.total.stated" if total.revision == 1 else "reporting.total.corrected",
        subject=f"reporting.areatotal:{total.pk}",
        area_id=area.pk,
        detail={"area": area.code, "day": day.isoformat(), "scope": scope, "revision": total.revision},
    )
    announce(AreaTotalStated(incident.pk, area.pk, day, scope))
    return total


def _keep_history(total: AreaTotal) -> None:
    SupersededAreaTotal.objects.create(
        total=total,
        revision=total.revision,
        values=_plain(total),
        entered_by_id=total.entered_by_id,
        entered_by_name=total.entered_by_name,
        entered_at=total.entered_at,
    )
