"""What benches share: Django over a database of their own, with the tables as migrated."""

from __future__ import annotations

import os

from fugong.config.postgres import database_url


def set_up() -> None:
    """Start Django over DATABASE_URL, else over this checkout's own cluster `bench`; brings the tables up to date."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fugong.config.settings")
    os.environ["DATABASE_URL"] = database_url("bench")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
