"""Conditions and values in the words of the reader."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from fugong.record.registry.enums import EnterpriseKind, SizeClass
from fugong.record.registry.logic.industries import industry_words
from fugong.services.policies.logic import rule as r
from fugong.services.policies.logic.deciding import Checked
from fugong.services.policies.logic.facts import Fact, Value, facts
from fugong.services.policies.logic.parsing import DAY

_CHOICES: dict[str, dict[str, object]] = {"size": dict(SizeClass.choices), "kind": dict(EnterpriseKind.choices)}


def unit_words(fact: Fact) -> str:
    """人, 元, …; empty for what has no unit."""
    units = {
        "people": _("people"),
        "yuan": _("yuan"),
        "months": _("months"),
        "years": _("years"),
        "m2": _("m²"),
    }
    return units.get(fact.unit, "")


def number_words(number: Decimal, unit: str = "") -> str:
    """4,120,000元; without zeros at the end."""
    text = f"{number:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    text = text.replace("-", "\u2212")
    return f"{text} {unit}" if unit and unit[0].isascii() else f"{text}{unit}"


def value_words(name: str, value: Value) -> str:
    """A value of a fact as people write it."""
    fact = facts().get(name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal):
        return number_words(value, unit_words(fact) if fact else "")
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, frozenset):
        return _("; ").join(sorted(value - {"-"})) or _("none")
    if name == "industry":
        return industry_words(value)
    return str(_CHOICES.get(name, {}).get(value, value))


def fact_label(name: str) -> str:
    """The name of a fact, or of the day asked about."""
    return _("the day") if name == DAY else facts()[name].label


def condition_words(condition: r.Condition) -> str:
    """What must hold, in one line."""
    match condition:
        case r.All(parts):
            return _("; and ").join(condition_words(part) for part in parts) or _("all enterprises")
        case r.Any(parts):
            return _(", or ").join(condition_words(part) for part in parts)
        case r.Not(part):
            return _("not: %(what)s") % {"what": condition_words(part)}
        case r.Undefined(what):
            return _("%(what)s (not defined in the text)") % {"what": what}
        case r.Share(part, whole, bounds):
            label = _("%(part)s ÷ %(whole)s") % {"part": amount_words(part), "whole": amount_words(whole)}
            return _about(label, _bound_words(bounds, percent=True))
        case r.Between(subject, bounds):
            unit = unit_words(facts()[subject.fact]) if isinstance(subject, r.FactNumber) else ""
            return _about(amount_words(subject), _bound_words(bounds, unit))
        case r.DayBetween(fact, bounds):
            return _about(fact_label(fact), _bound_words(bounds))
        case r.Is(fact, wanted):
            return fact_label(fact) if wanted else _about(fact_label(fact), _("no"))
        case r.OneOf(fact, values) | r.Begins(fact, values):
            return _about(fact_label(fact), _(" / ").join(_code_words(fact, value) for value in values))
        case r.Tagged(tag):
            return _about(_("on the list"), tag)


def _about(label: str, said: str) -> str:
    return _("%(label)s: %(said)s") % {"label": label, "said": said}


def _code_words(fact: str, code: str) -> str:
    return _("code %(code)s…") % {"code": code} if fact == "area" else value_words(fact, code)


def _bound_words(bounds: r.Bounds, unit: str = "", *, percent: bool = False) -> str:
    def said(value: Decimal | date) -> str:
        if isinstance(value, date):
            return f"{value:%Y-%m-%d}"
        return number_words(value * 100, "%") if percent else number_words(value, unit)

    low, high = bounds.low, bounds.high
    if low is not None and high is not None and not bounds.low_excluded and not bounds.high_excluded:
        return f"{said(low)} – {said(high)}"
    parts = []
    if low is not None:
        parts.append(f"{'>' if bounds.low_excluded else '≥'} {said(low)}")
    if high is not None:
        parts.append(f"{'<' if bounds.high_excluded else '≤'} {said(high)}")
    return _(" and ").join(parts)


def amount_words(amount: r.Amount) -> str:
    """A formula: 复工后新招用并参保人数 × 1,000."""
    match amount:
        case r.Number(value):
            return number_words(value)
        case r.FactNumber(fact):
            return fact_label(fact)
        case r.Unpublished(what):
            return _("%(what)s (not published)") % {"what": what}
        case r.Combined(how, parts):
            words = [amount_words(part) for part in parts]
            if how in ("plus", "times"):
                return (" + " if how == "plus" else " × ").join(words)
            told = _("the least of (%(parts)s)") if how == "least" else _("the greatest of (%(parts)s)")
            return told % {"parts": _("; ").join(words)}
        case r.Minus(whole, less):
            return f"{amount_words(whole)} \u2212 {amount_words(less)}"
        case r.Tiered(of, tiers):
            steps = (f"{_bound_words(bounds)} → {amount_words(give)}" for bounds, give in tiers)
            return _about(amount_words(of), _("; ").join(steps))
        case r.Dated(fact, dated):
            steps = (f"{day:%Y-%m-%d} → {amount_words(give)}" for day, give in dated)
            return _about(fact_label(fact), _("; ").join(steps))
        case r.Depending(condition, yes, no):
            return _("if %(condition)s: %(yes)s, else %(no)s") % {
                "condition": condition_words(condition),
                "yes": amount_words(yes),
                "no": amount_words(no),
            }


def worked_words(amount: r.Amount, values: dict[str, Value]) -> str:
    """The formula of a product with the numbers in it: 25人 × 1,000; else the formula."""
    if isinstance(amount, r.Combined) and amount.how == "times":
        return " × ".join(_filled(part, values) for part in amount.parts)
    return _filled(amount, values)


def _filled(amount: r.Amount, values: dict[str, Value]) -> str:
    known = values.get(amount.fact) if isinstance(amount, r.FactNumber) else None
    return (
        value_words(amount.fact, known)
        if isinstance(amount, r.FactNumber) and known is not None
        else (amount_words(amount))
    )


def found_words(checked: Checked) -> str:
    """What the enterprise has instead; empty where there is nothing to say."""
    if checked.found is None:
        return ""
    condition = checked.condition
    if getattr(condition, "fact", "") == "area":
        return ""  # everybody knows where they are
    if isinstance(condition, r.Share) and isinstance(checked.found, Decimal):
        return number_words((checked.found * 100).quantize(Decimal("0.01")), "%")
    if isinstance(condition, r.Not):
        return found_words(checked.parts[0])
    if isinstance(condition, r.Between):
        name = condition.subject.fact if isinstance(condition.subject, r.FactNumber) else ""
        return value_words(name, checked.found)
    return value_words(getattr(condition, "fact", ""), checked.found)


def gap_words(checked: Checked) -> str:
    """By how much it lies outside: 差1,500,000元, 差3天."""
    if checked.gap is None or checked.answer is not False:
        return ""
    if isinstance(checked.gap, int):
        return _("%(days)s days off") % {"days": checked.gap} if checked.gap else _("on the bound itself")
    if checked.gap == 0:
        return _("on the bound itself")
    if isinstance(checked.condition, r.Share):
        return _("%(points)s points off") % {"points": number_words((checked.gap * 100).quantize(Decimal("0.01")))}
    subject = checked.condition.subject if isinstance(checked.condition, r.Between) else None
    unit = unit_words(facts()[subject.fact]) if isinstance(subject, r.FactNumber) else ""
    return _("%(amount)s off") % {"amount": number_words(checked.gap, unit)}
