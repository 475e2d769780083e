"""Phone numbers as people write them."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

from fugong.base.spreadsheets.logic.issues import BadValue

_NOISE = re.compile(r"[\s().·—–_]+")
_NUMBER = re.compile(r"\+?[0-9][0-9-]{3,19}", re.ASCII)
# Several numbers in one cell; the first is taken.
_BETWEEN = re.compile(r"[、,，;；/|\n]|\s{1,}(?=1[3-9]\d{9})")
_FRACTION = re.compile(r"\.0+$")


def read_phone(text: str) -> str:
    """The first number in a text, without blanks and brackets: 138 0000 1234 → 13800001234.

    Raises `BadValue` for a text that holds none.
    """
    wide = unicodedata.normalize("NFKC", text).strip().strip("'")
    first = next((part for part in _BETWEEN.split(wide) if part.strip()), "")
    number = _NOISE.sub("", _FRACTION.sub("", first)).replace("--", "-").strip("-")
    if not _NUMBER.fullmatch(number):
        raise BadValue(
            _("This is no phone number"),
            _("Write digits, as 13800001234 or 0635-8200000; format the column as text"),
            _("Phone number"),
        )
    return number
