from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fugong.core.events import Event
from fugong.core.viewer import Viewer


@dataclass(frozen=True, slots=True)
class EnterprisesMerged(Event):
    """One enterprise was recognised as the same as another: what hangs on `dropped_id` is taken over by `kept_id`."""

    actor: Viewer
    kept_id: int
    dropped_id: int


@dataclass(frozen=True, slots=True)
class EnterpriseMoved(Event):
    """Another area manages the enterprise from the day on; figures of both areas change from then."""

    enterprise_id: int
    from_area_id: int
    to_area_id: int
    moved_on: date


@dataclass(frozen=True, slots=True)
class EnterpriseClosed(Event):
    """An enterprise left the denominator from the day on, for good."""

    enterprise_id: int
    closed_on: date


@dataclass(frozen=True, slots=True)
class EnterpriseReopened(Event):
    """A closed enterprise counts again from the day on."""

    enterprise_id: int
    reopened_on: date


@dataclass(frozen=True, slots=True)
class RegisterChanged(Event):
    """Enterprises were entered or changed, by hand or by a file: the areas, or the enterprises, of theirs.

    An enterprise counts from its founding day, or from ever if nobody knows it, not from the day it was entered:
    figures of past days change too. `first_day` is the first one that does, None where any may.
    """

    area_ids: frozenset[int] = frozenset()
    enterprise_ids: frozenset[int] = frozenset()
    first_day: date | None = None


@dataclass(frozen=True, slots=True)
class ScopeChanged(Event):
    """From `first_day` to `last_day` (None: no end) an enterprise is counted, or no longer counted, in its area."""

    enterprise_id: int
    area_id: int
    first_day: date
    last_day: date | None


@dataclass(frozen=True, slots=True)
class FactsStated(Event):
    """Dated facts were stated or taken back: the first day that each touches, with the managing area."""

    cells: frozenset[tuple[date, int]]
