"""Where an enterprise belongs: the district in its credit code against what the file's own columns say."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from fugong.base.spreadsheets.logic.issues import Fault
from fugong.base.spreadsheets.logic.values import is_nothing

# First two digits of GB/T 2260. A city's own area table need not hold its province, files name it all the same.
_PROVINCES = {
    "北京市": "11", "天津市": "12", "河北省": "13", "山西省": "14", "内蒙古自治区": "15", "辽宁省": "21",
    "吉林省": "22", "黑龙江省": "23", "上海市": "31", "江苏省": "32", "浙江省": "33", "安徽省": "34", "福建省": "35",
    "江西省": "36", "山东省": "37", "河南省": "41", "湖北省": "42", "湖南省": "43", "广东省": "44",
    "广西壮族自治区": "45", "海南省": "46", "重庆市": "50", "四川省": "51", "贵州省": "52", "云南省": "53",
    "西藏自治区": "54", "陕西省": "61", "甘肃省": "62", "青海省": "63", "宁夏回族自治区": "64",
    "新疆维吾尔自治区": "65", "台湾省": "71", "香港特别行政区": "81", "澳门特别行政区": "82",
}  # fmt: skip
_SUFFIX = re.compile(
    r"(壮族自治区|回族自治区|维吾尔自治区|特别行政区|自治区|自治州|自治县|街道办事处|办事处|街道|省|市|地区|盟|县|区|旗|镇|乡)$"
)
_SEPARATORS = re.compile(r"[\s/\\·>,、;|_-]+")
# Parts of an administration, not areas: they contradict nothing.
_NO_AREA = frozenset({"市辖区", "市直", "市直属", "市本级", "本市", "全市", "县直", "区直", "县本级", "区本级", "直属"})
# Registered with the State Administration itself.
_STATE = "100000"
_DIVISION_DIGITS = 6
_SHORTEST_NAME = 2
# Columns that name areas, from the coarse to the fine.
AREA_FIELDS = ("province", "city", "area", "township")
# An unknown name in these is worth a word; provinces and townships need not be in the area table.
_REPORTED_WHEN_UNKNOWN = frozenset({"city", "area"})


class Place(NamedTuple):
    """An area as the register knows it; `successor` is the code that took over an abolished one."""

    code: str
    name: str
    short_name: str = ""
    successor: str = ""


@dataclass(frozen=True, slots=True)
class Placement:
    """Codes of the areas an enterprise belongs to, and what the file's columns say against it.

    `registered` is what the credit code says, an abolished district replaced by its successor, None when unknown;
    `managing` what the file adds to it without contradiction: a finer area, a development zone without a code.
    `doubts`: the field of the column, and the fault.
    """

    registered: str | None
    managing: str | None
    doubts: tuple[tuple[str, Fault], ...]


def _short(name: str) -> str:
    short = _SUFFIX.sub("", name)
    return short if len(short) >= _SHORTEST_NAME else name


def _stem(code: str) -> str:
    """The digits that all codes beneath an area begin with; a local code names the area above before its hyphen."""
    base = code.partition("-")[0]
    if base == _STATE:
        return ""
    while len(base) in (4, _DIVISION_DIGITS) and base.endswith("00"):
        base = base[:-2]
    return base


def compatible(one: str, other: str) -> bool:
    """One of the areas lies within the other, as far as their codes tell."""
    one, other = _stem(one), _stem(other)
    return one.startswith(other) or other.startswith(one)


class PlaceBook:
    """The areas of the register by name and by code, abolished ones included."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._by_code = {place.code: place for place in places}
        self._codes: dict[str, tuple[str, ...]] = {}
        for name, digits in _PROVINCES.items():
            self._add(name, f"{digits}0000")
        for place in self._by_code.values():
            self._add(place.name, place.code)
            if place.short_name:
                self._add(place.short_name, place.code)
        self._longest = max(map(len, self._codes))
        self._known: dict[str, tuple[str, ...] | None] = {}

    def _add(self, name: str, code: str) -> None:
        for spelling in {name, _short(name)}:
            codes = self._codes.get(spelling, ())
            if code not in codes:
                self._codes[spelling] = (*codes, code)

    def __contains__(self, code: str) -> bool:
        return code in self._by_code

    def current(self, code: str) -> str:
        """The code that stands for it today."""
        seen = {code}
        while (place := self._by_code.get(code)) and place.successor and place.successor not in seen:
            code = place.successor
            seen.add(code)
        return code

    def label(self, code: str) -> str:
        """Name and code, for sentences."""
        place = self._by_code.get(code)
        return f"{place.name} {code}" if place else code

    def _read(self, text: str) -> tuple[str, ...] | None:
        """The codes of the last name in a row of names without gaps: province, city, county."""
        if text in self._codes:
            return self._codes[text]
        for length in range(min(len(text) - 1, self._longest), _SHORTEST_NAME - 1, -1):
            if text[:length] in self._codes:
                rest = self._read(text[length:])
                if rest is not None:
                    return rest
        return None

    def find(self, text: str) -> tuple[str, ...] | None:
        """The codes that a cell may mean, current ones; empty when it names no area at all, None when it is unknown."""
        if text not in self._known:
            plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).replace("街道办事处", "街道")
            if is_nothing(text) or plain in _NO_AREA:
                self._known[text] = ()
            elif text in self._by_code:
                self._known[text] = (self.current(text),)
            else:
                codes = self._read(plain)
                self._known[text] = None if codes is None else tuple(dict.fromkeys(map(self.current, codes)))
        return self._known[text]

    def _registered(self, division: str) -> str | None:
        """The area of a code's district, else the known area above it."""
        for code in (division, f"{division[:4]}00", f"{division[:2]}0000"):
            if code in self._by_code:
                return self.current(code)
        return None

    def place(self, division: str, columns: Mapping[str, str]) -> Placement:
        """Place an enterprise by the district in its code (six digits) and the texts of the file's area columns.

        The code decides. What contradicts it is a doubt and is not followed.
        """
        registered = self._registered(division)
        doubts: list[tuple[str, Fault]] = []
        if division not in self._by_code and not division.endswith("0000"):
            doubts.append(("uscc", _unknown_division(division)))
        said = self.label(registered if registered and division in self._by_code else division)
        managing = registered
        contradicted = False
        for field in AREA_FIELDS:
            text = columns.get(field, "")
            codes = self.find(text) if text else ()
            if codes is None and field in _REPORTED_WHEN_UNKNOWN and not contradicted:
                doubts.append((field, _unknown_area(text, said)))
                contradicted = True
            if not codes:
                continue
            fitting = [code for code in codes if compatible(code, self.current(division))]
            if not fitting and not contradicted:
                doubts.append((field, _contradiction(text, said)))
                contradicted = True
            if fitting and not contradicted:
                managing = self._finer(managing, fitting)
        return Placement(registered, managing, tuple(doubts))

    def _finer(self, managing: str | None, fitting: list[str]) -> str | None:
        """The area that says more than the one so far; a zone is not given up for the district of its land."""
        known = [code for code in fitting if code in self._by_code]
        if len(known) != 1 or (managing and "-" in managing):
            return managing
        wider = managing is not None and "-" not in known[0] and len(_stem(known[0])) <= len(_stem(managing))
        return managing if wider else known[0]


def _unknown_division(division: str) -> Fault:
    return Fault(
        _("The code's district %(division)s is not in the area table") % {"division": division},
        _("Compare the code with the licence, or add the district to the areas"),
    )


def _unknown_area(text: str, said: str) -> Fault:
    return Fault(
        _("“%(value)s” is not an area known here; the code belongs to %(area)s") % {"value": text, "area": said},
        _("Filed by the code; compare with the licence, or add the area"),
    )


def _contradiction(text: str, said: str) -> Fault:
    return Fault(
        _("The code belongs to %(area)s, the file says “%(value)s”") % {"value": text, "area": said},
        _("Filed by the code; compare with the licence"),
    )
