"""The tables made once: `python -m tests.template` prints the name of a database that test databases are copied from.

Making the tables out of the migrations takes longer than most of what is tested over them, and a run does it for each
process and each planted violation. The name carries a digest of what the tables come from, so that a copy is never of
other tables; tests/settings.py reads it from FUGONG_TEST_TEMPLATE, and without it makes the tables anew.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import psycopg
from psycopg import sql

from fugong.config.postgres import database_url

ROOT = Path(__file__).resolve().parents[1]


def _digest() -> str:
    """Of the migrations, and of the libraries that bring their own."""
    files = [*sorted((ROOT / "fugong").rglob("migrations/*.py")), ROOT / "requirements" / "base.txt"]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]


def make() -> str:
    """Make the template if it is not there, and return its name."""
    name = f"template_{_digest()}"
    url = database_url("test", durable=False)
    with psycopg.connect(url, autocommit=True) as server:
        if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return name
        # Under another name until it is whole.
        begun = f"{name}_begun_{os.getpid()}"
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(begun)))
        _migrate(f"{url.rpartition('/')[0]}/{begun}")
        server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(begun), sql.Identifier(name)))
    return name


def _migrate(url: str) -> None:
    os.environ |= {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    import django
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    call_command("migrate", verbosity=0)
    connections.close_all()


if __name__ == "__main__":
    sys.stdout.write(f"{make()}\n")
