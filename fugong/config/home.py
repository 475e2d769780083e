"""Where an installation keeps what it makes: secret key, files, its own database, backups.

Standard library only, because it runs before anything else can.
"""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
SYSTEM_FOLDER = Path("/var/lib/fugong")
# A wheel has no pyproject.toml beside the package: nothing is ever written among the installed packages.
IN_CHECKOUT = (PACKAGE.parent / "pyproject.toml").exists()


def default_home() -> Path:
    """FUGONG_HOME; else `.fugong` in a checkout; else /var/lib/fugong/home for root, a folder of its own for a user."""
    given = os.environ.get("FUGONG_HOME")
    if given:
        return Path(given).absolute()
    if IN_CHECKOUT:
        return PACKAGE.parent / ".fugong"
    if os.geteuid() == 0:
        return SYSTEM_FOLDER / "home"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share").absolute() / "fugong"
