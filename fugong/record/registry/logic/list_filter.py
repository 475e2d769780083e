"""What a list of enterprises is narrowed to and how it is ordered: the part of its address behind the question mark."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace

from fugong.record.registry.enums import (
    CodeState,
    EnterpriseKind,
    LifeState,
    ListOrder,
    ReporterState,
    ScaleState,
    SizeState,
)
from fugong.record.registry.logic.industries import sections

LONGEST = 100
_CHOICES: dict[str, frozenset[str]] = {
    "kind": frozenset(EnterpriseKind.values),
    "life": frozenset(LifeState.values),
    "reporter": frozenset(ReporterState.values),
    "coded": frozenset(CodeState.values),
    "industry": frozenset(sections()),
    "scale": frozenset(ScaleState.values),
    "size": frozenset(SizeState.values),
    "sort": frozenset(ListOrder.values),
}


@dataclass(frozen=True, slots=True)
class ListFilter:
    """Each condition is "" when it does not narrow.

    `area` is a code, `tag` its words, `industry` the letter of a section, the rest values of enums.py.
    """

    q: str = ""
    area: str = ""
    kind: str = ""
    life: str = ""
    reporter: str = ""
    coded: str = ""
    industry: str = ""
    scale: str = ""
    size: str = ""
    tag: str = ""
    sort: str = ListOrder.NAME.value

    @classmethod
    def read(cls, given: Mapping[str, str]) -> ListFilter:
        """From an address, a form or a kept filter. A value that does not exist narrows nothing."""
        found = {field.name: str(given.get(field.name, "")).strip() for field in fields(cls)}
        kept = {name: value for name, value in found.items() if value in _CHOICES.get(name, {value})}
        kept |= {name: kept.get(name, "").replace("\x00", "")[:LONGEST] for name in ("q", "tag")}
        return cls(**{name: value for name, value in kept.items() if value})

    def as_dict(self) -> dict[str, str]:
        """Only what differs from the whole list in its usual order."""
        usual = asdict(ListFilter())
        return {name: value for name, value in asdict(self).items() if value != usual[name]}

    def without(self, name: str) -> ListFilter:
        """The same with one condition removed."""
        return replace(self, **{name: getattr(ListFilter(), name)})

    def conditions(self) -> list[str]:
        """Names of the conditions in force, the words searched for and the order left out."""
        return [name for name in self.as_dict() if name not in ("q", "sort")]
