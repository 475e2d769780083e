"""Reading single cells as people write them: counts, decimal numbers, days. Each error says how to mend the cell."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from fugong.base.spreadsheets.logic.convert import NO_VALUE
from fugong.base.spreadsheets.logic.issues import BadValue, Fault
from fugong.base.spreadsheets.logic.numerals import CHARACTERS, chinese_number

# What a spreadsheet program leaves where a formula failed.
FORMULA_ERRORS = frozenset(
    {NO_VALUE, "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#N/A", "#SPILL!", "#CALC!"}
)

_NOTHING = frozenset(
    {
        "",
        "-",
        "--",
        "—",
        "——",
        "－",
        "/",
        "\\",
        "n/a",
        "na",
        "null",
        "none",
        "nil",
        "nan",
        "无",
        "空",
        "暂无",
        "未填",
        "不详",
    }
)
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d{1,2})?", re.ASCII)
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ t]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?", re.ASCII)
_COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
# As people write what they do not know exactly; the unit may stand inside (60人左右).
_ABOUT = re.compile(
    r"(大约|大概|约|将近|接近|近|不足|不到|超过|多于|about|approx\.?|ca\.?|[~≈])?"
    rf"(\d{{1,12}}|\d{{1,3}}(?:,\d{{3}})+|[{CHARACTERS}]+)[人名个户]?"
    r"(余|多|来|左右|上下|以上|以下|以内|\+)?[人名个户]?"
)
_RANGE = re.compile(r"(\d{1,12})[人名个户]?[-~—–至到](\d{1,12})[人名个户]?")
_LARGEST_COUNT = 10**9
_LONGEST_NUMBER = 40
_MOST_DIGITS = 15  # before the point: rounding more of them is beyond the precision of decimals


def is_nothing(text: str) -> bool:
    """The cell is empty, or says that there is nothing to say (N/A, 无, —)."""
    return text.lower() in _NOTHING


def tidy(text: str) -> str:
    """One line of text: without invisible characters, each run of white space a single space."""
    return " ".join(text.translate(_INVISIBLE).split())


def formula_error(text: str) -> Fault:
    """For a cell that holds one of `FORMULA_ERRORS`."""
    if text == NO_VALUE:
        return Fault(
            _("The cell has a formula, and the file does not hold its value"),
            _("Open the file in a spreadsheet program and save it anew, or type the value"),
        )
    return Fault(_("The formula in this cell has no result"), _("Mend the formula, or type the value"))


def _plain(text: str, units: str) -> str:
    """Half-width, lower case, without spaces and without one trailing unit."""
    plain = "".join(unicodedata.normalize("NFKC", text).translate(_INVISIBLE).lower().split())
    for unit in units.split():
        if plain.endswith(unit):
            return plain[: -len(unit)]
    return plain


def _not_a_number(text: str, plain: str) -> BadValue:
    said = chinese_number(plain)
    about, range_ = _ABOUT.fullmatch(plain), _RANGE.fullmatch(plain)
    if range_:
        mend = _("Write one number between %(least)s and %(most)s, the exact one if you can ask for it")
        return BadValue(
            _("“%(value)s” is a range, not a number") % {"value": text}, mend % {"least": range_[1], "most": range_[2]}
        )
    near = about and (about[2] if about[2][0].isdecimal() else chinese_number(about[2]))
    if about and near is not None and (about[1] or about[3]):
        mend = _("Write %(number)s, or the exact number if you can ask for it")
        return BadValue(_("“%(value)s” is not an exact number") % {"value": text}, mend % {"number": near})
    if said is None:
        return BadValue(_("“%(value)s” is not a number") % {"value": text}, _("Write digits only, such as 120"))
    return BadValue(_("“%(value)s” is not a number") % {"value": text}, _("Write %(number)s") % {"number": f"{said:f}"})


def read_decimal(text: str, *, units: str = "") -> Decimal:
    """A decimal number; `1,200.5` and full-width digits are understood.

    `units`: words, separated by spaces, one of which may follow the number (“天”). Raises `BadValue`.
    """
    plain = _plain(text, units)
    if len(plain) > _LONGEST_NUMBER or not _NUMBER.fullmatch(plain):
        raise _not_a_number(text, plain)
    number = Decimal(plain.replace(",", ""))
    if number.adjusted() >= _MOST_DIGITS:
        raise BadValue(_("%(value)s is more than can be") % {"value": text}, _("Check the number"))
    return number


def read_count(text: str, *, units: str = "") -> int:
    """A whole number, negative ones included. Raises `BadValue` also for fractions and for 1,000,000,000 or more."""
    if len(text) < 10 and text.isascii() and text.isdigit():
        return int(text)
    number = read_decimal(text, units=units)
    if abs(number) >= _LARGEST_COUNT:
        raise BadValue(_("%(value)s is more than can be") % {"value": text}, _("Check the number"))
    if number != number.to_integral_value():
        raise BadValue(_("%(value)s is not a whole number") % {"value": text}, _("Write a whole number"))
    return int(number)


def rounded(number: Decimal, places: int) -> Decimal:
    """Half-up to at most this many decimal places; a number with fewer stays as written."""
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -places <= exponent <= 0:
        return number
    return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def read_day(text: str) -> date:
    """A calendar day: 2020-03-24, 2020/3/24, 2020.3.24, 20200324, 2020年3月24日; a time of day behind it is dropped.

    Raises `BadValue`, also for a day that the calendar does not have and for one without a year.
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).translate(_INVISIBLE).lower().split())
    match = _DAY.fullmatch(plain) or _COMPACT_DAY.fullmatch(plain)
    if match is None:
        raise BadValue(_("“%(value)s” is not a date") % {"value": text}, _("Write it as 2020-03-24"))
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise BadValue(
            _("The calendar has no day %(value)s") % {"value": text}, _("Check year, month and day")
        ) from None
