"""The value of a dated fact as people and files write it."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from fugong.base.spreadsheets.logic.issues import BadValue
from fugong.base.spreadsheets.logic.values import read_count, tidy
from fugong.record.registry.enums import FactKind
from fugong.record.registry.logic.capital import HOME, parse_capital
from fugong.record.registry.logic.industries import industry_code, industry_words
from fugong.record.registry.logic.size_words import amount_words

PEOPLE = "人 名 位 个"
LONGEST_TAG = 30
_YES = frozenset({"yes", "y", "true", "1", "是", "规上", "规模以上", "限上", "限额以上", "√", "✓", "✔"})
_NO = frozenset({"no", "n", "false", "0", "否", "规下", "规模以下", "限下", "限额以下", "×", "✗", "✘"})


def read_fact(kind: FactKind, text: str, unit: str = "") -> Decimal | str:
    """People, yuan, an industry code, yes or no, or a tag. `unit`: what the heading of a column says, such as 万元.

    Raises `BadValue`, which says what is wrong and how to mend it.
    """
    match kind:
        case FactKind.HEADCOUNT:
            return _people(text)
        case FactKind.REVENUE | FactKind.ASSETS:
            return _money(text, unit)
        case FactKind.INDUSTRY:
            return _industry(text)
        case FactKind.ABOVE_SCALE:
            return _yes_or_no(text)
    tag = tidy(text)
    if not 0 < len(tag) <= LONGEST_TAG:
        raise BadValue(_("A tag has 1 to %(most)d characters") % {"most": LONGEST_TAG}, _("Shorten it"))
    return tag


def fact_words(kind: FactKind, number: Decimal | None, text: str) -> str:
    """A value as people read it: 350, 4,120 万元, 17 纺织业, yes."""
    if number is not None:
        return amount_words(kind, number)
    if kind == FactKind.INDUSTRY:
        return industry_words(text)
    if kind == FactKind.ABOVE_SCALE:
        return _("yes") if text == "yes" else _("no")
    return text


def _people(text: str) -> Decimal:
    people = read_count(text, units=PEOPLE)
    if people < 0:
        raise BadValue(_("People cannot be negative"), _("Write how many people are employed"))
    return Decimal(people)


def _money(text: str, unit: str) -> Decimal:
    money = parse_capital(text, unit)
    if money.amount is None or money.currency != HOME or money.amount < 0:
        reason = _("“%(value)s” is no sum in yuan") % {"value": text}
        raise BadValue(reason, _("Write the unit behind it, such as 4120万元"))
    return money.amount


def _industry(text: str) -> str:
    code = industry_code(text)
    if not code:
        reason = _("“%(value)s” is no industry of GB/T 4754-2017") % {"value": text}
        raise BadValue(reason, _("Write its code or its name, such as C17 or 纺织业"))
    return code


def _yes_or_no(text: str) -> str:
    word = tidy(text).lower()
    if word in _YES:
        return "yes"
    if word in _NO:
        return "no"
    raise BadValue(_("“%(value)s” is neither yes nor no") % {"value": text}, _("Write 是 or 否"))
