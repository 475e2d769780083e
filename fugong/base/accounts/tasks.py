from __future__ import annotations

from procrastinate.contrib.django import app

from fugong.base.accounts.actions.retention import forget_entries
from fugong.core.viewer import service_viewer

_ACTOR = service_viewer("retention")


@app.periodic(cron="47 3 * * *")
@app.task(name="accounts.forget_entries", queueing_lock="accounts.forget_entries")
def forget(timestamp: int) -> None:
    """Delete what its time has passed for; `timestamp` is the time for which the run was planned."""
    forget_entries(actor=_ACTOR)
