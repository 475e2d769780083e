from __future__ import annotations

from dataclasses import dataclass

from fugong.core.events import Event


@dataclass(frozen=True, slots=True)
class VisitRecorded(Event):
    """Somebody was at an enterprise or spoke with it; `contradicts`: other people were seen than it reported."""

    visit_id: int
    incident_id: int
    enterprise_id: int
    area_id: int
    contradicts: bool
