"""Kept answers are forgotten by night: nobody sends a request again after two days."""

from __future__ import annotations

from procrastinate.contrib.django import app

from fugong.base.tokens.actions import forget_answers
from fugong.core.viewer import service_viewer


@app.periodic(cron="17 3 * * *")
@app.task(name="tokens.forget_answers", queueing_lock="tokens.forget_answers")
def forget(timestamp: int) -> None:
    """Forget what is older than two days; `timestamp` is the time for which the run was planned."""
    forget_answers(actor=service_viewer("worker"))
