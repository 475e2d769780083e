"""Which backups stay: so many days, weeks and months back, one of each."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fugong.config.backups.make import all_in, made_at
from fugong.config.backups.programs import BackupError


@dataclass(frozen=True)
class Keep:
    """How many of the latest days, weeks and months keep their newest backup."""

    days: int
    weeks: int
    months: int


def keep_from(text: str) -> Keep:
    """`7,5,12`: seven days, five weeks, twelve months. Raises BackupError for another form."""
    if not re.fullmatch(r"\d{1,3},\d{1,3},\d{1,3}", text):
        raise BackupError(f"--keep is '{text}': write days, weeks and months, such as 7,5,12.")
    days, weeks, months = map(int, text.split(","))
    if days + weeks + months == 0:
        raise BackupError("--keep 0,0,0 would keep no backup at all.")
    return Keep(days, weeks, months)


def kept(moments: Iterable[datetime], keep: Keep) -> set[datetime]:
    """Of these moments those that stay: the newest of each of the last days, weeks and months that have one."""
    newest_first = sorted(moments, reverse=True)
    stays = set(newest_first[:1])
    for number, period in ((keep.days, "%Y-%m-%d"), (keep.weeks, "%G-%V"), (keep.months, "%Y-%m")):
        newest_of: dict[str, datetime] = {}
        for moment in newest_first:
            newest_of.setdefault(moment.strftime(period), moment)
        stays |= set(list(newest_of.values())[:number])
    return stays


def forget_old(target: Path, keep: Keep) -> list[Path]:
    """Remove the backups that need not stay; returns them."""
    backups = {made_at(backup): backup for backup in all_in(target)}
    gone = [backup for moment, backup in sorted(backups.items()) if moment not in kept(backups, keep)]
    for backup in gone:
        # Renamed first: half a backup never keeps the name of a whole one.
        doomed = backup.with_name(f".partial-old-{backup.name}")
        backup.rename(doomed)
        shutil.rmtree(doomed)
    return gone
