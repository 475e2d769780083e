"""Keeping the rollup: marks in the writer's transaction, and the recount that takes them away (docs/adr/0014)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from fugong.base.areas.selectors import area_tree
from fugong.base.audit.actions import record
from fugong.command.situation import permissions
from fugong.command.situation.models import CountedDay, FigureCell, FigureMark, FigureVersion, Measure
from fugong.command.situation.selectors.rollup import Stray, count_now, marked_incidents, measures_of, stray_cells
from fugong.core import clock
from fugong.core.bulk import all_rows, execute
from fugong.core.memo import remembering
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.incidents.selectors import incident_by_id, open_incidents

# Marks of one transaction of the worker, and the days it counts anew before it lets others see them.
MARKS_AT_ONCE = 20_000
DAYS_AT_ONCE = 31


@dataclass(frozen=True, slots=True)
class Span:
    """Days of an area whose figures changed. `area_id` None: every area; `last_day` None: up to today."""

    incident_id: int
    area_id: int | None
    first_day: date
    last_day: date | None


@transaction.atomic(savepoint=False)
def mark_figures(*, actor: Viewer, spans: Iterable[Span]) -> None:
    """Say which figures are to be counted anew, in the transaction of what changed them, and with it. One statement."""
    permissions.can_keep_figures(actor).require()
    rows = [(span.incident_id, span.area_id, span.first_day, span.last_day) for span in spans]
    incidents, areas, firsts, lasts = zip(*rows, strict=True) if rows else ((), (), (), ())
    columns = {"incidents": incidents, "areas": areas, "firsts": firsts, "lasts": lasts}
    execute(_MARK, {name: list(values) for name, values in columns.items()})


_MARK = """
INSERT INTO situation_figuremark (incident_id, area_id, first_day, last_day)
SELECT * FROM unnest(%(incidents)s::bigint[], %(areas)s::bigint[], %(firsts)s::date[], %(lasts)s::date[])
"""
_TAKEN = """
DELETE FROM situation_figuremark WHERE id IN (
    SELECT id FROM situation_figuremark WHERE incident_id = %(incident)s ORDER BY id LIMIT %(limit)s)
