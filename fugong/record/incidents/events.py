from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fugong.core.events import Event


@dataclass(frozen=True, slots=True)
class PlaybookLoaded(Event):
    """A version of a playbook was loaded; its definitions hold from the day on."""

    code: str
    effective_from: date
