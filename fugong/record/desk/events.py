from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fugong.core.events import Event


@dataclass(frozen=True, slots=True)
class RequestOpened(Event):
    """An enterprise asks for something."""

    request_id: int
    incident_id: int
    enterprise_id: int
    area_id: int
    day: date


@dataclass(frozen=True, slots=True)
class RequestEnded(Event):
    """A request came to its end; `end` says to which."""

    request_id: int
    incident_id: int
    enterprise_id: int
    area_id: int
    end: str
    day: date


@dataclass(frozen=True, slots=True)
class RequestEscalated(Event):
    """A promise was broken, or an answer did not move anything: the request went one level up."""

    request_id: int
    incident_id: int
    enterprise_id: int
    area_id: int
    level: int
