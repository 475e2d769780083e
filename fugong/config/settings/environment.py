"""What several settings ask of the environment."""

from __future__ import annotations

import contextlib
import os
import secrets

from fugong.config.home import PACKAGE, default_home

__all__ = ["PACKAGE", "default_home", "flag", "secret_key", "words"]


def flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def secret_key() -> str:
    """FUGONG_SECRET_KEY, else a key made once and kept readable by its owner only."""
    given = os.environ.get("FUGONG_SECRET_KEY")
    if given:
        return given
    path = default_home() / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"secret-key.{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        # Linking a finished file: of two processes at once one wins, and nobody reads an empty key.
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(fresh)
        fresh.unlink()
    return path.read_text().strip()