RETURNING area_id, first_day, last_day
"""


def _take_marks(incident: Incident) -> dict[date, set[int | None]]:
    """Take the marks away: day → the areas to count. What is too much for one transaction is marked again."""
    first, last = incident.days(clock.today())
    days: dict[date, set[int | None]] = {}
    for area_id, begin, end in all_rows(_TAKEN, {"incident": incident.pk, "limit": MARKS_AT_ONCE}):
        day, stop = max(begin, first), last if end is None else min(end, last)
        while day <= stop:
            days.setdefault(day, set()).add(area_id)
            day += timedelta(days=1)
    # The latest first: that is what boards show.
    ordered = sorted(days, reverse=True)
    FigureMark.objects.bulk_create(
        FigureMark(incident=incident, area_id=area_id, first_day=day, last_day=day)
        for day in ordered[DAYS_AT_ONCE:]
        for area_id in days[day]
    )
    return {day: days[day] for day in ordered[:DAYS_AT_ONCE]}


@transaction.atomic
def recount_marked(*, actor: Viewer, incident_id: int) -> int:
    """Take the marks of an incident and count their cells anew; returns the number of days counted.

    One at a time per incident. The marks go before the count looks: whoever commits later leaves a mark that stays.
    """
    permissions.can_keep_figures(actor).require()
    # A count may take longer than a page; a second worker waits here for the first.
    execute("SET LOCAL lock_timeout = 0")
    execute("SET LOCAL statement_timeout = 0")
    execute("SELECT pg_advisory_xact_lock(3, %(incident)s)", {"incident": incident_id})
    incident = incident_by_id(incident_id)
    days = _take_marks(incident)
    for day, areas in days.items():
        _recount(incident, day, None if None in areas else frozenset(pk for pk in areas if pk is not None))
    if days:
        touched = frozenset(pk for areas in days.values() for pk in areas)
        _raise_versions(incident, None if None in touched else frozenset(pk for pk in touched if pk is not None))
    return len(days)


@transaction.atomic
def open_days(*, actor: Viewer, incident_id: int) -> bool:
    """Count today where nobody has changed anything yet, so that a new day stands in the books; true if it was not."""
    permissions.can_keep_figures(actor).require()
    incident = incident_by_id(incident_id)
    _first, last = incident.days(clock.today())
    digests = {indicator.digest for indicator in measures_of(incident, last)}
    counted = CountedDay.objects.filter(incident=incident, day=last, measure__digest__in=digests)
    if counted.count() == len(digests):
        return False
    mark_figures(actor=actor, spans=[Span(incident_id, None, last, last)])
    return True


@transaction.atomic
def keep_figures(*, actor: Viewer) -> int:
    """What the worker does all the time: open the day of each incident, count what was marked; returns days counted."""
    permissions.can_keep_figures(actor).require()
    for incident in open_incidents(clock.today()):
        open_days(actor=actor, incident_id=incident.pk)
    return sum(recount_marked(actor=actor, incident_id=pk) for pk in marked_incidents(actor))


def _recount(incident: Incident, day: date, areas: frozenset[int] | None) -> None:
    """Count a day by all its measures, in these areas (None: all). A day never counted is counted as a whole."""
    # What one count reads twice is read once; nothing is remembered beyond it.
    with remembering():
        for indicator in measures_of(incident, day):
            measure, _made = Measure.objects.get_or_create(
                digest=indicator.digest, defaults={"metric": indicator.metric}
            )
            key: dict[str, Any] = {"incident": incident, "measure": measure, "day": day}
            within = areas if CountedDay.objects.filter(**key).exists() else None
            cells = FigureCell.objects.filter(**key)
            (cells if within is None else cells.filter(area_id__in=within)).delete()
            FigureCell.objects.bulk_create(
                FigureCell(
                    **key,
                    area_id=area_id,
                    numerator=ratio.numerator,
                    denominator=ratio.denominator,
                    is_bounded=not indicator.measured.may_exceed,
                )
                for area_id, ratio in count_now(incident, day, indicator, within).items()
            )
            CountedDay.objects.update_or_create(**key, defaults={"as_of": clock.now()})


def _raise_versions(incident: Incident, areas: frozenset[int] | None) -> None:
    """The areas that changed and all above them within the incident have something new to show."""
    tree = area_tree()
    within = tree.within(incident.area)
    touched = within
    if areas is not None:
        touched = frozenset(above.pk for pk in areas for above in tree.ancestors(tree.areas[pk])) & within
    versions = FigureVersion.objects.filter(incident=incident, area_id__in=touched)
    known = set(versions.values_list("area_id", flat=True))
    versions.update(version=F("version") + 1, as_of=clock.now())
    FigureVersion.objects.bulk_create(
        FigureVersion(incident=incident, area_id=pk, as_of=clock.now()) for pk in sorted(touched - known)
    )


@transaction.atomic
def repair_figures(*, actor: Viewer, incident: Incident, first_day: date, last_day: date) -> list[Stray]:
    """Hold the rollup of some days against the facts, and mend what differs; returns the cells that differed.

    Days that wait for their count are counted first: what is marked is late, not wrong.
    """
    permissions.can_keep_figures(actor).require()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_xact_lock(3, %s)", [incident.pk])
    while recount_marked(actor=actor, incident_id=incident.pk):
        pass
    strays = stray_cells(actor, incident, first_day, last_day)
    uncounted = {stray.day for stray in strays}
    for day in sorted(uncounted):
        _recount(incident, day, None)
    if strays:
        _raise_versions(incident, None)
        record(
            actor=actor,
            verb="situation.figures.repaired",
            subject=f"incidents.incident:{incident.pk}",
            area_id=incident.area_id,
            detail={"cells": len(strays), "days": [day.isoformat() for day in sorted(uncounted)[:50]]},
        )
    return strays
