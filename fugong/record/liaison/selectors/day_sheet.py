"""The day sheet: an officer's enterprises today, in order of need, each with its reasons."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from fugong.core import clock
from fugong.core.decision import OutOfScope
from fugong.core.registries import Need, day_sheet_sources
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.liaison.enums import Way
from fugong.record.liaison.logic.duties import Seen, owed
from fugong.record.liaison.models import Assignment
from fugong.record.liaison.permissions import can_open_day_sheet
from fugong.record.liaison.selectors.section import field_section
from fugong.record.registry.models import Enterprise
from fugong.record.registry.selectors.officers import looked_after
from fugong.record.reporting.selectors.duties import incidents_of

_RANK = {"bad": 0, "risk": 1, "brand": 2}


@dataclass(frozen=True, slots=True)
class Card:
    """One enterprise on the sheet. `incident` None: nothing is open there, so nothing is asked."""

    enterprise: Enterprise
    incident: Incident | None
    needs: list[Need] = field(default_factory=list)
    seen_today: datetime | None = None

    @property
    def order(self) -> tuple[bool, int, int, int, str]:
        """What was seen today comes last; else the gravest reason first, then how many there are."""
        first = self.needs[0] if self.needs else None
        return (
            self.seen_today is not None,
            _RANK[first.state] if first else len(_RANK),
            -(first.weight if first else 0),
            -len(self.needs),
            self.enterprise.name,
        )


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _with_visits(rows: QuerySet[Enterprise], viewer: Viewer) -> QuerySet[Enterprise]:
    """Each with when it was last seen and called, by whomever, and as what the viewer looks after it."""
    held = Assignment.objects.held_on(clock.today()).filter(user=viewer.id or 0, enterprise=OuterRef("pk"))
    return rows.annotate(
        last_visit=Max("visits__happened_at", filter=Q(visits__way=Way.VISIT)),
        last_call=Max("visits__happened_at"),
        kind_held=Subquery(held.order_by("pk").values("kind")[:1]),
        held_since=Subquery(held.order_by("pk").values("valid_from")[:1]),
    )


def day_sheet(viewer: Viewer, only: int | None = None) -> list[Card]:
    """The viewer's enterprises in business today, or one of them (its id), in order of need. One statement for the
    enterprises with their visits, one for the incidents, and those of the sources.
    """
    can_open_day_sheet(viewer).require()
    today = clock.today()
    asked = looked_after(viewer).active_on(today)
    rows: list[Any] = list(_with_visits(asked if only is None else asked.filter(pk=only), viewer))
    incidents = incidents_of(rows, today)
    needs: dict[int, list[Need]] = defaultdict(list)
    for incident, ids in _by_incident(incidents).items():
        limits = field_section(incident, today).limits
        for source in day_sheet_sources.values():
            for need in source.needs(viewer, incident.pk, ids, today, limits):
                needs[need.enterprise_id].append(need)
    cards = []
    for row in rows:
        own = incidents[row.pk][0] if incidents[row.pk] else None
        found = [*needs[row.pk], *(_visit_needs(row, own, today) if own else [])]
        found.sort(key=lambda need: (_RANK[need.state], -need.weight, need.text))
        seen = row.last_call if row.last_call and row.last_call >= _start_of(today) else None
        cards.append(Card(row, own, found, seen))
    return sorted(cards, key=lambda card: card.order)


def _by_incident(incidents: dict[int, list[Incident]]) -> dict[Incident, frozenset[int]]:
    found: dict[Incident, set[int]] = defaultdict(set)
    for pk, those in incidents.items():
        for incident in those:
            found[incident].add(pk)
    return {incident: frozenset(ids) for incident, ids in found.items()}


def _visit_needs(row: Any, incident: Incident, today: date) -> list[Need]:
    """Which visit duty of the officer's kind is overdue, and since when."""
    if row.kind_held is None:
        return []
    seen = Seen(
        visit=clock.day_of(row.last_visit) if row.last_visit else None,
        call=clock.day_of(row.last_call) if row.last_call else None,
    )
    needs = []
    for duty in field_section(incident, today).duties:
        late = owed(duty, seen, row.held_since, today) if duty.kind == row.kind_held else None
        if late is not None and late > 0:
            words = _("Visit overdue by %(days)d days") if duty.way == Way.VISIT else _("Call overdue by %(days)d days")
            needs.append(Need(row.pk, "risk", 30 + min(late, 9), words % {"days": late}))
    return needs


def own_enterprise(viewer: Viewer, pk: int) -> Enterprise:
    """One enterprise that the viewer looks after today. Raises `OutOfScope` otherwise."""
    can_open_day_sheet(viewer).require()
    found = looked_after(viewer).select_related("managing_area", "registered_area").filter(pk=pk).first()
    if found is None:
        raise OutOfScope(f"enterprise {pk}")
    return found


def own_card(viewer: Viewer, pk: int) -> Card:
    """The card of one of them. Raises `OutOfScope`."""
    cards = day_sheet(viewer, only=pk)
    return cards[0] if cards else Card(own_enterprise(viewer, pk), None)
