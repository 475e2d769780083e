"""What benches share: Django over a database of their own, with the tables as migrated."""

from __future__ import annotations

import os
from functools import cache

from fugong.config.postgres import default_home, ensure_database


@cache
def set_up() -> None:
    """Start Django over this checkout's own cluster `bench`, with tables empty at the first call of a run.

    Never over DATABASE_URL: what stands there is not ours to empty.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fugong.config.settings")
    os.environ["DATABASE_URL"] = ensure_database(default_home(), "bench")
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    # Nothing of an earlier run stays: its tables and playbooks may be of another release.
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    call_command("migrate", verbosity=0)
