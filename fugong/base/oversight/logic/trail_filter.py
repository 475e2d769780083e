"""What is looked for in the trail, as it stands in an address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date

from fugong.core import clock

_LONGEST = 120


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """Empty texts and None do not narrow. `area`: a code, with everything beneath it."""

    person: str = ""
    verb: str = ""
    subject: str = ""
    area: str = ""
    origin: str = ""
    since: date | None = None
    until: date | None = None

    @classmethod
    def read(cls, given: Mapping[str, str]) -> TrailFilter:
        """From the parameters of an address; a day that cannot be read does not narrow."""
        texts = {
            name: given.get(name, "").strip()[:_LONGEST] for name in ("person", "verb", "subject", "area", "origin")
        }
        since, until = _day(given.get("since", "")), _day(given.get("until", ""))
        if since and until and since > until:
            since, until = until, since
        return cls(**texts, since=since, until=until)

    def as_dict(self) -> dict[str, str]:
        """What narrows, for an address and for the trail."""
        return {name: str(value) for name, value in asdict(self).items() if value}

    @property
    def narrows(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))


def _day(text: str) -> date | None:
    try:
        return clock.day_from(text) if text else None
    except ValueError:
        return None
