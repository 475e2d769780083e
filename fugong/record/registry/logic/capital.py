"""Registered capital as licences and exports write it, parsed to a sum in whole units and an ISO 4217 currency."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from fugong.base.spreadsheets.logic import numerals
from fugong.base.spreadsheets.logic.issues import Fault
from fugong.base.spreadsheets.logic.values import is_nothing, rounded

# What a sum without the name of a currency is in: 元 on a Chinese licence.
HOME = "CNY"

# Longer names before shorter ones that end the same way: 新加坡元 before 元, HK$ before $.
_CURRENCIES = {
    "CNY": ("人民币", "RMB", "CNY", "CN¥", "¥"),
    "HKD": ("港元", "港币", "港幣", "HKD", "HK$"),
    "TWD": ("新台币", "新臺幣", "台湾元", "台币", "TWD", "NT$"),
    "MOP": ("澳门元", "澳门币", "MOP"),
    "AUD": ("澳大利亚元", "澳元", "AUD", "AU$"),
    "CAD": ("加拿大元", "加元", "加币", "CAD", "CA$"),
    "SGD": ("新加坡元", "新加坡币", "新元", "SGD", "S$"),
    "NZD": ("新西兰元", "NZD"),
    "USD": ("美元", "美金", "USD", "US$", "$"),
    "EUR": ("欧元", "EUR", "€"),
    "JPY": ("日元", "日圆", "日币", "JPY"),
    "KRW": ("韩国元", "韩元", "韩圆", "韩币", "KRW"),
    "GBP": ("英镑", "GBP", "£"),
    "CHF": ("瑞士法郎", "CHF"),
    "SEK": ("瑞典克朗", "SEK"),
    "DKK": ("丹麦克朗", "DKK"),
    "NOK": ("挪威克朗", "NOK"),
    "RUB": ("卢布", "RUB"),
    "THB": ("泰铢", "THB"),
    "MYR": ("马来西亚林吉特", "林吉特", "马币", "MYR"),
    "DEM": ("德国马克", "马克", "DEM"),
    "FRF": ("法国法郎", "FRF"),
}
_CODES = {name: code for code, names in _CURRENCIES.items() for name in names}
_CURRENCY = re.compile("|".join(re.escape(name) for name in sorted(_CODES, key=len, reverse=True)))
_MULTIPLIERS = {"亿": 10**8, "億": 10**8, "万": 10**4, "萬": 10**4, "千": 10**3, "百": 10**2}
_UNIT = re.compile(rf"[{''.join(_MULTIPLIERS)}]")
_IGNORED = re.compile(r"[()\[\]【】:;元圆整]|注册资[本金]|约|大写")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_PART = re.compile(rf"(\d+(?:\.\d+)?(?:E[+-]?\d{{1,2}})?)([{''.join(_MULTIPLIERS)}]*)", re.ASCII)
_LONGEST = 60
_LARGEST = Decimal(10) ** 16
_CENTS = 2


class Capital(NamedTuple):
    """A sum in units of the currency (yuan, not ten thousand yuan); both None where nothing is known.

    `warning` says what is doubtful about the text; the row is taken all the same.
    """

    amount: Decimal | None
    currency: str | None
    warning: Fault | None


_UNKNOWN = Capital(None, None, None)


def _doubtful(reason: str) -> Capital:
    return Capital(None, None, Fault(reason, _("Enter it as on the licence, such as 300万元人民币")))


def _sum_of(text: str) -> Decimal | None:
    """300万 → 3000000, 1亿2000万 → 120000000, 叁佰万 → 3000000; None for anything else."""
    if any(character in numerals.CHARACTERS and character not in _MULTIPLIERS for character in text):
        return numerals.chinese_number(text)
    total, end = Decimal(0), 0
    for match in _PART.finditer(text):
        if match.start() != end:
            return None
        factor = 1
        for multiplier in match[2]:
            factor *= _MULTIPLIERS[multiplier]
        total += Decimal(match[1]) * factor
        end = match.end()
    return total if end == len(text) and end else None


def _plain(text: str) -> str:
    wide = unicodedata.normalize("NFKC", text).upper()
    return "".join(wide.split())


def unit_in(heading: str) -> str:
    """The unit that a column's heading gives for all its cells: 注册资本（万元） → 万元. Empty without one."""
    match = re.search(r"\(([^()]*)\)", _plain(heading))
    unit = match[1] if match else ""
    return unit if _UNIT.search(unit) or "元" in unit or _CURRENCY.search(unit) else ""


def parse_capital(text: str, unit: str = "") -> Capital:
    """Parse a registered capital. `unit` applies to a text that has neither multiplier nor currency (see `unit_in`).

    Empty, N/A and the like are no capital and no warning; a unit without a number (万人民币) is none with a warning;
    zero is zero. A number without any unit is taken as it stands, in yuan, with a warning. Rounded half-up to cents.
    """
    if is_nothing(text):
        return _UNKNOWN
    if len(text) > _LONGEST:
        return _doubtful(_("This is no capital: the text is too long"))
    plain = _plain(text)
    bare = not (_UNIT.search(plain) or _CURRENCY.search(plain) or "元" in plain or "圆" in plain)
    if bare and unit:
        plain, bare = plain + unit, False
    currencies = {_CODES[name] for name in _CURRENCY.findall(plain)}
    number = _THOUSANDS.sub("", _IGNORED.sub("", _CURRENCY.sub("", plain)))
    if len(currencies) > 1:
        return _doubtful(_("“%(value)s” names two currencies") % {"value": text})
    if not re.search(rf"[\d{numerals.CHARACTERS}]", _UNIT.sub("", number)):
        if currencies or _UNIT.search(plain) or not bare:
            return _doubtful(_("“%(value)s” has a unit and no number; taken as unknown") % {"value": text})
        return _doubtful(_("“%(value)s” is no sum of money; taken as unknown") % {"value": text})
    amount = _sum_of(number)
    if amount is None or amount >= _LARGEST:
        return _doubtful(_("“%(value)s” is no sum of money; taken as unknown") % {"value": text})
    amount = rounded(amount, _CENTS)
    if amount == amount.to_integral_value():
        amount = amount.to_integral_value()
    return Capital(amount, next(iter(currencies), HOME), _without_unit(text) if bare and amount else None)


def _without_unit(text: str) -> Fault:
    return Fault(
        _("“%(value)s” has no unit; taken as yuan") % {"value": text},
        _("Write 万元 behind it if that is what is meant"),
    )
