"""Files that are kept: evidence by its own hash, and results beside it, so that a row never holds megabytes."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

_CHUNK = 2**20


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file as it came: `sha256` in hexadecimal names it, `size` is in bytes."""

    sha256: str
    size: int


def _root() -> Path:
    return Path(settings.FILES_ROOT)


def _fresh(folder: Path) -> tuple[int, Path]:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(prefix=".new-", dir=folder)
    return handle, Path(name)


def keep(chunks: Iterable[bytes]) -> KeptFile:
    """Store the bytes under their hash; the same content twice is one file. Nothing half-written ever has a name."""
    digest, size = hashlib.sha256(), 0
    handle, fresh = _fresh(_root())
    try:
        with os.fdopen(handle, "wb") as target:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
        place = kept_path(digest.hexdigest())
        place.parent.mkdir(exist_ok=True, mode=0o700)
        fresh.replace(place)
    finally:
        fresh.unlink(missing_ok=True)
    return KeptFile(digest.hexdigest(), size)


def keep_path(path: Path) -> KeptFile:
    """Store a copy of a file. Raises `OSError` when it cannot be read."""
    with path.open("rb") as source:
        return keep(iter(lambda: source.read(_CHUNK), b""))


def kept_path(sha256: str) -> Path:
    """Where the file of this hash lies."""
    return _root() / sha256[:2] / sha256


def side_path(name: str) -> Path:
    """Where a result beside the evidence lies; `name` is written in our own code: `imports/7.json`."""
    return _root() / name


def write_side(name: str, value: Any) -> None:
    """Write a JSON value beside the evidence, whole or not at all."""
    place = side_path(name)
    handle, fresh = _fresh(place.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as target:
        json.dump(value, target, ensure_ascii=False)
    fresh.replace(place)


def write_bytes(name: str, content: bytes) -> None:
    """Write a file beside the evidence, whole or not at all."""
    place = side_path(name)
    handle, fresh = _fresh(place.parent)
    with os.fdopen(handle, "wb") as target:
        target.write(content)
    fresh.replace(place)


def read_side(name: str) -> Any:
    """The JSON value of that name; None when it was never written."""
    with suppress(FileNotFoundError, json.JSONDecodeError):
        return json.loads(side_path(name).read_text(encoding="utf-8"))
    return None
