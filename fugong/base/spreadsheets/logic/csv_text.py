"""Comma separated text of any usual encoding, streamed row by row."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _

from fugong.base.spreadsheets.logic.unreadable import UnreadableFile

_CHUNK = 2**20
# Longer than any line of a table; a file without line ends would otherwise be drawn into memory whole.
_LONGEST_LINE = 4 * 2**20
_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE = 50
# Each unclosed quotation mark costs one more look at up to 128 KiB of lines.
_MOST_BROKEN_QUOTES = 1000

# Excel writes this line for itself and does not show it as a row.
_HINT = re.compile(r"sep=(.)[\r\n]*", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a csv file is written. `sound` is false when some bytes have no meaning in the encoding.

    `hinted`: the first line names the delimiter and is no row.
    """

    encoding: str
    delimiter: str
    sound: bool
    hinted: bool = False


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        while chunk := source.read(_CHUNK):
            yield chunk


def _check_lines(path: Path) -> None:
    """Raises `UnreadableFile` for a file that is no text, or one without line ends."""
    unbroken = 0
    for chunk in _chunks(path):
        last = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
        unbroken = unbroken + len(chunk) if last < 0 else len(chunk) - last
        if unbroken > _LONGEST_LINE:
            raise UnreadableFile(
                _("The file has a line of more than %(size)d MB, so it is no table. Save the table as .xlsx.")
                % {"size": _LONGEST_LINE // 2**20}
            )


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in _chunks(path):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _mostly_utf8(path: Path) -> bool:
    """More characters beyond ASCII are well-formed UTF-8 than not: the file is UTF-8 with some bytes destroyed."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    beyond = lost = 0
    for chunk in _chunks(path):
        text = decoder.decode(chunk)
        beyond += len(text) - len(text.encode("ascii", errors="ignore"))
        lost += text.count("\ufffd")
    return beyond > 2 * lost


def detect_encoding(path: Path) -> tuple[str, bool]:
    """The encoding, and whether every byte of the file has a meaning in it. Reads the whole file in small pieces."""
    with path.open("rb") as source:
        start = source.read(4)
    for bom, encoding in _BOMS:
        if start.startswith(bom):
            return encoding, _decodes(path, encoding)
    if _decodes(path, "utf-8"):
        return "utf-8", True
    # GB18030 gives nearly every pair of bytes a meaning, so it is asked last.
    if _mostly_utf8(path):
        return "utf-8", False
    return "gb18030", _decodes(path, "gb18030")


def _open(path: Path, encoding: str) -> TextIO:
    return path.open(encoding=encoding, errors="replace", newline="")


def _detect_delimiter(lines: list[str]) -> str:
    """The delimiter that parts most lines into the same number of cells, more than one."""
    best, best_score = ",", (0, 0)
    for delimiter in _DELIMITERS:
        widths = Counter(len(cells) for cells in csv.reader(lines, delimiter=delimiter) if cells)
        width, agreeing = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        if width > 1 and (agreeing, width) > best_score:
            best, best_score = delimiter, (agreeing, width)
    return best


def detect(path: Path) -> Dialect:
    """Encoding and delimiter of a csv file. Raises `UnreadableFile` for one without line ends."""
    _check_lines(path)
    encoding, sound = detect_encoding(path)
    with _open(path, encoding) as source:
        lines = list(islice(source, _SAMPLE))
    hint = _HINT.fullmatch(lines[0]) if lines else None
    return Dialect(encoding, hint[1] if hint else _detect_delimiter(lines), sound, hinted=hint is not None)


class _Lines:
    """The lines of a file, some of which can be given back; remembers those of the record being read."""

    def __init__(self, source: TextIO) -> None:
        self._source = source
        self._returned: deque[str] = deque()
        self.record: list[str] = []
        self.ended = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._returned.popleft() if self._returned else next(self._source, "")
        if not line:
            self.ended = True
            raise StopIteration
        if "\0" in line:
            # Neither a text nor the database can hold it: seen as what it is, a character that was destroyed.
            line = line.replace("\0", "\ufffd")
        self.record.append(line)
        return line

    def give_back(self, lines: list[str]) -> None:
        self._returned.extendleft(reversed(lines))


def _whole(lines: list[str], delimiter: str) -> bool:
    """The lines are one record: every quotation mark that is opened in them is closed before a delimiter."""
    try:
        return len(list(csv.reader(lines, delimiter=delimiter, strict=True))) == 1
    except csv.Error:
        return False


def records(path: Path, dialect: Dialect) -> Iterator[list[str]]:
    """The records of the file in order, blank lines as empty lists; without Excel's own first line `sep=;`.

    A quotation mark that is opened and never closed would swallow the rows behind it: such a record is read line by
    line, its marks taken literally. Raises `UnreadableFile` where more than a thousand rows are broken so.
    """
    broken = number = 0
    with _open(path, dialect.encoding) as source:
        if dialect.hinted:
            next(source)
        lines = _Lines(source)
        reader = csv.reader(lines, delimiter=dialect.delimiter)
        while True:
            lines.record.clear()
            try:
                cells = next(reader)
                # A record that was done within its line needs no second look; the end of the file closes any mark.
                done = len(lines.record) == 1 and not lines.ended
                whole = done or _whole(lines.record, dialect.delimiter)
            except StopIteration:
                return
            except csv.Error:
                # A cell of more than 128 KiB: in a table, only an unclosed quotation mark makes those.
                cells, whole = [], False
            number += 1
            if not whole:
                broken += 1
                if broken > _MOST_BROKEN_QUOTES:
                    raise UnreadableFile(
                        _("A thousand quotation marks up to row %(row)d are not closed. Save the table as .xlsx.")
                        % {"row": number}
                    )
                first, *others = lines.record
                lines.give_back(others)
                cells = [cell.strip('"') for cell in first.rstrip("\r\n").split(dialect.delimiter)]
            yield cells
