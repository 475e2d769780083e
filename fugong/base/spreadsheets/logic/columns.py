"""Which column of a stranger's table is which field of ours, by the usual names of headings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.utils.functional import Promise

_BRACKETS = re.compile(r"[(\[{【〔].*?[)\]}】〕]")
_NOISE = re.compile(r"[\W_]+")


# The columns that the corrected file adds; a file sent again may still have them.
ADDED_COLUMNS = frozenset({"哪里不对", "怎么改", "多出的格", "What is wrong", "How to mend it", "Cells too many"})
SURPLUS = frozenset({"多出的格", "Cells too many"})


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Fields and the columns they were found in.

    `found`: field → position in `header`; `unknown`: headings that no field uses; `missing`: fields that are needed
    and have no column.
    """

    header: tuple[str, ...]
    found: Mapping[str, int]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]

    def label(self, field: str) -> str:
        """The file's own heading for a field; the field's name where the file has no such column."""
        position = self.found.get(field)
        return field if position is None else self.header[position]


def plain(heading: str) -> str:
    """A heading without case, width, white space, punctuation: 统一社会信用代码＊ → 统一社会信用代码."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", heading).lower())


def _readings(heading: str) -> list[str]:
    """The ways to read a heading, the most exact first: whole, without brackets, the lower part of a merged one."""
    wide = unicodedata.normalize("NFKC", heading)
    bare = _BRACKETS.sub("", wide)
    readings = [plain(wide), plain(bare)]
    if "/" in bare:
        upper, _slash, lower = bare.rpartition("/")
        readings += [plain(lower), plain(upper)]
    return [reading for reading in readings if reading]


class Names:
    """The usual names of the fields of one kind of table; `labels`: what a field is called on screens."""

    def __init__(
        self,
        names: Mapping[str, Collection[str]],
        needed: Collection[str],
        labels: Mapping[str, str | Promise] | None = None,
    ) -> None:
        self.usual = {field: tuple(usual) for field, usual in names.items()}
        spelt = [(name, field) for field, usual in names.items() for name in (field, *usual)]
        self._fields = {plain(name): field for name, field in spelt}
        for name, field in spelt:
            self._fields.setdefault(plain(_BRACKETS.sub("", unicodedata.normalize("NFKC", name))), field)
        self.needed = tuple(needed)
        self._labels = labels or {}

    def label_of(self, field: str) -> str:
        """What a field is called; its first usual heading where it has no label of its own."""
        label = self._labels.get(field)
        return str(label) if label is not None else next(iter(self.usual.get(field, ())), field)

    def _field(self, heading: str) -> tuple[int, str] | None:
        for rank, reading in enumerate(_readings(heading)):
            field = self._fields.get(reading)
            if field is not None:
                return rank, field
        return None

    def score(self, cells: Sequence[str]) -> int:
        """How many different fields a row of cells names: tells the header from titles and data."""
        found = (self._field(cell) for cell in cells if cell)
        return len({match[1] for match in found if match is not None})

    def recognise(self, header: Sequence[str], chosen: Mapping[str, str] | None = None) -> ColumnMap:
        """Map the header. `chosen`: heading → field as somebody mapped it by hand; an empty field leaves it unused.

        Where two headings name one field, the one that names it more exactly has it, else the first.
        """
        by_hand = chosen or {}
        found = {by_hand[heading]: position for position, heading in enumerate(header) if by_hand.get(heading)}
        taken = {position for position, heading in enumerate(header) if heading in by_hand}
        matches = [
            (match[0], position, match[1])
            for position, heading in enumerate(header)
            if position not in taken and (match := self._field(heading)) is not None
        ]
        for _rank, position, field in sorted(matches):
            found.setdefault(field, position)
        used = set(found.values())
        return ColumnMap(
            header=tuple(header),
            found=found,
            unknown=tuple(heading for position, heading in enumerate(header) if position not in used),
            missing=tuple(field for field in self.needed if field not in found),
        )


def signature_key(header: Sequence[str]) -> str:
    """What tells a header from another: its headings in any order, without those that the corrected file adds."""
    text = "|".join(sorted({plain(heading) for heading in header if heading not in ADDED_COLUMNS}))
    return sha256(text.encode()).hexdigest()
