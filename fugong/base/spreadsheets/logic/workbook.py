""".xlsx and .xls: values as a formula last computed them, as text, with the row they stand in."""

from __future__ import annotations

import json
import mmap
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from fugong.base.spreadsheets.logic import convert
from fugong.base.spreadsheets.logic.header import Record
from fugong.base.spreadsheets.logic.unreadable import Limits, UnreadableFile

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One visible sheet of a converted workbook. `width`: its last filled column, counted from 1."""

    name: str
    width: int
    _lines: mmap.mmap | bytes
    _start: int
    _end: int

    def records(self) -> Iterator[Record]:
        """Row number, as the spreadsheet program shows it, and texts of each filled row."""
        place = self._start
        while place < self._end:
            stop = self._lines.find(b"\n", place)
            number, texts = json.loads(self._lines[place:stop])
            yield number, texts
            place = stop + 1


def _check_archive(path: Path, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(item.file_size for item in archive.infolist())
            names = archive.namelist()
    except Exception as error:
        raise _damaged() from error
    if unpacked > limits.unpacked_bytes:
        raise UnreadableFile(
            _("The file unpacks to %(size)d MB; at most %(limit)d MB are read. Split it, or save it as .csv.")
            % {"size": unpacked // 2**20, "limit": limits.unpacked_bytes // 2**20}
        )
    if "xl/workbook.xml" not in names:
        raise UnreadableFile(_("This file is not a spreadsheet. Send .xlsx, .xls or .csv."))


def _is_encrypted(path: Path) -> bool:
    """An .xlsx under a password lies as one stream of this name in the container that .xls files use too."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find(_ENCRYPTED) >= 0


def _locked() -> UnreadableFile:
    return UnreadableFile(_("The workbook is locked by a password. Save it without one and try again."))


def _damaged() -> UnreadableFile:
    return UnreadableFile(
        _("The workbook is damaged and cannot be opened. Open it in a spreadsheet program and save it anew as .xlsx.")
    )


def _too_much() -> UnreadableFile:
    return UnreadableFile(
        _("The workbook takes too much room or time. Delete what stands beside and beneath the table, or send .csv.")
    )


def _convert(path: Path, limits: Limits, wanted: str | None, lines: IO[bytes]) -> list[tuple[str, int, int]]:
    """Run the converter; name, width and place in `lines` of each visible sheet."""
    command = [sys.executable, "-I", convert.__file__, f"{limits.memory_bytes},{limits.unpacked_bytes}", str(path)]
    try:
        done = subprocess.run(
            [*command, wanted] if wanted else command,
            stdin=subprocess.DEVNULL,
            stdout=lines,
            stderr=subprocess.PIPE,
            timeout=limits.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _too_much() from None
    if done.returncode == convert.LOCKED:
        raise _locked()
    if done.returncode < 0 or b"MemoryError" in done.stderr or b"File too large" in done.stderr:
        # Ended by a signal: memory failed in the parser, or the output outgrew its limit.
        raise _too_much()
    if done.returncode:
        raise _damaged()
    found: list[tuple[str, int, int]] = json.loads(done.stderr.splitlines()[-1])
    return found


def open_workbook(path: Path, limits: Limits, wanted: str | None = None, *, zipped: bool) -> list[Sheet]:
    """The visible sheets of a workbook in their order, converted by a process of its own into a temporary file.

    `zipped`: an .xlsx, else an .xls. With `wanted` the other sheets are named but not read. Raises `UnreadableFile`
    for a workbook that is damaged, locked, or takes more memory, space or time than the limits allow.
    """
    if zipped:
        _check_archive(path, limits)
    elif _is_encrypted(path):
        raise _locked()
    with tempfile.TemporaryFile() as target:
        found = _convert(path, limits, wanted, target)
        end = target.seek(0, 2)
        # The mapping keeps the removed file alive until the last sheet that refers to it is gone.
        lines = mmap.mmap(target.fileno(), 0, access=mmap.ACCESS_READ) if end else b""
    starts = [start for _name, _width, start in found if start >= 0]
    ends = dict(zip(starts, [*starts[1:], end], strict=False))
    return [Sheet(name, width, lines, start, ends.get(start, 0)) for name, width, start in found]
