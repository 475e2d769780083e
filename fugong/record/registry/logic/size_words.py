"""The rule behind a size class, in words: which bounds decided, or what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fugong.record.registry.enums import FactKind, SizeClass
from fugong.record.registry.logic.size import Bound, IndustryGroup, Size

_MYRIAD = Decimal(10_000)


def amount_words(kind: FactKind, value: Decimal) -> str:
    """350; 2,000 万元 for yuan, since the standard states money in ten thousands."""
    if kind is FactKind.HEADCOUNT:
        return f"{value.normalize():,f}"
    return _("%(amount)s ten thousand yuan") % {"amount": f"{(value / _MYRIAD).normalize():,f}"}


def group_words(group: IndustryGroup) -> str:
    return group.zh if (get_language() or "zh").startswith("zh") else group.en


def _compared(bound: Bound, facts: Mapping[FactKind, Decimal]) -> str:
    value = facts.get(bound.measure)
    sign = "≥" if bound.holds(facts) else "<"
    return f"{bound.measure.label} {amount_words(bound.measure, value or Decimal(0))} {sign} {_least(bound)}"


def _least(bound: Bound) -> str:
    return amount_words(bound.measure, bound.least)


def size_label(size: Size) -> str:
    """medium; unknown; not classed."""
    if size.size is not None:
        return str(size.size.label)
    return _("not classed") if size.excluded else _("unknown")


def rule_words(size: Size, facts: Mapping[FactKind, Decimal]) -> list[str]:
    """Sentences that say why: `Industry: headcount 350 ≥ 300, …`; `unknown: headcount missing`."""
    if size.excluded:
        return [_("The standard does not cover this unit or its industry.")]
    if size.too_coarse:
        return [_("unknown: the industry is too coarse; give at least two digits of its code")]
    if size.size is None:
        return _unknown(size)
    assert size.group is not None
    name = {"industry": group_words(size.group), "source": size.group.source}
    sentences = [_("%(industry)s, by %(source)s.") % name]
    if size.met:
        sentences.append(
            _("%(size)s, since all hold: %(bounds)s.")
            % {"size": size.size.label, "bounds": _joined([_compared(bound, facts) for bound in size.met])}
        )
    if size.failed:
        above = size.failed[0].size.label
        bounds = _joined([_compared(bound, facts) for bound in size.failed])
        sentences.append(_("Not %(size)s, since %(bounds)s.") % {"size": above, "bounds": bounds})
    return sentences


def _unknown(size: Size) -> list[str]:
    missing = _joined([str(kind.label) for kind in size.missing])
    sentences = [_("unknown: %(facts)s missing") % {"facts": missing}]
    if size.possible and len(size.possible) < len(SizeClass):
        possible = _joined([str(one.label) for one in size.possible])
        sentences.append(_("What is known leaves: %(sizes)s.") % {"sizes": possible})
    return sentences


def _joined(parts: list[str]) -> str:
    return _(", ").join(parts)
