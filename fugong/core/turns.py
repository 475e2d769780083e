"""Taking turns: locks of the database by name, held until the transaction ends.

They hold before the first row exists, which a row lock (`held`) cannot. Names are hashed; two names that share a hash
only wait for each other needlessly.
"""

from __future__ import annotations

import zlib
from typing import TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)
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


def held(rows: QuerySet[Row], pk: int) -> Row:
    """One row as it stands now, held until the transaction ends; with what `rows` joins to it. 2 queries.

    Locked first, read after: a row that was waited for brings its joined rows as they were before the wait, and where
    it leads elsewhere since (another area, another file) it is not found at all.
    """
    rows.model._base_manager.select_for_update().only("pk").get(pk=pk)
    return rows.get(pk=pk)
