"""What changes a figure leaves a mark in its own transaction. Which days and areas: docs/adr/0014."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from fugong.base.areas.selectors import area_tree
from fugong.command.situation.actions.figures import Span, mark_figures
from fugong.core import clock
from fugong.core.events import receiver
from fugong.core.viewer import service_viewer
from fugong.record.incidents.events import PlaybookLoaded
from fugong.record.incidents.selectors import incidents_over
from fugong.record.registry.events import (
    EnterpriseClosed,
    EnterpriseMoved,
    EnterpriseReopened,
    EnterprisesMerged,
    FactsStated,
    RegisterChanged,
    ScopeChanged,
)
from fugong.record.registry.selectors.places import areas_ever
from fugong.record.reporting.events import AreaTotalStated, ReportsImported, ReportSubmitted
from fugong.record.reporting.selectors.areas import areas_reported_from

_KEEPER = service_viewer("figures")
# Before every incident: a change that holds since ever is marked from its incident's first day on.
_EVER = date(1949, 10, 1)
_REST_OF_WEEK = timedelta(days=6)


def _of_enterprises(ids: Iterable[int], first_day: date, last_day: date | None = None) -> None:
    """Mark everywhere the enterprises have counted: where they are managed, were before, or reported from."""
    listed = list(ids)
    _in_areas(areas_ever(listed) | areas_reported_from(listed), first_day, last_day)


def _in_areas(area_ids: Iterable[int], first_day: date, last_day: date | None = None) -> None:
    """Mark these areas in every incident that they lie in and whose days the span touches."""
    spans = [
        Span(incident.pk, pk, max(first_day, incident.started_on), last_day)
        for incident in incidents_over(first_day, last_day)
        for pk in sorted(set(area_ids) & area_tree().within(incident.area))
        if last_day is None or last_day >= incident.started_on
    ]
    mark_figures(actor=_KEEPER, spans=spans)


@receiver(ReportSubmitted)
def report_submitted(event: ReportSubmitted) -> None:
    """The report's day and, for the time that reports take in a week, the six days after it."""
    areas = event.area_ids
    if event.day < clock.today():
        # Until now it was missing where it was managed on that day.
        areas |= areas_ever([event.enterprise_id])
    spans = [Span(event.incident_id, pk, event.day, event.day + _REST_OF_WEEK) for pk in sorted(areas)]
    mark_figures(actor=_KEEPER, spans=spans)


@receiver(ReportsImported)
def reports_imported(event: ReportsImported) -> None:
    spans = {Span(event.incident_id, pk, day, day + _REST_OF_WEEK) for day, pk in event.cells}
    past = [day for day, _area_id in event.cells if day < clock.today()]
    if past:
        moved = areas_ever([], managed_in={pk for _day, pk in event.cells})
        spans |= {Span(event.incident_id, pk, min(past), max(past) + _REST_OF_WEEK) for pk in moved}
    mark_figures(actor=_KEEPER, spans=spans)


@receiver(AreaTotalStated)
def total_stated(event: AreaTotalStated) -> None:
    """A total stands in for the enterprises of its area and of all beneath it."""
    tree = area_tree()
    within = tree.within(tree.areas[event.area_id])
    mark_figures(actor=_KEEPER, spans=[Span(event.incident_id, pk, event.day, event.day) for pk in sorted(within)])


@receiver(EnterpriseMoved)
def enterprise_moved(event: EnterpriseMoved) -> None:
    _of_enterprises([event.enterprise_id], event.moved_on)


@receiver(EnterpriseClosed)
def enterprise_closed(event: EnterpriseClosed) -> None:
    _of_enterprises([event.enterprise_id], event.closed_on)


@receiver(EnterpriseReopened)
def enterprise_reopened(event: EnterpriseReopened) -> None:
    """Reopened on the day of its closing it was never closed: the days between count anew as well."""
    _of_enterprises([event.enterprise_id], event.reopened_on)


@receiver(EnterprisesMerged)
def enterprises_merged(event: EnterprisesMerged) -> None:
    """The one that went counts on no day any more, and its reports and facts are the other's."""
    _of_enterprises([event.kept_id, event.dropped_id], _EVER)


@receiver(ScopeChanged)
def scope_changed(event: ScopeChanged) -> None:
    _of_enterprises([event.enterprise_id], event.first_day, event.last_day)


@receiver(RegisterChanged)
def register_changed(event: RegisterChanged) -> None:
    """Entered or changed, by hand, by a file or taken back with it: from the day that is told, else on every day."""
    first = event.first_day or _EVER
    areas = event.area_ids
    others = areas_ever([], managed_in=areas) | areas_reported_from([], managed_in=areas)
    _in_areas(areas | others, first)
    if event.enterprise_ids:
        _of_enterprises(event.enterprise_ids, first)


@receiver(FactsStated)
def facts_stated(event: FactsStated) -> None:
    """A fact holds until the next of its kind, and a headcount is the base of other days: from its day to today.

    The base before the incident and that of the year before look back, so that an early fact touches every day.
    """
    by_day: dict[date, set[int]] = {}
    for day, area_id in event.cells:
        by_day.setdefault(day, set()).add(area_id)
    earliest = min(by_day, default=None)
    if earliest is not None:
        areas = {pk for found in by_day.values() for pk in found}
        _in_areas(areas | areas_reported_from([], managed_in=areas) | areas_ever([], managed_in=areas), earliest)


@receiver(PlaybookLoaded)
def playbook_loaded(event: PlaybookLoaded) -> None:
    """Its definitions may be others from its day on."""
    mark_figures(
        actor=_KEEPER,
        spans=[
            Span(incident.pk, None, max(event.effective_from, incident.started_on), None)
            for incident in incidents_over(_EVER, None)
            if incident.playbook_code == event.code
        ],
    )
