"""What this room does by night."""

from __future__ import annotations

from procrastinate.contrib.django import app

from fugong.core.viewer import service_viewer
from fugong.record.reporting.actions.drafts import forget_drafts


@app.periodic(cron="27 3 * * *")
@app.task(name="reporting.forget_drafts", queueing_lock="reporting.forget_drafts")
def forget(timestamp: int) -> None:
    """Forget forms that nobody sent; `timestamp` is the time for which the run was planned."""
    forget_drafts(actor=service_viewer("worker"))
