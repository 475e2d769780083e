"""Jobs by name, deferred in the transaction of the rows they are about. Every job is idempotent."""

from __future__ import annotations

from procrastinate.contrib.django import app

job = app.task


def defer(name: str, *, lock: str | None = None, **arguments: str | int | None) -> int:
    """Queue the job `name` with JSON arguments; returns the job's id.

    It becomes visible to the worker when the surrounding transaction commits, and never when it rolls back. The task
    is not imported: a lower room may defer work that an upper room does. `lock`: jobs of one lock run one at a time.
    """
    return app.configure_task(name, allow_unknown=True, lock=lock).defer(**arguments)
