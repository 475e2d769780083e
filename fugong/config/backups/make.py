"""Making a backup while people work: one snapshot of the database, then the files that its rows may name."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg import sql

import fugong
from fugong.config.backups import manifest as manifests
from fugong.config.backups.manifest import Manifest, sha256
from fugong.config.backups.programs import BackupError, run

PREFIX = "fugong-"
PARTIAL = ".partial-"
_STAMP = "%Y%m%d-%H%M%S"
_RESERVE = 200 * 2**20  # bytes that stay free for those who work meanwhile


def make(*, url: str, home: Path, target: Path, now: datetime) -> Path:
    """Write a backup into the folder `target` and return it. Raises BackupError; then nothing half-done has a name."""
    final = target / f"{PREFIX}{now.strftime(_STAMP)}"
    partial = target / f"{PARTIAL}{now.strftime(_STAMP)}-{os.getpid()}"
    try:
        target.mkdir(parents=True, exist_ok=True, mode=0o700)
        _forget_killed_runs(target)
        _require_space(url, home, target)
        partial.mkdir(mode=0o700)
        _fill(partial, url=url, home=home, previous=newest(target), now=now)
        if final.exists():
            raise BackupError(f"{final} is there already: wait a second, then repeat.")
        _flush(partial)
        partial.rename(final)
    except OSError as error:
        raise BackupError(f"The backup could not be written to {target}: {error.strerror or error}.") from error
    except psycopg.Error as error:
        raise BackupError(f"The database ended it: {' '.join(str(error).split())}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return final


def newest(target: Path) -> Path | None:
    """The latest whole backup in the folder."""
    return max(all_in(target), default=None)


def all_in(target: Path) -> list[Path]:
    """The whole backups in the folder, the oldest first."""
    return sorted(found.parent for found in target.glob(f"{PREFIX}*/{manifests.NAME}"))


def made_at(backup: Path) -> datetime:
    """When it was made (UTC), by its name."""
    return datetime.strptime(f"{backup.name.removeprefix(PREFIX)}+0000", f"{_STAMP}%z")


def _fill(partial: Path, *, url: str, home: Path, previous: Path | None, now: datetime) -> None:
    with psycopg.connect(url) as connection:
        # The dump reads in this very snapshot, so that the counts beside it are those of its own moment.
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        snapshot = _value(connection, "SELECT pg_export_snapshot()")
        server = int(_value(connection, "SELECT current_setting('server_version_num')::int / 10000"))
        rows = row_counts(connection)
        applied = [f"{app}.{name}" for app, name in connection.execute("SELECT app, name FROM django_migrations")]
        words = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
        run(url, "pg_dump", *words, f"--file={partial / 'database.dump'}", major=server)
    # After the snapshot: a file lies there before the row that names it is written, and never changes.
    _copy_files(home / "files", partial / "files", previous)
    if (home / "secret-key").exists():
        shutil.copy2(home / "secret-key", partial / "secret-key")
    files = {
        str(path.relative_to(partial)): path.name if _named_by_hash(path) else sha256(path)
        for path in sorted(partial.rglob("*"))
        if path.is_file()
    }
    Manifest(now.isoformat(), fugong.__version__, server, sorted(applied), rows, files).write(partial)


def row_counts(connection: psycopg.Connection[tuple[object, ...]]) -> dict[str, int]:
    """Rows of every table as this transaction sees them."""
    names = connection.execute(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        " AND NOT relispartition ORDER BY relname"
    )
    return {
        str(name): int(str(_value(connection, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(str(name))))))
        for (name,) in names.fetchall()
    }


def _value(connection: psycopg.Connection[tuple[object, ...]], query: str | sql.Composable) -> str:
    row = connection.execute(query).fetchone()  # type: ignore[arg-type]
    assert row is not None
    return str(row[0])


def _named_by_hash(path: Path) -> bool:
    return len(path.name) == 64 and path.parent.name == path.name[:2]


def _copy_files(source: Path, target: Path, previous: Path | None) -> None:
    """Copy the kept files; one that its name proves unchanged is linked to the copy in the previous backup."""
    for path in sorted(source.rglob("*")) if source.exists() else []:
        if not path.is_file() or path.name.startswith(".new-"):
            continue
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        earlier = previous / "files" / path.relative_to(source) if previous else None
        with suppress(FileNotFoundError):  # taken away meanwhile: the snapshot's rows may still name it, it is gone
            if earlier and _named_by_hash(path) and _same_size(earlier, path) and _linked(earlier, copy):
                continue
            shutil.copy2(path, copy)
            if _named_by_hash(path) and sha256(copy) != path.name:
                raise BackupError(f"{path} is damaged: its bytes are not those of its name. Nothing was saved.")


def _same_size(earlier: Path, path: Path) -> bool:
    return earlier.exists() and earlier.stat().st_size == path.stat().st_size


def _linked(earlier: Path, copy: Path) -> bool:
    try:
        copy.hardlink_to(earlier)
    except OSError:  # a file system without links
        return False
    return True


def _require_space(url: str, home: Path, target: Path) -> None:
    """A dump is smaller than the tables without their indexes: that much must be free, and the new files."""
    with psycopg.connect(url) as connection:
        tables = int(
            _value(
                connection,
                "SELECT coalesce(sum(pg_table_size(oid)), 0) FROM pg_class"
                " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
            )
        )
    files = sum(path.stat().st_size for path in (home / "files").rglob("*") if path.is_file())
    previous = newest(target)
    saved = sum(path.stat().st_size for path in (previous / "files").rglob("*") if path.is_file()) if previous else 0
    needed = tables // 2 + max(0, files - saved) + _RESERVE
    free = shutil.disk_usage(target).free
    if free < needed:
        raise BackupError(
            f"{target} has {free >> 20} MB free and the backup may need {needed >> 20} MB: "
            f"make room, keep fewer (--keep), or name another folder. Nothing was written."
        )


def _forget_killed_runs(target: Path) -> None:
    for left in target.glob(f"{PARTIAL}*"):
        pid = left.name.rsplit("-", 1)[1]
        if not (pid.isdigit() and Path(f"/proc/{pid}").exists()):
            shutil.rmtree(left, ignore_errors=True)


def _flush(folder: Path) -> None:
    """On the disk before it gets its name: a power cut leaves a whole backup or none."""
    for path in [folder, *folder.rglob("*")]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
