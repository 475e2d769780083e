from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fugong.core.events import Event


@dataclass(frozen=True, slots=True)
class ReportSubmitted(Event):
    """A report was sent or corrected; `area_ids` are the managing areas it counted in before and counts in now,
    `obstacles` what it says is in the way."""

    report_id: int
    incident_id: int
    enterprise_id: int
    day: date
    area_ids: frozenset[int]
    obstacles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportsImported(Event):
    """A file of reports was written: the days and managing areas whose figures it touched."""

    incident_id: int
    cells: frozenset[tuple[date, int]]


@dataclass(frozen=True, slots=True)
class AreaTotalStated(Event):
    """A body stated or corrected the totals of an area for a day; `scope` is the part of the economy, "" for all."""

    incident_id: int
    area_id: int
    day: date
    scope: str


@dataclass(frozen=True, slots=True)
class DayLocked(Event):
    """A day of an area and everything beneath it takes no reports any more, but for exceptions."""

    incident_id: int
    area_id: int
    day: date
    reason: str
