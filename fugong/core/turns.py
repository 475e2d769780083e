"""Taking turns: locks of the database by name, held until the transaction ends.

They hold before the first row exists, which a row lock cannot. Names are hashed; two names that share a hash only wait
for each other needlessly.
"""

from __future__ import annotations

import zlib

from django.db import connection

_ALONE, _TOGETHER = "pg_advisory_xact_lock", "pg_advisory_xact_lock_shared"


def take_turns(*, shared: str = "", alone: str = "") -> None:
    """Wait until nobody else holds `alone`, and nobody alone what is `shared` here; then hold both. One statement.

    Whoever takes a name alone waits for all who share it, and the other way round. `shared` is taken first, so that
    nobody embraces: take wide names before narrow ones.
    """
    calls = [(_TOGETHER, shared)] if shared else []
    calls += [(_ALONE, alone)] if alone else []
    functions = ", ".join(f"{function}(1, %s)" for function, _name in calls)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {functions}", [zlib.crc32(name.encode()) - 2**31 for _function, name in calls])
