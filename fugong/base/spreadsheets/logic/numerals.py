"""Numbers written in Chinese characters, plain (三百) or of the bank form (叁佰)."""

from __future__ import annotations

from decimal import Decimal

_DIGITS = {
    character: value
    for value, characters in enumerate(
        ("零〇", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
    )
    for character in characters
}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}

CHARACTERS = "".join((*_DIGITS, *_SMALL, *_LARGE))
_LONGEST = 40


def chinese_number(text: str) -> Decimal | None:
    """The whole number that the characters say: 一百二十 → 120, 二〇二〇 → 2020, 叁佰万 → 3000000.

    None when the text holds anything else, or no digit at all (“万” alone is a unit, not a number).
    """
    if not text or len(text) > _LONGEST:
        return None
    total = section = number = 0
    said = False
    for character in text:
        if character in _DIGITS:
            number = number * 10 + _DIGITS[character]
            said = True
        elif character in _SMALL:
            # 十二 is 12: a leading ten needs no digit before it.
            section += (number if number or section else 1) * _SMALL[character]
            number = 0
            said = said or _SMALL[character] == 10
        elif character in _LARGE:
            section += number
            # 三亿五千万: a larger unit after a smaller one multiplies all before it (一万亿).
            total = (
                (total + section) * _LARGE[character]
                if total < _LARGE[character]
                else total + section * _LARGE[character]
            )
            section = number = 0
        else:
            return None
    return Decimal(total + section + number) if said else None
