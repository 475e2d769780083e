"""The figures that one bulletin may say, taken at one moment and kept with it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from fugong.command.situation.logic.figures import Ratio
from fugong.core.registries import Amount

WHOLE, ABOVE_SCALE, TAG = "", "above_scale", "tag="
_NOTHING = Ratio()


@dataclass(frozen=True, slots=True)
class FrozenIndicator:
    """One indicator over every scope of the bulletin: the whole, each area, above scale, each tag.

    `before`: the same of the day before the first one; a scope that was not counted then is absent. `sentence` is how
    the playbook words it.
    """

    code: str
    unit: str
    places: int
    name: str
    columns: str
    definition: str
    sentence: str
    ratios: Mapping[str, Ratio]
    before: Mapping[str, Ratio]

    def of(self, scope: str) -> Ratio:
        return self.ratios.get(scope, _NOTHING)


@dataclass(frozen=True, slots=True)
class FrozenArea:
    """A reporting area of the bulletin, as it was named then."""

    code: str
    name: str
    short_name: str


@dataclass(frozen=True, slots=True)
class FrozenFigures:
    """All that a bulletin may say. `hour`: of the last day's count, None when that day was over.

    `states`: state of the last day → enterprises; `excluded`: why not counted → enterprises.
    """

    organisation: str
    issuer: str
    area_code: str
    area_name: str
    first_day: date
    last_day: date
    hour: int | None
    states: Mapping[str, int]
    excluded: Mapping[str, int]
    areas: tuple[FrozenArea, ...]
    indicators: tuple[FrozenIndicator, ...]
    tags: tuple[str, ...]

    def indicator(self, code: str) -> FrozenIndicator | None:
        return next((item for item in self.indicators if item.code == code), None)

    def scopes(self) -> dict[str, str]:
        """Scope as a field writes it → what it is called."""
        named = {WHOLE: self.area_name}
        named |= {area.code: area.name for area in self.areas}
        named[ABOVE_SCALE] = "规模以上"
        return named | {f"{TAG}{tag}": tag for tag in self.tags}

    def as_json(self) -> dict[str, Any]:
        plain = asdict(self)
        plain["first_day"], plain["last_day"] = self.first_day.isoformat(), self.last_day.isoformat()
        for item, frozen in zip(plain["indicators"], self.indicators, strict=True):
            for name in ("ratios", "before"):
                pairs: Mapping[str, Ratio] = getattr(frozen, name)
                item[name] = {scope: [str(r.numerator), str(r.denominator)] for scope, r in pairs.items()}
        return plain


def _amount(text: str) -> Amount:
    return int(text) if text.isdecimal() else Decimal(text)


def figures_from(content: Mapping[str, Any]) -> FrozenFigures:
    """The same from what `as_json` gave."""
    indicators = tuple(
        FrozenIndicator(
            **item
            | {name: {s: Ratio(*map(_amount, pair)) for s, pair in item[name].items()} for name in ("ratios", "before")}
        )
        for item in content["indicators"]
    )
    days = {name: date.fromisoformat(content[name]) for name in ("first_day", "last_day")}
    rest = {
        "areas": tuple(FrozenArea(**area) for area in content["areas"]),
        "indicators": indicators,
        "tags": tuple(content["tags"]),
    }
    return FrozenFigures(**{**content, **days, **rest})
