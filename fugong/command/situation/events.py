from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fugong.core.events import Event


@dataclass(frozen=True, slots=True)
class BulletinPublished(Event):
    """A bulletin, or a revision of one, was approved, numbered and published for an area and days."""

    bulletin_id: int
    incident_id: int
    area_id: int
    first_day: date
    last_day: date
