"""What a backup says of itself, and whether that is true."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from fugong.config.backups.programs import BackupError

NAME = "manifest.json"
_FORM = 1


@dataclass(frozen=True)
class Manifest:
    """Made when and of what. `rows`: table → rows in the dump's own snapshot; `files`: path → SHA-256 of the bytes."""

    made_at: str
    program: str
    server: int
    migrations: list[str]
    rows: dict[str, int]
    files: dict[str, str]
    form: int = _FORM

    def write(self, folder: Path) -> None:
        """Written last: a folder without it is no backup."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)
        (folder / NAME).write_text(text + "\n", encoding="utf-8")


def read(folder: Path) -> Manifest:
    """The manifest of a backup. Raises BackupError when there is none, or it is damaged or of a newer form."""
    try:
        manifest = Manifest(**json.loads((folder / NAME).read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise BackupError(f"{folder} is no backup: it has no {NAME}.") from None
    except (ValueError, TypeError) as error:
        raise BackupError(f"{folder / NAME} is damaged or of a newer release: {error}") from error
    if manifest.form != _FORM:
        raise BackupError(f"{folder} was made by a newer release of Fugong ({manifest.program}).")
    return manifest


def sha256(path: Path) -> str:
    """The hash of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify(folder: Path, manifest: Manifest) -> None:
    """Read every byte again. Raises BackupError naming the first file that is missing or changed."""
    for name, expected in sorted(manifest.files.items()):
        try:
            found = sha256(folder / name)
        except OSError as error:
            raise BackupError(f"{folder / name} cannot be read: {error.strerror}. This backup is not whole.") from error
        if found != expected:
            raise BackupError(f"{folder / name} is not what was saved (its hash differs). This backup is damaged.")
