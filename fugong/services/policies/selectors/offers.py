"""What an enterprise is entitled to, what is undecided, and what not and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from fugong.base.areas.selectors import area_tree
from fugong.core.decision import OutOfScope
from fugong.core.viewer import Viewer
from fugong.record.registry.models import Enterprise
from fugong.services.policies.enums import Verdict
from fugong.services.policies.logic.deciding import Decision, decide
from fugong.services.policies.logic.facts import Value
from fugong.services.policies.logic.questions import Questions, best_questions
from fugong.services.policies.models import MeasureVersion
from fugong.services.policies.permissions import can_see_profile
from fugong.services.policies.selectors.profiles import Known, known_of, values_of

_FAR = date.max


@dataclass(frozen=True, slots=True)
class Offer:
    """A measure for an enterprise on a day. `decision` is None where only the title is known; over is a mark."""

    version: MeasureVersion
    decision: Decision | None
    is_over: bool
    day: date

    @property
    def verdict(self) -> Verdict | None:
        return None if self.decision is None or self.is_over else self.decision.verdict

    @property
    def closes_on(self) -> date | None:
        """The last day to apply, else the last on which it holds."""
        return self.version.deadline_on or self.version.last_day

    @property
    def days_left(self) -> int | None:
        return None if self.closes_on is None else (self.closes_on - self.day).days

    @property
    def deadline_passed(self) -> bool:
        return self.version.deadline_on is not None and self.version.deadline_on < self.day

    @property
    def _worth(self) -> tuple[Decimal, date]:
        decision = self.decision
        money = (decision.total if decision.total is not None else decision.most) if decision else None
        return -(money or Decimal(0)), self.closes_on or _FAR


@dataclass(frozen=True, slots=True)
class Offers:
    """All measures that bind where an enterprise is, by answer; each by worth, then by deadline."""

    enterprise: Enterprise
    day: date
    known: dict[str, Known]
    yes: list[Offer] = field(default_factory=list)
    unknown: list[Offer] = field(default_factory=list)
    no: list[Offer] = field(default_factory=list)
    titles: list[Offer] = field(default_factory=list)
    over: list[Offer] = field(default_factory=list)

    @property
    def questions(self) -> Questions:
        open_ = [*self.unknown, *self.yes]
        return best_questions(offer.decision.missing for offer in open_ if offer.decision)

    def of(self, code: str) -> Offer:
        """The offer of a measure. Raises `OutOfScope`."""
        for offer in (*self.yes, *self.unknown, *self.no, *self.titles, *self.over):
            if offer.version.measure.code == code:
                return offer
        raise OutOfScope(f"measure {code}")


def binding_versions(viewer: Viewer, area_id: int, day: date) -> list[MeasureVersion]:
    """The versions that hold, or held last, on a day in an area, one of each measure. Published ones are public."""
    code = area_tree().areas[area_id].code
    begun = MeasureVersion.objects.begun_on(day).values("pk")
    rows = MeasureVersion.objects.filter(pk__in=begun).binding(code)
    return list(rows.select_related("measure", "document").order_by("measure__title", "pk"))


def offers_for(viewer: Viewer, enterprise: Enterprise, day: date, assumed: Mapping[str, Value] | None = None) -> Offers:
    """Every measure answered for an enterprise on a day; `assumed` facts stand in for what is known (what if)."""
    can_see_profile(viewer, enterprise).require()
    known = known_of(viewer, enterprise, day)
    values = values_of(known) | dict(assumed or {})
    found = Offers(enterprise, day, known)
    piles = {Verdict.YES: found.yes, Verdict.UNKNOWN: found.unknown, Verdict.NO: found.no}
    for version in binding_versions(viewer, enterprise.managing_area_id, day):
        rule = version.read()
        decision = None if rule is None else decide(rule, values, day)
        offer = Offer(version, decision, version.ended_by(day), day)
        if offer.is_over:
            found.over.append(offer)
        elif offer.verdict is None:
            found.titles.append(offer)
        else:
            piles[offer.verdict].append(offer)
    for pile in (found.yes, found.unknown, found.no):
        pile.sort(key=lambda offer: offer._worth)
    return found


def changed_by(before: Offers, after: Offers) -> list[tuple[Offer, Offer]]:
    """Where two answers for the same enterprise differ, in verdict or in money."""
    changed = []
    for new in (*after.yes, *after.unknown, *after.no):
        old = before.of(new.version.measure.code)
        if (old.verdict, _money(old)) != (new.verdict, _money(new)):
            changed.append((old, new))
    return changed


def _money(offer: Offer) -> Decimal | None:
    return offer.decision.total if offer.decision else None
