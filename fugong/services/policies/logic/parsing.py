"""Reads a rule from JSON and checks it: every fault names its place, as `when.all[1].at_least`."""

from __future__ import annotations

import math
import typing
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from fugong.services.policies.logic import rule as r
from fugong.services.policies.logic.facts import MOST, NUMBERS, Fact, facts

_BOUNDS = {
    "at_least": ("low", False),
    "above": ("low", True),
    "at_most": ("high", False),
    "below": ("high", True),
}
_COMBINED = ("plus", "times", "least", "greatest")
_MOST_PARTS = 50
_DEEPEST = 12
_FINEST = -10
# What any amount may come to, facts and numbers at their most: fifty lines of it fit the column (models/standing.py).
_MOST_AMOUNT = Decimal(10) ** 36
# The day asked about, where a rule names it instead of a fact.
DAY = "day"

Json = typing.Any


class BadRule(ValueError):
    """A rule cannot be read: `path` says where, `message` why and how to mend it."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path or 'rule'}: {message}")
        self.path = path
        self.message = message


def read_rule(data: Json) -> r.Rule:
    """The rule of a JSON object with `when`, `lines`, `cap` and `no_other_grant_for`. Raises `BadRule`."""
    _only(data, "", ("when", "lines", "cap", "no_other_grant_for"))
    when = read_condition(data["when"], "when") if "when" in data else r.All(())
    thing = data.get("no_other_grant_for")
    if thing is not None:
        granted = r.Is(_fact(f"granted_{thing}", "no_other_grant_for", ("yes_no",)).name, wanted=False)
        when = r.All((*when.parts, granted) if isinstance(when, r.All) else (when, granted))
    lines = data.get("lines", [])
    if not isinstance(lines, list):
        raise BadRule("lines", _("Give a list of lines, each with name and amount."))
    read = tuple(_line(line, f"lines[{number}]") for number, line in enumerate(lines))
    return r.Rule(when, read, _cap(data, ""))


def _line(data: Json, path: str) -> r.Line:
    _only(data, path, ("name", "amount", "when", "cap"))
    names = data.get("name")
    if not isinstance(names, dict) or not all(isinstance(names.get(key), str) and names[key] for key in ("zh", "en")):
        raise BadRule(f"{path}.name", _("Name the line in both languages: zh and en."))
    if "amount" not in data:
        raise BadRule(path, _("Say the amount of this line."))
    return r.Line(
        (names["zh"], names["en"]),
        read_amount(data["amount"], f"{path}.amount"),
        read_condition(data["when"], f"{path}.when") if "when" in data else r.All(()),
        _cap(data, path),
    )


def _cap(data: dict[str, Json], path: str) -> Decimal | None:
    if data.get("cap") is None:
        return None
    cap = _number(data["cap"], f"{path}.cap".lstrip("."))
    if cap < 0:
        raise BadRule(f"{path}.cap".lstrip("."), _("A cap cannot be negative."))
    return cap


# --- Conditions -----------------------------------------------------------------------------------------------------


def read_condition(data: Json, path: str, depth: int = 0) -> r.Condition:
    """One condition and what lies within it. Raises `BadRule`."""
    if not isinstance(data, dict) or not data:
        raise BadRule(path, _("A condition is an object, such as a fact with its bounds."))
    if depth > _DEEPEST:
        raise BadRule(path, _("Conditions lie too deep within one another."))
    if "all" in data or "any" in data:
        return _group(data, path, depth)
    if "not" in data:
        _only(data, path, ("not",))
        return r.Not(read_condition(data["not"], f"{path}.not", depth + 1))
    if "undefined" in data:
        _only(data, path, ("undefined",))
        return r.Undefined(_text(data["undefined"], f"{path}.undefined"))
    if "share" in data:
        return _share(data, path)
    if "value" in data:
        _only(data, path, ("value", *_BOUNDS))
        return r.Between(read_amount(data["value"], f"{path}.value", depth + 1), _number_bounds(data, path))
    return _test(data, path)


def _group(data: dict[str, Json], path: str, depth: int) -> r.Condition:
    word = "all" if "all" in data else "any"
    _only(data, path, (word,))
    inner = f"{path}.{word}"
    parts = _parts(data[word], inner, lambda part, where: read_condition(part, where, depth + 1))
    return r.All(parts) if word == "all" else r.Any(parts)


def _share(data: dict[str, Json], path: str) -> r.Share:
    _only(data, path, ("share", *_BOUNDS))
    pair = data["share"]
    if not isinstance(pair, list) or len(pair) != 2:
        raise BadRule(f"{path}.share", _("A share is a list of two numbers: the part, the whole."))
    part, whole = (read_amount(one, f"{path}.share[{number}]") for number, one in enumerate(pair))
    return r.Share(part, whole, _number_bounds(data, path))


def _test(data: dict[str, Json], path: str) -> r.Condition:
    if data.get("fact") == DAY:
        _only(data, path, ("fact", *_BOUNDS))
        return r.DayBetween(DAY, _bounds(data, path, _day))
    fact = _fact(data.get("fact"), f"{path}.fact")
    if fact.type in NUMBERS:
        _only(data, path, ("fact", *_BOUNDS))
        return r.Between(r.FactNumber(fact.name), _number_bounds(data, path))
    if fact.type == "date":
        _only(data, path, ("fact", *_BOUNDS))
        return r.DayBetween(fact.name, _bounds(data, path, _day))
    if fact.type == "yes_no":
        _only(data, path, ("fact", "is"))
        if not isinstance(data.get("is"), bool):
            raise BadRule(f"{path}.is", _("Say is: true or false."))
        return r.Is(fact.name, data["is"])
    if fact.type == "tags":
        _only(data, path, ("fact", "has"))
        return r.Tagged(_text(data.get("has"), f"{path}.has"))
    return _code_test(fact, data, path)


def _code_test(fact: Fact, data: dict[str, Json], path: str) -> r.Condition:
    word = "in" if fact.type == "choice" else "begins_with"
    _only(data, path, ("fact", word))
    values = _parts(data.get(word), f"{path}.{word}", _text)
    if fact.type == "choice":
        unknown = sorted(set(values) - set(fact.choices))
        if unknown:
            message = _("%(value)s is none of: %(choices)s.")
            raise BadRule(f"{path}.in", message % {"value": unknown[0], "choices": ", ".join(fact.choices)})
        return r.OneOf(fact.name, values)
    return r.Begins(fact.name, values)


# --- Amounts --------------------------------------------------------------------------------------------------------


def read_amount(data: Json, path: str, depth: int = 0) -> r.Amount:
    """A number, a fact, or what is computed from them. Raises `BadRule`, also where it could grow beyond all money."""
    amount = _amount(data, path, depth)
    if _at_most(amount) > _MOST_AMOUNT:
        raise BadRule(path, _("This could grow beyond all money: multiply fewer facts, or by smaller numbers."))
    return amount


def _at_most(amount: r.Amount) -> Decimal:
    """Above or below zero it cannot come to more than this, whatever the facts are."""
    match amount:
        case r.Number(value):
            return max(value, -value)
        case r.FactNumber():
            return MOST
        case r.Unpublished():
            return Decimal(0)
        case r.Combined(how, parts):
            most = [_at_most(part) for part in parts]
            if how == "times":
                return math.prod(most, start=Decimal(1))
            return sum(most, Decimal(0)) if how == "plus" else max(most)
        case r.Minus(whole, less):
            return _at_most(whole) + _at_most(less)
        case r.Tiered(_of, tiers):
            return max(_at_most(give) for _bounds, give in tiers)
        case r.Dated(_fact, steps):
            return max(_at_most(give) for _day, give in steps)
        case r.Depending(_condition, yes, no):
            return max(_at_most(yes), _at_most(no))


def _amount(data: Json, path: str, depth: int) -> r.Amount:
    if depth > _DEEPEST:
        raise BadRule(path, _("Amounts lie too deep within one another."))
    if not isinstance(data, dict):
        return r.Number(_number(data, path))
    for word in _COMBINED:
        if word in data:
            _only(data, path, (word,))
            read = _parts(data[word], f"{path}.{word}", lambda part, where: read_amount(part, where, depth + 1))
            return r.Combined(word, read)
    if "fact" in data:
        _only(data, path, ("fact",))
        return r.FactNumber(_fact(data["fact"], f"{path}.fact", NUMBERS).name)
    if "unpublished" in data:
        _only(data, path, ("unpublished",))
        return r.Unpublished(_text(data["unpublished"], f"{path}.unpublished"))
    for word, read_it in (("minus", _minus), ("tiers", _tiered), ("steps", _dated), ("if", _depending)):
        if word in data:
            return read_it(data, path, depth + 1)
    raise BadRule(path, _("An amount is a number, a fact, or one of: %(words)s.") % {"words": ", ".join(_AMOUNTS)})


_AMOUNTS = ("unpublished", *_COMBINED, "minus", "tiers", "steps", "if")


def _minus(data: dict[str, Json], path: str, depth: int) -> r.Amount:
    _only(data, path, ("minus",))
    pair = data["minus"]
    if not isinstance(pair, list) or len(pair) != 2:
        raise BadRule(f"{path}.minus", _("A difference is a list of two numbers."))
    whole, less = (read_amount(one, f"{path}.minus[{number}]", depth) for number, one in enumerate(pair))
    return r.Minus(whole, less)


def _tiered(data: dict[str, Json], path: str, depth: int) -> r.Amount:
    _only(data, path, ("of", "tiers"))
    tiers = _parts(data["tiers"], f"{path}.tiers", lambda tier, where: _tier(tier, where, depth))
    return r.Tiered(read_amount(data.get("of"), f"{path}.of", depth), tiers)


def _tier(data: Json, path: str, depth: int) -> tuple[r.Bounds, r.Amount]:
    _only(data, path, ("give", *_BOUNDS))
    return _number_bounds(data, path), read_amount(data.get("give"), f"{path}.give", depth)


def _dated(data: dict[str, Json], path: str, depth: int) -> r.Amount:
    _only(data, path, ("by", "steps"))
    by = data.get("by", DAY)
    name = DAY if by == DAY else _fact(by, f"{path}.by", ("date",)).name
    steps = _parts(data["steps"], f"{path}.steps", lambda step, where: _step(step, where, depth))
    days = [day for day, _give in steps]
    if days != sorted(set(days)):
        raise BadRule(f"{path}.steps", _("Each step must begin later than the one before it."))
    return r.Dated(name, steps)


def _step(data: Json, path: str, depth: int) -> tuple[date, r.Amount]:
    _only(data, path, ("from", "give"))
    return _day(data.get("from"), f"{path}.from"), read_amount(data.get("give"), f"{path}.give", depth)


def _depending(data: dict[str, Json], path: str, depth: int) -> r.Amount:
    _only(data, path, ("if", "then", "else"))
    return r.Depending(
        read_condition(data["if"], f"{path}.if", depth),
        read_amount(data.get("then"), f"{path}.then", depth),
        read_amount(data.get("else", 0), f"{path}.else", depth),
    )


# --- Small parts ----------------------------------------------------------------------------------------------------

P = typing.TypeVar("P")


def _only(data: Json, path: str, words: Iterable[str]) -> None:
    if not isinstance(data, dict):
        raise BadRule(path, _("This must be an object with: %(words)s.") % {"words": ", ".join(words)})
    strange = sorted(set(data) - set(words))
    if strange:
        message = _("Not known here. Possible: %(words)s.") % {"words": ", ".join(words)}
        raise BadRule(f"{path}.{strange[0]}".lstrip("."), message)


def _parts(data: Json, path: str, read: Callable[[Json, str], P]) -> tuple[P, ...]:
    if not isinstance(data, list) or not 1 <= len(data) <= _MOST_PARTS:
        raise BadRule(path, _("Give a list of 1 to %(most)s parts.") % {"most": _MOST_PARTS})
    return tuple(read(part, f"{path}[{number}]") for number, part in enumerate(data))


def _fact(name: Json, path: str, types: Iterable[str] = ()) -> Fact:
    fact = facts().get(name) if isinstance(name, str) else None
    if fact is None:
        raise BadRule(path, _("There is no fact called %(name)s.") % {"name": name})
    if types and fact.type not in types:
        message = _("%(name)s is of type %(type)s; here stands one of: %(types)s.")
        raise BadRule(path, message % {"name": name, "type": fact.type, "types": ", ".join(types)})
    return fact


def _number(data: Json, path: str) -> Decimal:
    try:
        number = Decimal(str(data)) if isinstance(data, int | float | str | Decimal) else None
    except InvalidOperation:
        number = None
    if number is None or isinstance(data, bool) or not number.is_finite():
        raise BadRule(path, _("Write a number here."))
    exponent = number.as_tuple().exponent
    if not -MOST <= number <= MOST or not isinstance(exponent, int) or exponent < _FINEST:
        message = _("Write a number of at most %(most)s, with at most %(places)s decimals.")
        raise BadRule(path, message % {"most": f"{MOST:,f}", "places": -_FINEST})
    return number


def _day(data: Json, path: str) -> date:
    try:
        return data if isinstance(data, date) else date.fromisoformat(data)
    except (TypeError, ValueError):
        raise BadRule(path, _("Write a day here: 2020-03-24.")) from None


def _text(data: Json, path: str) -> str:
    if not isinstance(data, str) or not data.strip():
        raise BadRule(path, _("Write a word here."))
    return data.strip()


def _number_bounds(data: dict[str, Json], path: str) -> r.Bounds:
    return _bounds(data, path, _number)


def _bounds(data: dict[str, Json], path: str, read: Callable[[Json, str], Decimal | date]) -> r.Bounds:
    found: dict[str, typing.Any] = {}
    for word, (side, excluded) in _BOUNDS.items():
        if word in data:
            if side in found:
                raise BadRule(f"{path}.{word}", _("One bound on each side is enough."))
            found |= {side: read(data[word], f"{path}.{word}"), f"{side}_excluded": excluded}
    if not found:
        raise BadRule(path, _("Give a bound: %(words)s.") % {"words": ", ".join(_BOUNDS)})
    if "low" in found and "high" in found and found["low"] > found["high"]:
        raise BadRule(path, _("The lower bound lies above the upper one: nothing could fulfil it."))
    return r.Bounds(**found)
