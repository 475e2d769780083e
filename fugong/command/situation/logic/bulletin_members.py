"""The member file of a bulletin: one line per enterprise, its bytes, its hash, and what two of them differ in. Pure."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cache

from fugong.command.situation.logic.bulletin_figures import ABOVE_SCALE, TAG, WHOLE
from fugong.command.situation.logic.figures import Ratio
from fugong.core.registries import Amount

EXCLUDED = "excluded"
# Not an enterprise: the total of an area that a body states instead of single reports.
TOTAL = "total"
_FIXED = ("code", "enterprise", "area", "state", "excluded_because", "above_scale", "tags")
_PARTING = ";"


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One enterprise on the last day of a bulletin: where it counted, its state, and what it adds to each indicator.

    `state` is `excluded` for one in business that a decision leaves out; it adds nothing. `area` is the code of its
    reporting area, or of the area that manages it where there is none.
    """

    code: str
    enterprise: int
    area: str
    state: str
    excluded_because: str = ""
    above_scale: str = ""
    tags: tuple[str, ...] = ()
    adds: Mapping[str, Ratio] = field(default_factory=dict)

    def scopes(self) -> list[str]:
        """Where it counts: the whole, its area's code, `above_scale`, `tag=…`; nowhere when it is left out."""
        if self.state == EXCLUDED:
            return []
        above = [ABOVE_SCALE] if self.above_scale == "yes" else []
        return [WHOLE, self.area, *above, *(f"{TAG}{tag}" for tag in self.tags)]

    def is_in(self, scope: str) -> bool:
        """Whether it counts in a scope."""
        return scope in self.scopes()


def sums(
    members: Iterable[MemberLine], indicators: Sequence[str], scopes: Collection[str]
) -> dict[str, dict[str, Ratio]]:
    """Indicator → scope → what the members add up to."""
    totals: dict[tuple[str, str], list[Amount]] = {(code, s): [0, 0] for code in indicators for s in scopes}
    for line in members:
        for scope in line.scopes():
            for code, pair in line.adds.items():
                total = totals.get((code, scope))
                if total is not None:
                    total[0] += pair.numerator
                    total[1] += pair.denominator
    found: dict[str, dict[str, Ratio]] = {code: {} for code in indicators}
    for (code, scope), (numerator, denominator) in totals.items():
        found[code][scope] = Ratio(numerator, denominator)
    return found


def write_members(members: Iterable[MemberLine], indicators: Sequence[str]) -> tuple[bytes, str]:
    """The file, compressed, and the SHA-256 of what it holds. Equal members give equal bytes."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*_FIXED, *indicators])
    for line in sorted(members, key=lambda line: (line.code, line.enterprise)):
        pairs = [line.adds.get(code, Ratio()) for code in indicators]
        writer.writerow(
            [
                line.code, line.enterprise, line.area, line.state, line.excluded_because, line.above_scale,
                _PARTING.join(line.tags), *(f"{pair.numerator}/{pair.denominator}" for pair in pairs),
            ]
        )  # fmt: skip
    content = text.getvalue().encode()
    return gzip.compress(content, mtime=0), hashlib.sha256(content).hexdigest()


class Broken(ValueError):
    """The kept file is not what its hash says."""


def amount(text: str) -> Amount:
    """A count as it is written: whole where it is."""
    return int(text) if text.isdecimal() else Decimal(text)


def read_members(packed: bytes, sha256: str) -> list[MemberLine]:
    """The members of a kept file. Raises `Broken` when it is not the one that was hashed."""
    content = gzip.decompress(packed)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Broken(sha256)
    rows = csv.reader(io.StringIO(content.decode(), newline=""))
    indicators = next(rows)[len(_FIXED) :]
    # A city says 1/1 and 0/0 thousands of times: each pair is read once.
    ratio = cache(lambda pair: Ratio(*map(amount, pair.split("/"))))
    return [
        MemberLine(
            code=row[0],
            enterprise=int(row[1]),
            area=row[2],
            state=row[3],
            excluded_because=row[4],
            above_scale=row[5],
            tags=tuple(filter(None, row[6].split(_PARTING))),
            adds=dict(zip(indicators, map(ratio, row[len(_FIXED) :]), strict=True)),
        )
        for row in rows
    ]


class Difference(StrEnum):
    """What became of an enterprise between two files."""

    CORRECTED = "corrected"
    REPORTED = "reported"
    MOVED = "moved"
    LEFT = "left"
    JOINED = "joined"
    EXCLUDED = "excluded"
    COUNTED = "counted"


@dataclass(frozen=True, slots=True)
class Changed:
    """One enterprise that differs; `before` or `after` is None where it was not in the file."""

    what: Difference
    before: MemberLine | None
    after: MemberLine | None

    @property
    def line(self) -> MemberLine:
        found = self.after or self.before
        assert found is not None
        return found


def _difference(before: MemberLine, after: MemberLine) -> Difference | None:
    if (before.state == EXCLUDED) != (after.state == EXCLUDED):
        return Difference.EXCLUDED if after.state == EXCLUDED else Difference.COUNTED
    if before.area != after.area:
        return Difference.MOVED
    if before.state == "missing" != after.state:
        return Difference.REPORTED
    if (before.state, dict(before.adds)) != (after.state, dict(after.adds)):
        return Difference.CORRECTED
    # A scope that the bulletin counts apart: above scale or a tag was stated otherwise since.
    if (before.above_scale, before.tags) != (after.above_scale, after.tags):
        return Difference.CORRECTED
    return None


def differences(before: Iterable[MemberLine], after: Iterable[MemberLine]) -> list[Changed]:
    """Who differs between two files, by credit code. An enterprise is recognised by its row in the register."""
    old = {line.enterprise: line for line in before}
    new = {line.enterprise: line for line in after}
    found = []
    for pk in old.keys() | new.keys():
        was, now = old.get(pk), new.get(pk)
        if was is not None and now is not None:
            what = _difference(was, now)
            if what is not None:
                found.append(Changed(what, was, now))
        else:
            found.append(Changed(Difference.LEFT if now is None else Difference.JOINED, was, now))
    return sorted(found, key=lambda changed: (changed.what, changed.line.code))
