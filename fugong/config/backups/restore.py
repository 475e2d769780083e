"""Bringing a backup back: into an empty place, or over what is there when that is said."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psycopg

from fugong.config.backups import manifest as manifests
from fugong.config.backups.make import row_counts
from fugong.config.backups.programs import BackupError, run

# The backup's own statements follow: the old tables go and the new ones come in one transaction, or nothing happens.
_EMPTY = "SET lock_timeout = '10s';\nDROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\n"


@dataclass(frozen=True)
class Restored:
    """What came back; `key_replaced`: another key was here and is kept beside it."""

    rows: int
    files: int
    made_at: str
    key_replaced: bool


def restore(*, url: str, home: Path, backup: Path, overwrite: bool, known: set[str]) -> Restored:
    """Bring `backup` into the database of `url` and the folder `home`; `known` are this program's migrations.

    Everything is proven before anything is touched. Raises BackupError; then the database is as it was.
    """
    manifest = manifests.read(backup)
    manifests.verify(backup, manifest)
    newer = sorted(set(manifest.migrations) - known)
    if newer:
        raise BackupError(
            f"{backup} was made by a newer release ({manifest.program}; {newer[0]} is not known here): "
            f"install that release, then restore."
        )
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            _refuse_strangers(connection)
            if not overwrite:
                _refuse_to_overwrite(connection, home)
        _restore_files(backup, home, manifest)
        _restore_database(url, backup)
        with psycopg.connect(url) as connection:
            rows = row_counts(connection)
    except psycopg.Error as error:
        raise BackupError(f"The database ended it: {' '.join(str(error).split())}") from error
    except OSError as error:
        raise BackupError(f"It could not be written to {home}: {error.strerror or error}.") from error
    if rows != manifest.rows:
        differing = sorted(name for name in rows | manifest.rows if rows.get(name) != manifest.rows.get(name))
        raise BackupError(f"After the restore these tables hold other numbers of rows: {', '.join(differing)}.")
    key_replaced = _restore_key(backup, home)
    return Restored(sum(rows.values()), len(manifest.files), manifest.made_at, key_replaced)


def _refuse_strangers(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )
    others = connection.execute(query).fetchone()
    if others and others[0]:
        raise BackupError(f"{others[0]} other connections use this database: stop serve and worker first.")


def _refuse_to_overwrite(connection: psycopg.Connection[tuple[object, ...]], home: Path) -> None:
    query = "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    found = connection.execute(query).fetchone()
    if found and found[0]:
        raise BackupError(
            "This database has tables. To replace everything in it by the backup, repeat with --overwrite "
            "(make a backup of what is there first)."
        )
    if (home / "files").exists() and any((home / "files").iterdir()):
        raise BackupError(f"{home / 'files'} has files of another installation: repeat with --overwrite, or move it.")


def _restore_files(backup: Path, home: Path, manifest: manifests.Manifest) -> None:
    """Beside the old ones, named by their content: the old database stays usable until the new one is in."""
    for name in manifest.files:
        if not name.startswith("files/"):
            continue
        place = home / name
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, fresh = tempfile.mkstemp(prefix=".new-", dir=place.parent)
        os.close(handle)
        shutil.copyfile(backup / name, fresh)
        Path(fresh).replace(place)


def _restore_database(url: str, backup: Path) -> None:
    with psycopg.connect(url) as connection:
        major = connection.info.server_version // 10000
    with tempfile.TemporaryDirectory(prefix="fugong-restore-") as folder:
        script, emptying = Path(folder) / "restore.sql", Path(folder) / "empty.sql"
        emptying.write_text(_EMPTY, encoding="utf-8")
        run(
            url,
            "pg_restore",
            "--no-owner",
            "--no-privileges",
            f"--file={script}",
            backup / "database.dump",
            major=major,
        )
        once = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
        run(url, "psql", *once, f"--file={emptying}", f"--file={script}", major=major)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ANALYZE")


def _restore_key(backup: Path, home: Path) -> bool:
    """The key belongs to the sessions in the database and comes back with them; True when it replaced another one."""
    saved, place = backup / "secret-key", home / "secret-key"
    if not saved.exists() or os.environ.get("FUGONG_SECRET_KEY"):
        return False
    replaced = place.exists() and place.read_bytes() != saved.read_bytes()
    home.mkdir(parents=True, exist_ok=True)
    if replaced:
        place.replace(home / "secret-key.replaced")
    fresh = home / "secret-key.new"
    shutil.copyfile(saved, fresh)
    fresh.chmod(0o600)
    fresh.replace(place)
    return replaced
