"""The cells of a daily report, each read as its column asks. Readers raise `BadValue`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import TypeVar

from django.utils.translation import gettext as _

from fugong.base.spreadsheets.logic.damage import damaged
from fugong.base.spreadsheets.logic.issues import BadValue
from fugong.base.spreadsheets.logic.values import (
    FORMULA_ERRORS,
    formula_error,
    is_nothing,
    read_count,
    read_day,
    read_decimal,
    rounded,
    tidy,
)
from fugong.record.reporting.enums import ReportState

T = TypeVar("T")

STATE_NAMES: dict[str, tuple[str, ...]] = {
    ReportState.OPEN.value: (
        "开工", "已开工", "全面开工", "全部开工", "正常开工", "复工", "已复工", "全面复工", "全部复工", "复产",
        "正常", "正常生产", "生产", "在产", "营业", "正常营业", "开业", "是", "yes",
    ),
    ReportState.PARTIAL.value: (
        "部分开工", "部分复工", "部分生产", "部分复产", "部分营业", "部分", "半开工", "partly open", "partially open",
    ),
    ReportState.CLOSED.value: (
        "未开工", "停工", "停产", "未复工", "未复产", "未生产", "关闭", "停业", "歇业", "未营业", "未开业", "否",
        "no",
    ),
}  # fmt: skip
_STATES = {spelling: state for state, names in STATE_NAMES.items() for spelling in (state, *names)}
_SEPARATORS = re.compile(r"[;,、|/\n]+")
_PEOPLE = "人 名 位 个"
_DAYS = "天 日 days day"
_PLACES = 1
_LONGEST_REMARK = 1000
_MOST_REMEMBERED = 50_000


class Remembered(dict[str, T]):
    """A reader that reads each text once: the cells of a large file repeat. A text that cannot be read raises again."""

    def __init__(self, reader: Callable[[str], T]) -> None:
        super().__init__()
        self._reader = reader

    def __missing__(self, text: str) -> T:
        value = self._reader(text)
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        self[text] = value
        return value


def _spelling(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def _only_value(text: str) -> None:
    """Raises `BadValue` for what a failed formula leaves."""
    if text in FORMULA_ERRORS:
        raise BadValue(*formula_error(text))


def state_reader() -> Callable[[str], str]:
    """The state, in the words of `STATE_NAMES`."""
    known = {_spelling(name): state for name, state in _STATES.items()}

    def read(text: str) -> str:
        _only_value(text)
        if is_nothing(text):
            raise BadValue(_("The state is missing"), _("Write open, partial or closed"))
        state = known.get(_spelling(text))
        if state is None:
            raise BadValue(_("“%(value)s” is no state") % {"value": text}, _("Write open, partial or closed"))
        return state

    return read


def day_reader(first: date | None, last: date) -> Callable[[str], date]:
    """The day, within the incident (`first` may be open) and not after `last`, which is today."""

    def read(text: str) -> date:
        _only_value(text)
        if is_nothing(text):
            raise BadValue(_("The day is missing"), _("Write it as 2020-03-24"))
        day = read_day(text)
        if day > last:
            shown = {"day": day.isoformat(), "today": last.isoformat()}
            raise BadValue(_("%(day)s is later than today, %(today)s") % shown, _("Check the date"))
        if first is not None and day < first:
            raise BadValue(
                _("%(day)s lies before the incident, which began on %(first)s")
                % {"day": day.isoformat(), "first": first.isoformat()},
                _("Check the date"),
            )
        return day

    return read


def read_people(text: str) -> int:
    """A number of people; an empty cell is not nobody."""
    _only_value(text)
    if is_nothing(text):
        raise BadValue(_("The number of people is missing"), _("Write it; 0 if there is nobody"))
    return read_count(text, units=_PEOPLE)


def read_percent(text: str) -> Decimal | None:
    """Per cent with or without the sign, None for an empty cell. Half-up to one place."""
    _only_value(text)
    return None if is_nothing(text) else rounded(read_decimal(text, units="%"), _PLACES)


def read_supply_days(text: str) -> Decimal | None:
    """Days, None for an empty cell. Half-up to one place."""
    _only_value(text)
    return None if is_nothing(text) else rounded(read_decimal(text, units=_DAYS), _PLACES)


def list_reader(codes: Mapping[str, str]) -> Callable[[str], tuple[str, ...]]:
    """Codes or labels of a playbook's list, parted by ; , 、 | /, in the order of the list.

    `codes`: code or label → code.
    """
    known = {_spelling(name): code for name, code in codes.items()}
    order = {code: place for place, code in enumerate(dict.fromkeys(codes.values()))}

    def read(text: str) -> tuple[str, ...]:
        _only_value(text)
        found: dict[str, None] = {}
        for part in _SEPARATORS.split(unicodedata.normalize("NFKC", text)):
            if is_nothing(part.strip()):
                continue
            code = known.get(_spelling(part))
            if code is None:
                raise BadValue(
                    _("“%(value)s” is not in the list of obstacles") % {"value": part.strip()},
                    _("Choose from: %(list)s") % {"list": "; ".join(dict.fromkeys(codes.values()))},
                )
            found[code] = None
        # The form sends them in this order too: the same said otherwise is no correction.
        return tuple(sorted(found, key=order.__getitem__))

    return read


def read_remark(text: str) -> str:
    """A free text on one line."""
    _only_value(text)
    if damaged(text):
        raise BadValue(
            _("Characters are damaged by a wrong encoding"),
            _("Take the text from the original file; save as UTF-8 or .xlsx"),
        )
    remark = tidy(text)
    if is_nothing(remark):
        return ""
    if len(remark) > _LONGEST_REMARK:
        raise BadValue(
            _("The text has %(count)d characters; at most %(limit)d are kept")
            % {"count": len(remark), "limit": _LONGEST_REMARK},
            _("Shorten it"),
        )
    return remark


def item_reader(kind: str) -> Callable[[str], str]:
    """A further item of the playbook (integer, decimal or text) as the text that is stored; empty for an empty cell."""

    def read(text: str) -> str:
        _only_value(text)
        if is_nothing(text):
            return ""
        if kind == "text":
            return read_remark(text)
        number = read_decimal(text) if kind == "decimal" else Decimal(read_count(text, units=_PEOPLE))
        if number < 0:
            raise BadValue(_("%(value)s is below zero") % {"value": text}, _("Write 0 or more"))
        return f"{number:f}"

    return read
